//! Runs the program in a folder of its own, with an environment that holds nothing of the machine's.

use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// One warning, `one-shot-request` in line 6, and nothing else.
pub const LOOP: &str = "import requests


def fetch(count):
    for _ in range(count):
        requests.get(\"https://example.com/a\")
";

/// Advice about the client in line 3, and nothing else.
pub const ADVICE: &str = "from openai import OpenAI

client = OpenAI(timeout=20)
";

/// Variables that change what the program does.
const VARIABLES: [&str; 5] = ["NO_COLOR", "FORCE_COLOR", "CI", "COLUMNS", "COLDCALL_OUTPUT_FORMAT"];

/// The program, not yet started, in `folder`.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coldcall"));
    command.current_dir(folder);
    let github = std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("GITHUB_"));
    for name in github.chain(VARIABLES.map(OsString::from)) {
        command.env_remove(name);
    }
    command
}

/// The folder of this repository at `path`.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder of its own with files in it. It is a project root, so that nothing around it counts.
pub struct Sandbox {
    dir: TempDir,
}

impl Sandbox {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let sandbox = Self { dir: TempDir::new().unwrap() };
        sandbox.add("requirements.txt", "");
        files.iter().fold(sandbox, |sandbox, (path, text)| {
            sandbox.add(path, text);
            sandbox
        })
    }

    pub fn add(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// `coldcall check` with `arguments`, separated by spaces.
    pub fn check(&self, arguments: &str) -> Run {
        check_in(self.path(), arguments)
    }

    /// `coldcall check` with `arguments`, one line per finding.
    pub fn concise(&self, arguments: &str) -> Run {
        self.check(&format!("--output-format concise {arguments}"))
    }

    /// The JSON document of `coldcall check` with `arguments`.
    pub fn json(&self, arguments: &str) -> Value {
        let run = self.check(&format!("--output-format json {arguments}"));
        serde_json::from_str(&run.stdout).unwrap_or_else(|why| panic!("{why}: {run:?}"))
    }
}

/// `coldcall check` in `folder` with `arguments`, separated by spaces.
pub fn check_in(folder: &Path, arguments: &str) -> Run {
    Run::of(program(folder).arg("check").args(arguments.split_whitespace()))
}

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap())
    }

    pub fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {:?}", output.status));
        Self { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// The exit code is `code`, and no panic was seen; returns itself for more.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Findings of concise output as `path:line rule`.
    pub fn findings(&self) -> Vec<String> {
        self.stdout.lines().filter_map(finding).collect()
    }
}

/// `path:line rule` of `path:line:column: severity[rule] message`; a cell stays in the path.
fn finding(line: &str) -> Option<String> {
    let (place, rest) = line.split_once(": ")?;
    let (severity, rest) = rest.split_once('[')?;
    let known = ["error", "warning", "advice"].contains(&severity);
    let (place, _column) = place.rsplit_once(':').filter(|_| known)?;
    Some(format!("{place} {}", rest.split_once(']')?.0))
}
