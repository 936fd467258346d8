//! The hooks, tried with the real pre-commit on a git repository made for it.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::print_stderr, reason = "a test that did not run must say so")]

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const COLD: &str = "import requests\n\n\ndef fetch(count):\n    for _ in range(count):\n        requests.get(\"https://example.com/a\")\n";
const WARM: &str = "import requests\n\nsession = requests.Session()\n\n\ndef fetch(count):\n    for _ in range(count):\n        session.get(\"https://example.com/a\")\n";

/// A repository that uses the hooks, and what keeps its runs apart from the machine.
struct Trial {
    dir: TempDir,
}

impl Trial {
    fn new() -> Self {
        let trial = Self { dir: TempDir::new().unwrap() };
        for folder in ["hooks", "work", "home"] {
            fs::create_dir(trial.dir.path().join(folder)).unwrap();
        }
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
        fs::copy(own, trial.dir.path().join("hooks/.pre-commit-hooks.yaml")).unwrap();
        for folder in ["hooks", "work"] {
            trial.git(folder, &["init", "-q", "-b", "main"]);
        }
        trial.git("hooks", &["add", "."]);
        trial.git("hooks", &["commit", "-q", "-m", "hooks"]);
        let rev = String::from_utf8(trial.git("hooks", &["rev-parse", "HEAD"]).stdout).unwrap();
        let hooks = trial.dir.path().join("hooks");
        trial.write(
            ".pre-commit-config.yaml",
            &format!("repos:\n- repo: {}\n  rev: {}\n  hooks:\n  - id: coldcall-system\n", hooks.display(), rev.trim()),
        );
        trial.write("coldcall.toml", "exclude = [\"vendored/\"]\n");
        let installed = trial.run(Command::new("pre-commit").arg("install"), "work");
        assert!(installed.status.success(), "{installed:?}");
        trial
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.dir.path().join("work").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs `command` in `folder`, the program's folder first on PATH and nothing of the user's git or pre-commit in sight.
    fn run(&self, command: &mut Command, folder: &str) -> Output {
        let own = Path::new(env!("CARGO_BIN_EXE_coldcall")).parent().unwrap().to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path: OsString = std::env::join_paths([own].into_iter().chain(std::env::split_paths(&path))).unwrap();
        // Inside a hook git says where it is; here that would be the wrong repository.
        let git = std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("GIT_"));
        git.chain(["FORCE_COLOR", "SKIP"].map(OsString::from)).for_each(|name| {
            command.env_remove(name);
        });
        let home = self.dir.path().join("home");
        command.current_dir(self.dir.path().join(folder)).env("PATH", path).env("HOME", &home);
        command.env("PRE_COMMIT_HOME", home.join("cache")).env("GIT_CONFIG_GLOBAL", home.join("gitconfig"));
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Test").env(format!("GIT_{role}_EMAIL"), "test@example.com");
        }
        command.env("NO_COLOR", "1").output().unwrap()
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> Output {
        let output = self.run(Command::new("git").args(arguments), folder);
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        output
    }

    /// Commits everything; whether it was let through, and what was said.
    fn commit(&self) -> (bool, String) {
        self.git("work", &["add", "."]);
        let output = self.run(Command::new("git").args(["commit", "-m", "change"]), "work");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }
}

/// Whether pre-commit can be run; says so where it cannot, and fails where it must.
fn is_available() -> bool {
    let available = Command::new("pre-commit").arg("--version").output().is_ok_and(|output| output.status.success());
    let required = std::env::var_os("COLDCALL_REQUIRE_PRE_COMMIT").is_some_and(|value| value == "1");
    assert!(available || !required, "COLDCALL_REQUIRE_PRE_COMMIT=1, but pre-commit is not installed");
    if !available {
        eprintln!("NOT RUN: pre-commit is not installed");
    }
    available
}

#[test]
fn commits_with_findings_are_refused_and_clean_ones_pass() {
    if !is_available() {
        return;
    }
    let trial = Trial::new();
    trial.write("app.py", WARM);
    let (passed, text) = trial.commit();
    assert!(passed && text.contains("coldcall") && text.contains("Passed"), "{text}");

    trial.write("app.py", COLD);
    let (passed, text) = trial.commit();
    assert!(!passed && text.contains("warning[one-shot-request]") && text.contains("app.py:6:9"), "{text}");

    trial.write("app.py", &COLD.replace("a\")", "a\")  # coldcall: ignore[one-shot-request] once a day"));
    let (passed, text) = trial.commit();
    assert!(passed, "{text}");
}

#[test]
fn only_sources_and_manifests_count_and_exclusions_hold() {
    if !is_available() {
        return;
    }
    let trial = Trial::new();
    trial.write("vendored/app.py", COLD);
    trial.write("notes.txt", COLD);
    trial.write("pyproject.toml", "[project]\n");
    trial.write("Cargo.toml", "[package]\nname = \"app\"\n");
    trial.write("src/main.rs", "fn main() {}\n");
    trial.write("tests/test_app.py", COLD);
    let (passed, text) = trial.commit();
    assert!(passed, "{text}");

    let cell = r#"{"cell_type":"code","metadata":{},"outputs":[],"execution_count":null,"source":["import requests\n","while True:\n","    requests.get('https://example.com')"]}"#;
    trial.write("notes.ipynb", &format!(r#"{{"cells":[{cell}],"metadata":{{}},"nbformat":4,"nbformat_minor":5}}"#));
    let (passed, text) = trial.commit();
    assert!(!passed && text.contains("notes.ipynb"), "{text}");
}

#[test]
fn both_hooks_run_the_same_command() {
    let hooks = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    let lines = |key: &str| hooks.lines().filter(|line| line.trim_start_matches("- ").trim().starts_with(key)).count();
    assert_eq!(lines("id: coldcall"), 2);
    assert_eq!(lines("entry: coldcall check --force-exclude"), 2);
    assert_eq!(lines("types_or: [python, pyi, jupyter, rust, toml]"), 2);
}
