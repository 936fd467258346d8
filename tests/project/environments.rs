//! Virtual environments.

use crate::support::{Folder, shown};
use coldcall::finding::Confidence;
use coldcall::project::Presence;
use std::process::Command;

const HTTPX: &str = "Metadata-Version: 2.4\nName: httpx\nVersion: 0.26.0\n\nName: no header any more\n";
const LOCK: (&str, &str) = ("uv.lock", "[[package]]\nname = 'httpx'\nversion = '0.28.1'\n");

fn metadata(environment: &str, package: &str) -> String {
    format!("{environment}/lib/python3.12/site-packages/{package}.dist-info/METADATA")
}

#[test]
fn the_environment_that_is_named_comes_before_lock_files() {
    let folder = Folder::new(&[LOCK, (&metadata("env", "httpx-0.26.0"), HTTPX)]);
    let (project, warnings) = folder.read_in("app.py", Some("env"));
    assert_eq!(shown(&project), "httpx 0.26.0");
    assert_eq!(project.presence("h2", "httpx"), Presence::Absent(Confidence::High));
    assert_eq!(project.presence("h2", "requests"), Presence::Unknown, "not the environment of this code");
    assert!(warnings.is_empty());
    folder.write(&metadata("env", "h2-4.1.0").replace("lib/python3.12", "Lib"), "Name: h2\nVersion: 4.1.0\n");
    assert!(matches!(folder.read_in("app.py", Some("env")).0.presence("h2", "httpx"), Presence::Present(_)));
}

#[test]
fn the_usual_environment_counts_without_a_lock_only() {
    let folder = Folder::new(&[(&metadata(".venv", "httpx-0.26.0"), HTTPX), ("pyproject.toml", "")]);
    assert_eq!(folder.httpx(), "httpx 0.26.0");
    assert_eq!(folder.h2(), Presence::Absent(Confidence::Medium), "it may be out of date");
    folder.write("requirements.txt", "httpx==0.27.2\n");
    assert_eq!(folder.httpx(), "httpx 0.27.2", "what is pinned is what is deployed");
    folder.write(LOCK.0, LOCK.1);
    assert_eq!(folder.httpx(), "httpx 0.28.1");
}

#[test]
fn broken_metadata_is_told() {
    let folder = Folder::new(&[(&metadata("env", "httpx-0.26.0"), "Name: httpx\n\nVersion: 0.26.0\n")]);
    let (project, warnings) = folder.read_in("app.py", Some("env"));
    assert_eq!(shown(&project), "httpx");
    let path = metadata("env", "httpx-0.26.0");
    let expected = format!("{path}: not read as package metadata: line 1: the header has no name, or no version");
    assert_eq!(warnings, [expected]);
}

/// Exit code and standard error of a run in `folder`.
fn run(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coldcall"));
    let output = command.current_dir(folder.path("")).arg("check").args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn what_is_no_environment_is_an_error() {
    let folder = Folder::new(&[("app.py", "import httpx\n"), (&metadata("env", "httpx-0.26.0"), HTTPX)]);
    let (code, told) = run(&folder, &["--python-env", "gone"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("`--python-env gone`: no Python environment: "), "{told}");
    folder.write("coldcall.toml", "python-env = \"app.py\"\n");
    let (code, told) = run(&folder, &[]);
    assert_eq!(code, Some(2));
    assert!(told.contains("`app.py` is no Python environment: ") && told.contains("coldcall.toml:1:14"), "{told}");
    folder.write("coldcall.toml", "python-env = \"env\"\n");
    assert_eq!(run(&folder, &[]).0, Some(0));
}

#[test]
fn the_flag_reaches_the_settings_that_are_stated() {
    let app = "import httpx\n\nclient = httpx.AsyncClient(limits=httpx.Limits(max_connections=5))\n";
    let folder = Folder::new(&[("app.py", app), (&metadata("env", "httpx-0.26.0"), HTTPX)]);
    let output = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coldcall"));
        command.current_dir(folder.path("")).args(["check", "--output-format", "json", "--min-confidence", "low"]);
        String::from_utf8(command.args(arguments).output().unwrap().stdout).unwrap()
    };
    assert!(output(&["--python-env", "env"]).contains("\"version\": \"0.26.0\""), "{}", output(&[]));
    assert!(!output(&[]).contains("0.26.0"));
}
