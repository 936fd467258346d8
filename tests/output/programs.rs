//! The formats that programs read, but for SARIF.

use crate::report::{at, demo, finding, python, render};
use crate::{PLAIN, report};
use coldcall::finding::{Report, Severity};
use coldcall::output::Format;
use serde_json::{Value, json};

#[test]
fn concise() {
    insta::assert_snapshot!(render(&demo(), Format::Concise, &PLAIN), @r#"
    app/chat.py:11:14: advice[base-url-unpinned] nothing in the project pins the base URL
    app/chat.py:11:14: warning[client-per-call] `Anthropic` is built on every request of `POST /chat`, so no request finds a warm connection (app/chat.py:9 called by FastAPI, once per request)
    app/clients.py:5:12: warning[client-per-call] `httpx.AsyncClient` is built for every call of `quote` (app/chat.py:17 called in `GET /quote/{symbol}`, once per request)
    app/clients.py:7:16: warning[limits-reset] naming one field of `httpx.Limits` makes the others unlimited
    app/clients.py:12:10: advice[http2-off] HTTP/2 is off, the default of httpx 0.28.1
    app/clients.py:12:10: advice[keepalive-too-short] idle connections are closed after 5 s, the default of httpx 0.28.1
    notes/try.ipynb:cell 3:3:11: warning[one-shot-request] `requests.get` opens a connection for every URL of the loop (notes/try.ipynb:cell 3:2 once per turn of this loop)
    app/generated.py: skipped: larger than 4 MiB
    warning: uv.lock:12: this line is not TOML; versions are taken from pyproject.toml
    "#);
}

#[test]
fn github() {
    insta::assert_snapshot!(render(&demo(), Format::Github, &PLAIN), @r#"
    ::notice file=app/chat.py,line=11,col=14,endLine=11,endColumn=45,title=coldcall (base-url-unpinned)::nothing in the project pins the base URL%0Ahelp: do it otherwise
    ::warning file=app/chat.py,line=11,col=14,endLine=11,endColumn=45,title=coldcall (client-per-call)::`Anthropic` is built on every request of `POST /chat`, so no request finds a warm connection%0A  app/chat.py:9 called by FastAPI, once per request%0Ahelp: build the client once, when the module is imported, and share it; it is safe to use from several threads
    ::warning file=app/clients.py,line=5,endLine=9,title=coldcall (client-per-call)::`httpx.AsyncClient` is built for every call of `quote`%0A  app/chat.py:17 called in `GET /quote/{symbol}`, once per request%0Ahelp: build it in the lifespan of the application
    ::warning file=app/clients.py,line=7,col=16,endLine=7,endColumn=49,title=coldcall (limits-reset)::naming one field of `httpx.Limits` makes the others unlimited%0Ahelp: write all three: `httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=60)`
    ::notice file=app/clients.py,line=12,col=10,endLine=12,endColumn=39,title=coldcall (http2-off)::HTTP/2 is off, the default of httpx 0.28.1%0Ahelp: pass `http2=True` and install `httpx[http2]`, where the server speaks it
    ::notice file=app/clients.py,line=12,col=10,endLine=12,endColumn=39,title=coldcall (keepalive-too-short)::idle connections are closed after 5 s, the default of httpx 0.28.1%0Ahelp: do it otherwise
    ::warning file=notes/try.ipynb,title=coldcall (one-shot-request)::cell 3, line 3: `requests.get` opens a connection for every URL of the loop%0A  notes/try.ipynb:cell 3:2 once per turn of this loop%0Ahelp: use one `requests.Session`
    ::notice file=app/generated.py,title=coldcall (skipped)::larger than 4 MiB
    ::warning title=coldcall::uv.lock:12: this line is not TOML; versions are taken from pyproject.toml
    "#);
}

#[test]
fn github_escapes_what_would_end_a_command() {
    let file = python("a,b:100%.py", "x = 1\n");
    let mut odd = finding("http2-off", Severity::Error, 0, at(&file, "x"), "50% of: this,\r\nthat");
    odd.help = "none".into();
    let report = Report { files: vec![file], findings: vec![odd], ..Report::default() };
    assert_eq!(
        render(&report, Format::Github, &PLAIN),
        "::error file=a%2Cb%3A100%25.py,line=1,col=1,endLine=1,endColumn=2,title=coldcall (http2-off)\
         ::50%25 of: this,%0D%0Athat%0Ahelp: none\n"
    );
}

fn json_of(report: &Report) -> Value {
    serde_json::from_str(&render(report, Format::Json, &PLAIN)).unwrap()
}

#[test]
fn json_keeps_its_contract() {
    let document = json_of(&demo());
    let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["findings", "schema_version", "skipped", "summary", "tool", "warnings"]);
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["tool"], json!({ "name": "coldcall", "version": env!("CARGO_PKG_VERSION") }));
    assert_eq!(document["skipped"], json!([{ "path": "app/generated.py", "reason": "larger than 4 MiB" }]));
    assert_eq!(document["summary"]["files"], 14);
    assert_eq!(document["summary"]["below_confidence"], 4);
    // Findings about one client stay apart.
    assert_eq!(document["findings"].as_array().unwrap().len(), demo().findings.len());
}

