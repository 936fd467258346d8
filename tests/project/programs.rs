//! What a run says of versions that are not known exactly.

use crate::support::Folder;
use std::process::Command;

const APP: &str = "import httpx\n\nclient = httpx.AsyncClient()\n\n\nasync def get(path):\n    \
                   return await client.get(\"https://api.example.com/\" + path)\n";

fn run(folder: &Folder, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_coldcall")).current_dir(folder.path("")).args(arguments).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

/// What is said of `app.py` where the project asks for httpx with this `specifier`.
fn said(specifier: &str) -> (String, String) {
    let pyproject = format!("[project]\nname = 'x'\nversion = '1'\ndependencies = ['httpx{specifier}']\n");
    let folder = Folder::new(&[("pyproject.toml", &pyproject), ("app.py", APP)]);
    let audit = run(&folder, &["audit", "--output-format", "json"]);
    (audit, run(&folder, &["check", "--min-confidence", "low", "--output-format", "json"]))
}

#[test]
fn what_differs_within_a_range_depends_on_the_version() {
    let (audit, _) = said(">=0.10");
    assert!(audit.contains("depends on the version: 10 before 0.14.0, 20 since"), "{audit}");
    let (audit, _) = said(">=0.14");
    assert!(audit.contains("httpx >=0.14 (not locked)") && !audit.contains("depends on the version"), "{audit}");
}

#[test]
fn an_unknown_version_says_what_is_assumed() {
    let (audit, check) = said("");
    assert!(audit.contains("default of httpx, newest version assumed"), "{audit}");
    assert!(check.contains("newest version assumed"), "{check}");
}
