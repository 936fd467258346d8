//! The formats of the program, over files; `tests/output` tests them in detail.

#[path = "../support/sarif.rs"]
mod sarif;

use crate::support::{LOOP, Sandbox, check_in, repository};
use serde_json::{Value, json};

/// The fixture `notes.ipynb`: the finding stands in the fourth cell, on its third line.
fn notebook(format: &str) -> String {
    let run = check_in(&repository("fixtures"), &format!("hostile --min-confidence low --output-format {format}"));
    run.exits(1).stdout
}

#[test]
fn a_notebook_names_cell_and_line_for_people() {
    assert!(notebook("human").contains("hostile/notes.ipynb cell 4:3:5"));
    assert!(notebook("concise").contains("hostile/notes.ipynb:cell 4:3:5: warning[one-shot-request]"));
}

#[test]
fn a_notebook_names_cell_and_line_for_programs() {
    let document: Value = serde_json::from_str(&notebook("json")).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["path"] == "hostile/notes.ipynb").unwrap();
    let start = &found["range"]["start"];
    assert_eq!((&start["cell"], &start["line"], &start["column"]), (&json!(4), &json!(3), &json!(5)));
    let log = sarif::valid(&notebook("sarif"));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let location = |result: &Value| result["locations"][0].clone();
    let of_notebook = |place: &Value| place["physicalLocation"]["artifactLocation"]["uri"] == "hostile/notes.ipynb";
    let place = results.iter().map(location).find(of_notebook).unwrap();
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "cell 4");
    let github = notebook("github");
    let line = github.lines().find(|line| line.contains("notes.ipynb")).unwrap();
    assert!(line.starts_with("::warning file=hostile/notes.ipynb,title=coldcall (one-shot-request)::cell 4, line 3: "));
}

#[test]
fn sarif_of_whole_runs_is_valid() {
    for folder in ["demo", "blog", "hostile"] {
        let arguments = format!("{folder} --min-confidence low --output-format sarif");
        let run = check_in(&repository("fixtures"), &arguments).exits(1);
        let log = sarif::valid(&run.stdout);
        assert!(!log["runs"][0]["results"].as_array().unwrap().is_empty(), "{folder}");
    }
}

#[test]
fn json_keeps_its_contract() {
    let document = Sandbox::new(&[("app.py", LOOP)]).json("");
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["tool"], json!({ "name": "coldcall", "version": env!("CARGO_PKG_VERSION") }));
    let finding = &document["findings"][0];
    assert_eq!((&finding["rule"], &finding["severity"]), (&json!("one-shot-request"), &json!("warning")));
    assert_eq!(finding["path"], "app.py");
    assert_eq!(finding["range"]["start"], json!({ "line": 6, "column": 9, "offset": 71 }));
    assert_eq!(finding["client"]["symbol"], "requests.get");
    for key in ["confidence", "message", "why", "help", "chain", "settings", "evidence"] {
        assert!(finding.get(key).is_some(), "{key}");
    }
    for key in ["skipped", "summary"] {
        assert!(document.get(key).is_some(), "{key}");
    }
}

#[test]
fn offsets_find_the_text() {
    let document = Sandbox::new(&[("app.py", LOOP)]).json("");
    let range = &document["findings"][0]["range"];
    let offset = |end: &str| usize::try_from(range[end]["offset"].as_u64().unwrap()).unwrap();
    assert_eq!(&LOOP[offset("start")..offset("end")], "requests.get(\"https://example.com/a\")");
}

#[test]
fn github_annotates_the_line() {
    let run = Sandbox::new(&[("app.py", LOOP)]).check("--output-format github").exits(1);
    assert!(run.stdout.starts_with("::warning file=app.py,line=6,col=9,endLine=6,endColumn=46,title="), "{run:?}");
}
