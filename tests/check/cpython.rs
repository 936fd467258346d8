//! The test suite of the installed Python: half a million lines that were written to break readers of Python.
#![allow(clippy::print_stderr, reason = "a test that did not run must say so")]

use crate::support::{Run, program};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// The folder of Python's own tests, where they are installed.
fn python_tests() -> Option<PathBuf> {
    let output = Command::new("python3").args(["-c", "import test; print(test.__path__[0])"]).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(path.trim())).filter(|path| path.join("test_grammar.py").is_file())
}

#[test]
fn nothing_in_python_s_own_tests_breaks_the_program() {
    let Some(tests) = python_tests() else {
        eprintln!("NOT RUN: python3 or its test package is not installed");
        return;
    };
    let mut command = program(&tests);
    command.args([
        "check",
        "--include-tests",
        "--no-ignore",
        "--min-confidence",
        "low",
        "--output-format",
        "json",
        ".",
    ]);
    let run = Run::of(&mut command);
    assert!(run.code == 0 || run.code == 1, "exit code {}: {}", run.code, run.stderr);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(document["summary"]["files"].as_u64().unwrap() > 400, "{}", document["summary"]);
    let findings = document["findings"].as_array().unwrap();
    let failed: Vec<&Value> = findings.iter().filter(|finding| finding["rule"] == "internal-error").collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let skipped = document["skipped"].as_array().unwrap();
    let is_skipped = |name: &str| skipped.iter().any(|file| file["path"].as_str().unwrap().ends_with(name));
    // Both name an encoding that they break; where a release moved them, there is nothing to ask.
    for name in ["bad_coding.py", "badsyntax_pep3120.py"] {
        let present = walkdir::WalkDir::new(&tests).into_iter().flatten().any(|entry| entry.file_name() == name);
        assert_eq!(is_skipped(name), present, "{name}: {skipped:?}");
    }
}
