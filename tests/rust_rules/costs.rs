//! What a new client is said to cost.

use crate::support::{COST, Case};
use coldcall::finding::Confidence;
use coldcall::model::{SiteKind, Value};
use coldcall::source::Language;

const SEND: &str =
    "async fn fetch(url: &str) {\n    let client = twin::Client::builder().build();\n    client.get(url).send();\n}\n";

/// A client in a function that sends to the value of `url`.
fn sending(knowledge: &str, url: Value) -> Case {
    let mut case = Case::with(SEND, knowledge);
    let function = case.function("fetch", &["id"]);
    case.site("twin::Client", "twin::Client::builder().build()", Some(function));
    let setting = coldcall::model::Setting { value: url, span: case.span("(url)") };
    case.usage("get", "client.get(url)", Some(function)).arguments.insert("0".to_owned(), setting);
    case
}

#[test]
fn a_backend_that_the_builder_picks_has_another_cost() {
    let fixed = || sending(COST, Value::Text("https://a.example.com/".to_owned()));
    assert!(fixed().only("client-per-call").why.contains("84 ms"));
    for method in ["use_rustls_tls", "tls_backend_rustls", "use_native_tls", "use_preconfigured_tls"] {
        let mut case = fixed();
        case.set(method, Value::Bool(true), "builder()");
        let why = case.only("client-per-call").why;
        assert!(!why.contains("84 ms"), "{method}: {why}");
    }
}

#[test]
fn a_dear_client_is_worth_sharing_whatever_hosts_it_calls() {
    let anywhere = || Value::Parameter("url".to_owned());
    let sure = sending(COST, Value::Text("https://a.example.com/".to_owned())).only("client-per-call").confidence;
    let dear = sending(COST, anywhere()).only("client-per-call");
    assert_eq!(dear.confidence, sure);
    assert!(dear.help.contains("saves the building, whatever hosts it calls"), "{}", dear.help);
    assert!(dear.why.contains("84 ms") && !dear.why.contains("pool"), "{}", dear.why);
    let cheap = sending("", anywhere()).only("client-per-call");
    assert_eq!(cheap.confidence, Confidence::Low);
    assert!(!cheap.help.contains("whatever hosts"), "{}", cheap.help);
}

#[test]
fn a_dear_one_shot_speaks_of_the_building() {
    for (knowledge, expected) in [(COST, Confidence::Medium), ("", Confidence::Low)] {
        let mut case = Case::with("async fn fetch(all: &[u32]) {\n    twin::get(url).await?;\n}\n", knowledge);
        let function = case.function("fetch", &["all"]);
        case.site("twin::get", "twin::get(url)", Some(function)).kind = SiteKind::OneShot;
        case.set("0", Value::Parameter("url".to_owned()), "(url)");
        let found = case.only("one-shot-request");
        assert_eq!(found.confidence, expected);
        assert_eq!(found.help.contains("built once, whatever hosts it calls"), !knowledge.is_empty(), "{}", found.help);
    }
}

#[test]
fn plain_http_pays_no_tls() {
    let rust = "async fn fetch(id: u32) {\n    let client = reqwest::Client::new();\n    client.get(format!(\"http://a.example.com/{id}\")).send().await;\n}\nasync fn once(id: u32) {\n    reqwest::get(\"http://a.example.com/\").await;\n}\n";
    let python = "import httpx\n\n\ndef fetch(key):\n    with httpx.Client(base_url=\"http://a.example.com\") as client:\n        return client.get(\"/x\")\n\n\ndef once():\n    return httpx.get(\"http://a.example.com/\")\n";
    for (path, language, text) in [("src/main.rs", Language::Rust, rust), ("api.py", Language::Python, python)] {
        for (text, expected) in
            [(text.to_owned(), "pays TCP set-up"), (text.replace("http:", "https:"), "pays TCP and TLS set-up")]
        {
            let case = Case::read_as(path, language, &text);
            for rule in ["client-per-call", "one-shot-request"] {
                let found = case.only(rule);
                assert!(found.why.contains(expected), "{rule}, {path}: {}", found.why);
            }
        }
    }
}
