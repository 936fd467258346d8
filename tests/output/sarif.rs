//! SARIF against the official schema, and where the schema says nothing, against the standard's text.

#[path = "../support/sarif.rs"]
mod schema;

use crate::PLAIN;
use crate::report::{at, client, demo, finding, hop, python, render};
use coldcall::finding::{Report, Severity};
use coldcall::output::Format;
use serde_json::{Value, json};

/// The log of `report`, once it is valid against the schema.
fn valid(report: &Report) -> Value {
    schema::valid(&render(report, Format::Sarif, &PLAIN))
}

fn one(path: &str, text: &str, code: &str) -> Report {
    let file = python(path, text);
    let span = at(&file, code);
    let mut only = finding("client-per-call", Severity::Warning, 0, span, "built per call");
    only.client = client("httpx", "0.28.1", "httpx.Client", span);
    Report { files: vec![file], findings: vec![only], ..Report::default() }
}

#[test]
fn the_schema_can_refuse() {
    let mut log = valid(&demo());
    log["runs"][0]["results"][0]["level"] = json!("advice");
    assert!(!jsonschema::validator_for(&schema::schema()).unwrap().is_valid(&log));
}

#[test]
fn logs_are_valid() {
    valid(&Report::default());
    valid(&one("/home/user/é x.py", "a = 1\n", "a = 1"));
    let log = valid(&demo());
    for result in log["runs"][0]["results"].as_array().unwrap() {
        for location in result["locations"].as_array().unwrap() {
            if let Some(region) = location["physicalLocation"].get("region") {
                assert!(region["startLine"].as_u64().unwrap() >= 1, "{region}");
            }
        }
    }
}

#[test]
fn rules_are_those_that_occur() {
    let log = valid(&demo());
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let rule = |id: &str| rules.iter().find(|rule| rule["id"] == id).unwrap();
    assert_eq!(rule("client-per-call")["shortDescription"]["text"], "A client is built for every call");
    assert_eq!(rule("client-per-call")["helpUri"], "https://example.org/rules/client-per-call");
    assert_eq!(rule("client-per-call")["defaultConfiguration"]["level"], "warning");
    assert_eq!(rule("http2-off")["defaultConfiguration"]["level"], "note");
    assert_eq!(rule("limits-reset")["shortDescription"]["text"], "limits-reset");
    assert!(rule("limits-reset").get("helpUri").is_none());
}

#[test]
fn places_are_in_characters_and_paths_are_uris() {
    let log = valid(&one("src/a b%é#.py", "名 = \"é\"; x = Client(\n)\n", "Client(\n)"));
    assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
    let physical = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(physical["artifactLocation"], json!({ "uri": "src/a%20b%25%C3%A9%23.py", "uriBaseId": "%SRCROOT%" }));
    assert_eq!(physical["region"], json!({ "startLine": 1, "startColumn": 14, "endLine": 2, "endColumn": 2 }));
    let absolute = valid(&one("/srv/a.py", "x = 1\n", "x"));
    let physical = &absolute["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(physical["artifactLocation"], json!({ "uri": "file:///srv/a.py" }));
}

#[test]
fn the_chain_is_a_code_flow() {
    let mut report = one("a.py", "def f():\n    return Client()\n", "Client()");
    let def = at(&report.files[0], "def f()");
    report.findings[0].chain = vec![hop(0, report.findings[0].span, "built here"), hop(0, def, "called by nobody")];
    let log = valid(&report);
    let result = &log["runs"][0]["results"][0];
    let flow = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    let notes: Vec<&Value> = flow.iter().map(|step| &step["location"]["message"]["text"]).collect();
    assert_eq!(notes, ["built here", "called by nobody"]);
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 2);
    assert!(valid(&one("a.py", "x = 1\n", "x"))["runs"][0]["results"][0].get("codeFlows").is_none());
}

#[test]
fn a_notebook_has_no_region_but_names_its_cell() {
    let log = valid(&demo());
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["ruleId"] == "one-shot-request").unwrap();
    let location = &result["locations"][0];
    assert!(location["physicalLocation"].get("region").is_none());
    assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "cell 3");
    assert!(result["message"]["text"].as_str().unwrap().starts_with("Cell 3, line 3: "));
}

#[test]
fn skipped_files_and_warnings_are_notifications() {
    let log = valid(&demo());
    let notifications = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notifications.as_array().unwrap().len(), 2);
    assert_eq!(notifications[0]["message"]["text"], "Not analysed: larger than 4 MiB");
    let artifact = &notifications[0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(artifact["uri"], "app/generated.py");
}

fn fingerprints(report: &Report) -> Vec<Value> {
    let log = valid(report);
    let results = log["runs"][0]["results"].as_array().unwrap();
    results.iter().map(|result| result["partialFingerprints"]["coldcall/v1"].clone()).collect()
}

#[test]
fn fingerprints_survive_moves_and_tell_findings_apart() {
    let before = fingerprints(&one("a.py", "x = Client()\n", "Client()"));
    let after = fingerprints(&one("a.py", "import os\n\n\n    x = Client()\r\n", "Client()"));
    assert_eq!(before, after);
    assert_ne!(before, fingerprints(&one("b.py", "x = Client()\n", "Client()")));
    assert_ne!(before, fingerprints(&one("a.py", "x = Client(timeout=1)\n", "Client(timeout=1)")));
    let mut twice = one("a.py", "x = Client()\nx = Client()\n", "Client()");
    let mut second = twice.findings[0].clone();
    second.span = coldcall::source::Span::new(17, 25);
    twice.findings.push(second);
    let both = fingerprints(&twice);
    assert_eq!(both[0], before[0]);
    assert_ne!(both[0], both[1]);
    // Uploaded logs hold it: the value itself is a promise.
    assert_eq!(before[0], "5041bce15d323871:1");
}
