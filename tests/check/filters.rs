//! What is shown: rules, confidence, tests, comments.

use crate::support::{LOOP, Sandbox};

/// A client that serves a whole loop, in a function that nobody in sight calls: low confidence.
const UNKNOWN_CALLERS: &str = "import requests


def prices(count):
    with requests.Session() as session:
        return [session.get(\"https://example.com/a\") for _ in range(count)]
";

/// `text` without its line breaks: output for people is wrapped.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn low_confidence_is_counted_and_shown_on_request() {
    let sandbox = Sandbox::new(&[("app.py", UNKNOWN_CALLERS)]);
    let run = sandbox.check("").exits(0);
    assert!(words(&run.stdout).contains("1 finding of low confidence not shown (--min-confidence low)"), "{run:?}");
    assert_eq!(sandbox.concise("--min-confidence low").findings(), ["app.py:5 client-per-call"]);
}

#[test]
fn high_confidence_only() {
    let sandbox = Sandbox::new(&[("app.py", LOOP), ("low.py", UNKNOWN_CALLERS)]);
    let all = sandbox.json("--min-confidence low");
    let high = sandbox.json("--min-confidence high");
    let count = |document: &serde_json::Value| document["findings"].as_array().unwrap().len();
    assert!(count(&high) < count(&all));
    for finding in high["findings"].as_array().unwrap() {
        assert_eq!(finding["confidence"], "high");
    }
    assert_eq!(high["summary"]["below_confidence"], count(&all) - count(&high));
}

#[test]
fn select_and_ignore() {
    let sandbox = Sandbox::new(&[("app.py", LOOP)]);
    sandbox.check("--select http2-off").exits(0);
    sandbox.check("--select http2-off,one-shot-request").exits(1);
    sandbox.check("--ignore one-shot-request").exits(0);
    sandbox.check("--ignore http2-off").exits(1);
}

#[test]
fn an_unknown_rule_is_2_with_the_nearest() {
    let sandbox = Sandbox::new(&[("app.py", LOOP)]);
    for flag in ["--select", "--ignore"] {
        let run = sandbox.check(&format!("{flag} one-shot-requests")).exits(2);
        assert!(run.stderr.contains("`one-shot-requests`"), "{run:?}");
        assert!(run.stderr.contains("did you mean `one-shot-request`?"), "{run:?}");
    }
}

#[test]
fn tests_are_quiet_by_default() {
    let sandbox = Sandbox::new(&[
        ("tests/helper.py", LOOP),
        ("src/test_app.py", LOOP),
        ("conftest.py", LOOP),
        ("src/contest.py", LOOP),
    ]);
    assert_eq!(sandbox.concise("").findings(), ["src/contest.py:6 one-shot-request"]);
    assert_eq!(sandbox.concise("--include-tests").findings().len(), 4);
    // A folder above what was asked for says nothing.
    assert_eq!(sandbox.concise("tests").findings(), ["tests/helper.py:6 one-shot-request"]);
}

#[test]
fn comments_silence_one_rule_at_one_place() {
    let silenced = LOOP.replace("a\")", "a\")  # coldcall: ignore[one-shot-request] one host, once a day");
    let sandbox = Sandbox::new(&[("app.py", &silenced)]);
    let run = sandbox.check("").exits(0);
    assert!(run.stdout.contains("1 finding silenced by comments"), "{run:?}");
    let above = LOOP.replace("        requests", "        # coldcall: ignore[one-shot-request] why\n        requests");
    Sandbox::new(&[("app.py", &above)]).check("").exits(0);
    let file = format!("# coldcall: ignore-file[one-shot-request] a script\n{LOOP}");
    Sandbox::new(&[("app.py", &file)]).check("").exits(0);
}

#[test]
fn comments_that_do_nothing_are_told() {
    let app = format!("{LOOP}\n\nprint(1)  # coldcall: ignore[http2-off] none here\n");
    assert_eq!(
        Sandbox::new(&[("app.py", &app)]).concise("").findings(),
        ["app.py:6 one-shot-request", "app.py:9 unused-ignore"]
    );
    for (comment, said) in [
        ("# coldcall: ignore[one-shot-requests] typo", "did you mean `one-shot-request`?"),
        ("# coldcall: ignore", "must name its rule"),
    ] {
        let app = LOOP.replace("a\")", &format!("a\")  {comment}"));
        let run = Sandbox::new(&[("app.py", &app)]).concise("").exits(1);
        assert_eq!(run.findings(), ["app.py:6 one-shot-request", "app.py:6 unused-ignore"], "{comment}");
        assert!(run.stdout.contains(said), "{run:?}");
    }
}
