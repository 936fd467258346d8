//! What Rust clients are set to.

use crate::support::{CONTRADICTION, Case, NO_HTTP2};
use coldcall::finding::{Confidence, Severity};
use coldcall::model::{Dependency, FanOut, FanOutKind, Value};

const BUILT: &str = "static HTTP: LazyLock<Client> = LazyLock::new(|| {\n    Client::builder()\n        // why\n        \
    .pool_max_idle_per_host(0)\n\n        .pool_idle_timeout(LONG)\n        .ping_timeout(PING)\n        \
    .http2_max_frame_size(SIZE)\n        .build()\n});\nasync fn fetch() { HTTP.get(URL) }\n";

/// A client in a static.
fn in_static(knowledge: &str) -> Case {
    let mut case = Case::with(BUILT, knowledge);
    case.site("twin::Client", "Client::builder()", None);
    case
}

#[test]
fn keep_alive_is_off_unless_somebody_says_why() {
    let mut case = in_static("");
    case.set("pool_max_idle_per_host", Value::Int(0), "0)");
    assert!(case.find("keepalive-disabled").is_empty(), "a comment stands above");
    case.module.comments.clear();
    let found = case.only("keepalive-disabled");
    assert!(found.help.contains("`// coldcall: ignore[keepalive-disabled] reason`"), "{}", found.help);
    let mut case = in_static("");
    case.set("pool_idle_timeout", Value::Float(0.0), "LONG");
    assert_eq!(case.find("keepalive-disabled").len(), 1, "a comment further up says nothing");
}

#[test]
fn an_idle_time_out_is_measured_against_what_servers_keep() {
    for (value, expected) in [
        (Value::Float(60.0), None),
        (Value::Float(75.0), None),
        (Value::Float(90.0), Some(Confidence::Low)),
        (Value::Float(350.0), Some(Confidence::Low)),
        (Value::Float(351.0), Some(Confidence::Medium)),
        (Value::Nothing, Some(Confidence::Medium)),
        (Value::Unknown, None),
    ] {
        let mut case = in_static("");
        case.set("pool_idle_timeout", value.clone(), "LONG");
        let found = case.find("keepalive-too-long");
        assert_eq!(found.first().map(|finding| finding.confidence), expected, "{value:?}");
    }
    assert!(in_static("").find("keepalive-too-long").is_empty(), "the default");
}

#[test]
fn a_setting_without_the_one_it_needs_is_ignored() {
    let mut case = in_static("");
    case.set("ping_timeout", Value::Float(9.0), "PING");
    let found = case.only("ignored-settings");
    assert_eq!(found.message, "`ping_timeout` does nothing without `ping_interval`");
    assert_eq!(case.at(&found), "PING");
    case.set("ping_while_idle", Value::Bool(true), "SIZE");
    assert_eq!(
        case.only("ignored-settings").message,
        "`ping_timeout` and `ping_while_idle` do nothing without `ping_interval`"
    );
    case.set("ping_interval", Value::Nothing, "LONG");
    assert_eq!(case.find("ignored-settings").len(), 1, "`None` is no interval");
    case.set("ping_interval", Value::Unknown, "LONG");
    assert!(case.find("ignored-settings").is_empty());
    let mut case = in_static("");
    case.set("ping_while_idle", Value::Bool(false), "SIZE");
    assert!(case.find("ignored-settings").is_empty(), "off, as it is anyway");
}

#[test]
fn a_client_without_limits_waits_for_ever() {
    let case = in_static("");
    let found = case.only("timeout-missing");
    assert_eq!((found.severity, found.confidence), (Severity::Advice, Confidence::Low), "nobody's requests in sight");
    assert!(found.help.contains(".connect_timeout(Duration::from_secs(5))"), "{}", found.help);
    for (name, value) in
        [("timeout", Value::Float(9.0)), ("connect_timeout", Value::Float(9.0)), ("connect_timeout", Value::Nothing)]
    {
        let mut case = in_static("");
        case.set(name, value, "LONG");
        assert!(case.find("timeout-missing").is_empty(), "{name}");
    }
}

#[test]
fn settings_of_http2_do_nothing_where_it_cannot_be_had() {
    let mut case = in_static(NO_HTTP2);
    assert!(case.find("http2-unavailable").is_empty(), "nobody asks for it");
    case.set("http2_max_frame_size", Value::Int(16384), "SIZE");
    let found = case.only("http2-unavailable");
    assert_eq!(found.message, "`http2_max_frame_size` most likely does nothing: HTTP/2 cannot be had");
    assert_eq!((found.severity, found.confidence), (Severity::Warning, Confidence::Medium));
    assert!(found.why.contains("no ALPN") && found.help == "Add the feature.", "{found:#?}");
    assert_eq!(case.at(&found), "SIZE");
    for decision in ["http1_only", "http2_prior_knowledge", "use_rustls_tls"] {
        let mut case = in_static(NO_HTTP2);
        case.set("http2_max_frame_size", Value::Int(16384), "SIZE");
        case.set(decision, Value::Bool(true), "LONG");
        assert!(case.find("http2-unavailable").is_empty(), "{decision}");
    }
    let mut can = in_static("");
    can.set("http2_max_frame_size", Value::Int(16384), "SIZE");
    assert!(can.find("http2-unavailable").is_empty());
}

#[test]
fn many_calls_at_once_would_share_a_connection() {
    for (width, expected) in [(Some(4), 0), (Some(5), 1), (None, 1)] {
        let mut case = in_static(NO_HTTP2);
        let function = case.function("fetch", &[]);
        case.usage("get", "HTTP.get(URL)", Some(function));
        let place = case.place("HTTP.get(URL)", Some(function));
        let text = "buffer_unordered(".to_owned();
        case.module.fan_outs.push(FanOut { text, kind: FanOutKind::Tasks, width, place, runs: Vec::new(), each: true });
        let found = case.find("http2-unavailable");
        assert_eq!(found.len(), expected, "{width:?}: {found:#?}");
        assert!(found.iter().all(|finding| finding.severity == Severity::Advice && finding.chain.len() == 2));
    }
}

#[test]
fn a_manifest_that_contradicts_itself_is_told_where_it_does() {
    let mut case = in_static(CONTRADICTION);
    let span = case.span("LazyLock<Client>");
    case.module.dependencies.push(Dependency {
        package: "twin".to_owned(),
        span,
        is_normal: true,
        features: Vec::new(),
        with_defaults: None,
    });
    let found = case.only("http2-unavailable");
    assert_eq!((case.at(&found), found.confidence), ("LazyLock<Client>", Confidence::Medium));
    assert_eq!(found.client.unwrap().span, span);
}
