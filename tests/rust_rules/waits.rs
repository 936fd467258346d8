//! Clients that wait without limit, or keep idle connections too long, on code as the front end reads it.

use crate::support::Case;
use coldcall::finding::{Confidence, Finding};

/// What is found of a static client and a handler that sends through it.
fn served(builder: &str, send: &str) -> Vec<Finding> {
    let text = format!(
        "use std::sync::LazyLock;\nstatic HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| reqwest::Client::builder(){builder}.build().expect(\"a client\"));\n#[actix_web::get(\"/rates\")]\nasync fn rates() -> String {{\n    {send}\n}}\n"
    );
    Case::read(&text).find("timeout-missing")
}

const SEND: &str = "HTTP.post(URL).send().await";

#[test]
fn nobody_else_is_said_to_wait() {
    let found = served("", SEND).remove(0);
    assert_eq!(found.confidence, Confidence::Medium);
    assert!(found.why.contains("stays silent") && !found.why.contains("queue"), "{}", found.why);
    let read = served(".read_timeout(LONG)", SEND).remove(0);
    assert!(!read.why.contains("silent"), "{}", read.why);
}

#[test]
fn a_limit_of_the_request_or_around_it_counts() {
    for send in ["HTTP.post(URL).timeout(LONG).send().await", "HTTP.post(URL).header(A, B).timeout(LONG).send().await"]
    {
        assert!(served("", send).is_empty(), "{send}");
    }
    for send in [
        "tokio::time::timeout(LONG, HTTP.post(URL).send()).await",
        "timeout(LONG, async { HTTP.post(URL).send().await }).await",
    ] {
        assert_eq!(served("", send).remove(0).confidence, Confidence::Low, "{send}");
    }
    let around = "timeout(LONG, fetch()).await\n}\nasync fn fetch() {\n    HTTP.post(URL).send().await";
    assert_eq!(served("", around).remove(0).confidence, Confidence::Low);
}

#[test]
fn text_names_no_socket() {
    assert_eq!(served(".user_agent(\"clouds/1 Unix\")", SEND).len(), 1);
    assert!(served(".unix_socket(PATH)", SEND).is_empty());
}

#[test]
fn what_closes_with_notice_matters_in_a_race_only() {
    let why = |seconds: u32| {
        let text = format!(
            "static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| reqwest::Client::builder().pool_idle_timeout(Duration::from_secs({seconds})).build().unwrap());\nuse std::{{sync::LazyLock, time::Duration}};\n"
        );
        Case::read(&text).only("keepalive-too-long").why
    };
    assert!(why(100).contains("only a request that crosses it") && !why(100).contains("hangs"), "{}", why(100));
    assert!(why(900).contains("hangs until a time-out"), "{}", why(900));
}

#[test]
fn a_constant_of_two_clients_is_told_once() {
    let built = "LazyLock::new(|| reqwest::Client::builder().pool_idle_timeout(IDLE).build().unwrap());";
    let text = format!(
        "use std::{{sync::LazyLock, time::Duration}};\nconst IDLE: Duration = Duration::from_secs(900);\nstatic A: LazyLock<reqwest::Client> = {built}\nstatic B: LazyLock<reqwest::Client> = {built}\n"
    );
    let case = Case::read(&text);
    assert_eq!(case.module.sites.len(), 2);
    let found = case.find("keepalive-too-long");
    let mut spans: Vec<_> = found.iter().map(|finding| finding.span).collect();
    spans.dedup();
    assert_eq!(spans.len(), found.len(), "{found:#?}");
}