#[test]
fn json_says_all_of_a_finding() {
    let document = json_of(&demo());
    let found = |finding: &&Value| finding["rule"] == "client-per-call" && finding["path"] == "app/clients.py";
    let finding = document["findings"].as_array().unwrap().iter().find(found).unwrap();
    let range = json!({
        "start": { "line": 5, "column": 12, "offset": 43 },
        "end": { "line": 9, "column": 6, "offset": 180 },
    });
    let wanted = json!({
        "rule": "client-per-call",
        "severity": "warning",
        "confidence": "medium",
        "message": "`httpx.AsyncClient` is built for every call of `quote`",
        "why": "each call pays 2 round trips for TCP and TLS",
        "help": "build it in the lifespan of the application",
        "path": "app/clients.py",
        "range": range,
        "chain": [
            { "path": "app/clients.py", "range": range, "note": "built here" },
            {
                "path": "app/chat.py",
                "range": {
                    "start": { "line": 17, "column": 16, "offset": 362 },
                    "end": { "line": 17, "column": 27, "offset": 373 },
                },
                "note": "called in `GET /quote/{symbol}`, once per request",
            },
        ],
        "client": { "library": "httpx", "version": "0.28.1", "symbol": "httpx.AsyncClient" },
        "settings": { "keepalive_expiry": "60 s (set at app/clients.py:7)" },
        "evidence": "syntax",
    });
    assert_eq!(*finding, wanted);
}

#[test]
fn json_counts_lines_within_the_cell() {
    let document = json_of(&demo());
    let findings = document["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["path"] == "notes/try.ipynb").unwrap();
    assert_eq!(finding["range"]["start"]["cell"], 3);
    assert_eq!(finding["range"]["start"]["line"], 3);
    assert_eq!(finding["chain"][0]["range"]["start"]["line"], 2);
}

#[test]
fn json_of_an_empty_report_has_all_its_parts() {
    let document = json_of(&Report::default());
    for part in ["findings", "skipped", "warnings"] {
        assert_eq!(document[part], json!([]));
    }
}

#[test]
fn a_suggestion_and_no_client_are_what_they_are() {
    let file = python("a.py", "x = 1\n");
    let mut plain = finding("unused-ignore", Severity::Warning, 0, at(&file, "x"), "unused");
    plain.suggestion = Some("y = 2\n".into());
    let report = Report { files: vec![file], findings: vec![plain], ..Report::default() };
    let finding = &json_of(&report)["findings"][0];
    assert_eq!(finding["suggestion"], "y = 2\n");
    assert_eq!(finding["client"], Value::Null);
    assert!(report::render(&report, Format::Concise, &PLAIN).starts_with("a.py:1:1: warning[unused-ignore] unused\n"));
}
