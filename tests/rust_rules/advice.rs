//! Where a Rust client is to be kept, and what building it costs.

use crate::support::{CHEAP, COST, Case};
use coldcall::finding::{Confidence, Finding, Severity};
use coldcall::model::SiteKind;

const SEND: &str = "use twin::Client;\n\nasync fn fetch(id: u32) {\n    let client = Client::new();\n}\n";

/// A client in a function of a program.
fn in_function(knowledge: &str) -> Case {
    let mut case = Case::with(SEND, knowledge);
    let function = case.function("fetch", &["id"]);
    case.site("twin::Client", "Client::new()", Some(function));
    case
}

fn code(finding: &Finding) -> &str {
    finding.suggestion.as_deref().unwrap_or_default()
}

#[test]
fn a_program_gets_a_static_in_its_own_words() {
    let found = in_function("").only("client-per-call");
    assert!(code(&found).contains("static HTTP: LazyLock<Client> = LazyLock::new(|| Client::new());"), "{found:#?}");
    assert!(found.help.contains("one `#[tokio::main]`"), "{}", found.help);
    assert!(!found.help.contains("belong to one runtime"), "said already: {}", found.help);
    assert!(found.message.starts_with("`Client::new()` (twin::Client) is built"), "{}", found.message);
}

#[test]
fn a_library_gets_no_static() {
    let mut case = in_function("");
    case.project.is_library = true;
    let found = case.only("client-per-call");
    assert!(found.help.contains("parameter") && !found.help.contains("per process"), "{}", found.help);
    assert_eq!(found.suggestion, None);
}

#[test]
fn a_method_gets_a_field() {
    let mut case =
        Case::new("impl Api {\n    async fn fetch(&self) {\n        twin::Client::builder().build()?;\n    }\n}\n");
    let method = case.method("Api", "fetch");
    case.site("twin::Client", "twin::Client::builder().build()", Some(method));
    let found = case.only("client-per-call");
    assert!(found.help.contains("field of `Api`"), "{}", found.help);
    assert!(code(&found).starts_with("// a field of `Api`\nclient: twin::Client,\n"), "{found:#?}");
    assert!(code(&found).contains(".expect("), "what may fail: {found:#?}");
}

#[test]
fn a_loop_gets_it_above_and_keeps_the_question_mark() {
    let mut case = Case::new(
        "async fn fetch(all: &[u32]) {\n    for id in all {\n        let c = twin::Client::builder().build()?;\n    }\n}\n",
    );
    let function = case.function("fetch", &["all"]);
    case.site("twin::Client", "twin::Client::builder().build()", Some(function)).name = Some("c".to_owned());
    case.in_loop("for id in all");
    let found = case.only("client-per-call");
    assert_eq!(code(&found), "let c = twin::Client::builder().build()?;\nfor id in all {\n    // use `c` here\n}");
}

#[test]
fn a_handler_gets_the_application_s_state() {
    for (framework, expected) in [
        ("axum", "axum::extract::State(client): axum::extract::State<Client>"),
        ("actix-web", "client: actix_web::web::Data<Client>"),
        ("Rocket", "client: &rocket::State<Client>"),
    ] {
        let found = in_function("").in_handler_of(framework).only("client-per-call");
        assert!(code(&found).ends_with(expected), "{framework}: {found:#?}");
        assert!(code(&found).contains("Client::new()"), "{framework}: {found:#?}");
    }
}

#[test]
fn what_differs_by_caller_is_kept_by_key() {
    let mut case = in_function("");
    case.module.sites[0].caller_values = vec!["token".to_owned()];
    let found = case.only("client-per-call");
    assert!(found.help.contains("`token`") && found.help.contains("one client per such value"), "{}", found.help);
    assert_eq!(found.suggestion, None);
}

#[test]
fn a_blocking_client_in_async_code_is_never_shared() {
    let text = "async fn fetch() {\n    twin::reqwest::blocking::Client::new();\n}\n";
    let mut case = Case::new(text);
    let function = case.function("fetch", &["id"]);
    let constructor = "twin::reqwest::blocking::Client::new()";
    case.site("twin::reqwest::blocking::Client", constructor, Some(function)).place.is_async = true;
    for rule in ["client-per-call", "blocking-client-in-async"] {
        let found = case.only(rule);
        assert!(found.help.contains("the async `reqwest::Client`"), "{}", found.help);
        assert_eq!(found.suggestion, None);
    }
    let found = case.only("blocking-client-in-async");
    assert_eq!((found.severity, found.confidence), (Severity::Warning, Confidence::High));
    assert!(found.message.contains("debug builds panic"), "{}", found.message);
}

#[test]
fn an_agent_blocks_where_it_sends_and_not_where_it_is_made() {
    let mut case = Case::new("async fn fetch() {\n    let agent = twin::agent();\n    agent.get(url).call();\n}\n");
    let function = case.function("fetch", &[]);
    case.site("twin::Agent", "twin::agent()", Some(function)).place.is_async = true;
    case.usage("get", "agent.get(url)", Some(function));
    assert!(case.find("blocking-client-in-async").is_empty(), "it sends in another thread");
    case.module.uses[0].place.is_async = true;
    let found = case.only("blocking-client-in-async");
    assert_eq!((case.at(&found), found.confidence), ("agent.get(url)", Confidence::Medium));
}

#[test]
fn a_one_shot_becomes_a_call_on_a_shared_client() {
    let mut case =
        Case::new("async fn fetch(all: &[u32]) {\n    for id in all {\n        twin::get(url).await?;\n    }\n}\n");
    let function = case.function("fetch", &["all"]);
    case.site("twin::get", "twin::get(url)", Some(function)).kind = SiteKind::OneShot;
    case.in_loop("for id in all");
    let found = case.only("one-shot-request");
    assert!(found.help.starts_with("Share one `twin::Client`"), "{}", found.help);
    let expected = "let client = twin::Client::new();\nfor id in all {\n    // client.get(..).send().await\n}";
    assert_eq!(code(&found), expected);
}

#[test]
fn the_cost_is_that_of_the_version_or_not_told() {
    let dear = in_function(COST).only("client-per-call");
    assert!(dear.why.contains("about 84 ms of CPU more with twin, for loading the CA certificates"), "{}", dear.why);
    let cheap = in_function(CHEAP).only("client-per-call");
    assert!(cheap.why.ends_with("2 round trips before the request is sent."), "{}", cheap.why);
}
