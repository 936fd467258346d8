//! Rust programs that were misread once. `// cold: rule confidence` marks the lines where a finding must be, and there
//! must be no other.

use crate::support::{check_in, repository};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// `path:line rule confidence` of each mark.
fn marked() -> BTreeSet<String> {
    let folder = repository("fixtures/rust/src");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut marks = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with("//!"));
        let cold = lines.filter_map(|(at, line)| Some((at + 1, line.split_once("// cold: ")?.1)));
        marks.extend(cold.map(|(line, mark)| format!("src/{name}:{line} {mark}")));
    }
    marks
}

fn found(finding: &Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap().to_owned();
    let line = &finding["range"]["start"]["line"];
    format!("{}:{line} {} {}", text("path"), text("rule"), text("confidence"))
}

#[test]
fn what_is_marked_is_found_and_nothing_else() {
    let arguments = "--isolated --exit-zero --output-format json --ignore timeout-missing,base-url-unpinned";
    let run = check_in(&repository("fixtures/rust"), arguments).exits(0);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings: BTreeSet<String> = document["findings"].as_array().unwrap().iter().map(found).collect();
    let marked = marked();
    assert!(marked.len() > 9, "{marked:?}");
    let missed: Vec<_> = marked.difference(&findings).collect();
    let wrong: Vec<_> = findings.difference(&marked).collect();
    assert!(missed.is_empty() && wrong.is_empty(), "missed: {missed:#?}\nwrong: {wrong:#?}");
}
