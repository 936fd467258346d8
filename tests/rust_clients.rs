//! The knowledge about Rust libraries answers by path, version and Cargo features.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use coldcall::clients::resolved::Resolved;
use coldcall::clients::schema::{FeatureCondition, Library};
use coldcall::clients::versions::Versions;
use coldcall::clients::{Clients, Made};
use coldcall::source::Language;
use pep440_rs::Version;
use std::str::FromStr;

fn rust(name: &str) -> &'static Library {
    let mut libraries = Clients::embedded().libraries().iter();
    libraries.find(|one| one.language == Language::Rust && one.library == name).unwrap()
}

fn version(text: &str) -> Version {
    Version::from_str(text).unwrap()
}

/// A library as a manifest asks for it: `0.12.28`, the default features, and those named; `-default` switches them off.
fn asked(library: &Library, at: &str, words: &str) -> Resolved {
    let versions = Versions::from(version(at));
    let listed: Vec<String> = words.split_whitespace().filter(|word| *word != "-default").map(str::to_owned).collect();
    let with_defaults = !words.contains("-default");
    let features = library.features_in(&versions, &listed, with_defaults);
    Resolved { versions, features: Some(features) }
}

fn cost(name: &str, at: &str, words: &str) -> Option<f64> {
    let library = rust(name);
    library.cost_of(&asked(library, at, words)).map(|cost| cost.ms)
}

/// Whether HTTP/2 over TLS is on by default, and why it cannot be had: the two must agree.
fn reqwest_http2(at: &str, words: &str) -> Option<bool> {
    let library = rust("reqwest");
    let resolved = asked(library, at, words);
    let default =
        library.default_of(&library.client[0], "http2", &resolved).map(|default| default.value.as_bool().unwrap());
    let refused = library.no_http2_of(&resolved).is_some();
    assert!(!refused || default == Some(false), "{at} {words}: refused, and {default:?} by default");
    assert!(default != Some(false) || refused || words == "-default", "{at} {words}: off, and nobody says why");
    default
}

#[test]
fn constructors_and_builders_are_known_by_their_paths() {
    let made = |path: &str| match Clients::embedded().made_by(path) {
        Some(Made::Client(symbol)) => format!("client {symbol}"),
        Some(Made::Builder(symbol)) => format!("builder {symbol}"),
        None => "nothing".to_owned(),
    };
    for (path, expected) in [
        ("reqwest::Client::new", "client reqwest::Client"),
        ("reqwest::blocking::Client::default", "client reqwest::blocking::Client"),
        ("reqwest::Client::builder", "builder reqwest::Client"),
        ("reqwest::blocking::ClientBuilder::new", "builder reqwest::blocking::Client"),
        ("oauth2::reqwest::Client::new", "client oauth2::reqwest::Client"),
        ("oauth2::reqwest::ClientBuilder::new", "builder reqwest::Client"),
        ("reqwest_middleware::ClientWithMiddleware::default", "client reqwest_middleware::ClientWithMiddleware"),
        ("hyper::client::Client::builder", "builder hyper::Client"),
        ("hyper_util::client::legacy::Client::builder", "builder hyper_util::client::legacy::Client"),
        ("ureq::agent", "client ureq::Agent"),
        ("ureq::Agent::new_with_defaults", "client ureq::Agent"),
        ("ureq::AgentBuilder::new", "builder ureq::Agent"),
        ("ureq::Agent::config_builder", "builder ureq::config::Config"),
        ("surf::client", "client surf::Client"),
        ("tonic::transport::Endpoint::from_static", "builder tonic::transport::Channel"),
        ("greeter_client::GreeterClient::connect", "client greeter_client::GreeterClient"),
        ("crate::pb::greeter_client::GreeterClient::connect", "client crate::pb::greeter_client::GreeterClient"),
        ("aws_sdk_s3::Client::new", "client aws_sdk_s3::Client"),
        ("aws_sdk_bedrockruntime::Client::from_conf", "client aws_sdk_bedrockruntime::Client"),
        ("aws_config::load_from_env", "client aws_config::SdkConfig"),
        ("rig::providers::openai::Client::from_env", "client rig::providers::openai::Client"),
        ("rig::providers::anthropic::Client::builder", "builder rig::providers::anthropic::Client"),
        ("async_openai::Client::with_config", "client async_openai::Client"),
    ] {
        assert_eq!(made(path), expected, "{path}");
    }
}

#[test]
fn whatever_is_made_is_a_known_client() {
    let clients = Clients::embedded();
    for spec in clients.libraries().iter().filter(|one| one.language == Language::Rust).flat_map(|one| &one.client) {
        let paths = spec.symbols.iter().flat_map(|symbol| spec.constructors.iter().map(move |name| (symbol, name)));
        let paths =
            paths.map(|(symbol, name)| if name.contains("::") { name.clone() } else { format!("{symbol}::{name}") });
        let mut count = 0;
        for path in paths.chain(spec.builders.iter().cloned()).map(|path| path.replace('*', "some")) {
            let Some(Made::Client(symbol) | Made::Builder(symbol)) = clients.made_by(&path) else { panic!("{path}") };
            assert!(clients.knows(&symbol), "{path} makes {symbol}");
            count += 1;
        }
        assert!(count > 0, "{:?}: nothing makes it", spec.symbols);
        let ends = |name: &String| spec.finish.contains(name) || spec.constructors.contains(name);
        assert!(spec.fallible.iter().chain(&spec.awaited).all(ends), "{:?}", spec.symbols);
        assert_eq!(spec.builders.is_empty(), spec.finish.is_empty(), "{:?}", spec.symbols);
    }
}

#[test]
fn what_shares_a_pool_wraps_a_client_or_only_looks_alike_is_silent() {
    let clients = Clients::embedded();
    for path in [
        "isahc::get",
        "surf::get",
        "octocrab::instance",
        "attohttpc::Session::new",
        "reqwest_middleware::ClientBuilder::new",
        "reqwest_middleware::ClientWithMiddleware::new",
        "async_openai::Client::build",
        "ollama_rs::Ollama::new_with_client",
        "elasticsearch::Elasticsearch::new",
        "greeter_client::GreeterClient::new",
        "octocrab::Octocrab::installation",
        "kube::Client::try_default",
        "kube::Client::new",
        "jobserver::Client::new",
        "openidconnect::Client::new",
        "crate::Client::new",
        "Client::new",
        "reqwest::Response::json",
        "rig::providers::openai::completion::Client::new",
    ] {
        let known = clients.made_by(path).is_some() || clients.one_shot(path).is_some() || clients.knows(path);
        assert!(!known, "{path}");
    }
    assert!(!clients.knows("kube::Client"));
}

/// The variable that a constructor reads in a version.
fn variable(name: &str, symbol: &str, constructor: &str, at: &str) -> Option<&'static str> {
    let library = rust(name);
    let (_, spec) = Clients::embedded().client(symbol).unwrap();
    let base = spec.base_url.as_ref().filter(|base| base.is_read_by(constructor, || asked(library, at, "")))?;
    base.variables.first().map(String::as_str)
}

#[test]
fn a_host_is_read_from_a_variable_by_some_constructors_in_some_versions() {
    let openai = |at| variable("async-openai", "async_openai::Client", "new", at);
    assert_eq!(openai("0.30.0"), None);
    assert_eq!(openai("0.31.0"), Some("OPENAI_BASE_URL"));
    let sdk = |constructor| variable("anthropic-sdk-rust", "anthropic_sdk::Anthropic", constructor, "0.1.1");
    assert_eq!(sdk("from_env"), Some("ANTHROPIC_BASE_URL"));
    assert_eq!(sdk("new"), None);
    let rig = |at| variable("rig-core", "rig::providers::anthropic::Client", "from_env", at);
    assert_eq!((rig("0.39.0"), rig("0.40.0")), (None, Some("ANTHROPIC_BASE_URL")));
    assert_eq!(variable("rig-core", "rig::providers::anthropic::Client", "new", "0.42.0"), None);
}

#[test]
fn one_shots_are_known_and_their_replacement_makes_a_client() {
    let clients = Clients::embedded();
    for path in [
        "reqwest::get",
        "reqwest::blocking::get",
        "ureq::get",
        "ureq::patch",
        "ureq::run",
        "minreq::get",
        "attohttpc::post",
    ] {
        let (_, spec) = clients.one_shot(path).unwrap();
        assert!(clients.made_by(spec.instead.trim_end_matches("()")).is_some(), "{path}");
    }
    assert_eq!(clients.one_shot("ureq::request").unwrap().1.url, 1);
}

#[test]
fn features_are_the_listed_ones_the_defaults_and_what_they_imply() {
    let library = rust("reqwest");
    let on = |at: &str, words: &str| asked(library, at, words).features.unwrap();
    assert!(on("0.12.28", "").has("http2") && on("0.12.28", "").has("default-tls"));
    assert!(!on("0.12.28", "-default json").has("http2"));
    assert!(on("0.12.28", "-default native-tls-alpn").has("default-tls"), "by way of native-tls");
    assert!(on("0.12.28", "-default rustls-tls").has("rustls-tls-webpki-roots*"));
    assert!(on("0.11.27", "-default http3").has("rustls-tls*"));
    assert!(!on("0.11.27", "").has("http2"), "no such feature then");
    assert!(on("0.13.5", "").has("rustls") && !on("0.13.5", "-default native-tls").has("rustls*"));
    assert!(on("0.12.15", "").has("macos-system-configuration") && on("0.12.16", "").has("system-proxy"));
}

#[test]
fn every_feature_of_a_condition_is_one_that_the_library_has() {
    for library in Clients::embedded().libraries() {
        let mut known: Vec<&str> = Vec::new();
        for set in &library.feature_set {
            known.extend(set.default.iter().chain(set.needs_package.keys()).map(String::as_str));
            known.extend(set.implies.iter().flat_map(|(key, implied)| implied.iter().chain([key])).map(String::as_str));
        }
        let own = |feature: &&String| {
            let start = feature.trim_end_matches('*');
            known.iter().any(|name| *name == start || (feature.ends_with('*') && name.starts_with(start)))
        };
        let defaults = library.default.iter().filter_map(|default| default.features.as_ref());
        let conditions = defaults.chain(library.no_http2.iter().map(|spec| &spec.features));
        for condition in conditions {
            let FeatureCondition { all, any, none } = condition;
            let strange: Vec<_> = all.iter().chain(any).chain(none).filter(|feature| !own(feature)).collect();
            assert!(strange.is_empty(), "{}: {strange:?}", library.library);
        }
    }
}

#[test]
fn what_a_client_costs_depends_on_version_and_backend() {
    let reqwest = |at, words| cost("reqwest", at, words);
    assert_eq!(reqwest("0.11.27", ""), Some(88.0));
    assert_eq!(reqwest("0.12.28", ""), Some(84.0));
    assert_eq!(reqwest("0.12.28", "rustls-tls"), Some(84.0), "the defaults still win");
    assert_eq!(reqwest("0.12.28", "-default rustls-tls"), Some(0.003));
    assert_eq!(reqwest("0.12.28", "-default rustls-tls-native-roots"), Some(4.0));
    assert_eq!(reqwest("0.12.28", "-default rustls-tls rustls-tls-native-roots"), Some(4.0), "the dearer of the two");
    assert_eq!(reqwest("0.12.28", "http3"), None, "rustls then, and nobody measured it");
    assert_eq!(reqwest("0.12.28", "-default"), None, "no TLS at all");
    assert_eq!(reqwest("0.13.5", ""), Some(3.0));
    assert_eq!(reqwest("0.13.5", "native-tls"), Some(82.0), "native-tls comes before rustls");
    let nothing_known = Resolved::at(version("0.12.28"));
    assert!(rust("reqwest").cost_of(&nothing_known).is_none());
    assert_eq!(cost("async-openai", "0.28.3", ""), Some(4.0));
    assert_eq!(cost("async-openai", "0.43.0", ""), Some(3.0));
    assert_eq!(cost("async-openai", "0.43.0", "-default native-tls"), Some(82.0));
    assert_eq!(cost("anthropic-ai-sdk", "0.2.27", ""), Some(84.0));
    assert_eq!(cost("ollama-rs", "0.3.6", ""), Some(84.0));
    assert_eq!(cost("ollama-rs", "0.3.6", "-default rustls"), None);
}

#[test]
fn http2_depends_on_version_and_features() {
    for (at, words, expected) in [
        ("0.11.0", "", Some(false)),
        ("0.11.27", "", Some(false)),
        ("0.11.27", "native-tls-alpn", Some(true)),
        ("0.11.27", "-default rustls-tls", Some(true)),
        ("0.11.27", "rustls-tls", Some(false)),
        ("0.12.28", "", Some(false)),
        ("0.12.28", "rustls-tls", Some(false)),
        ("0.12.28", "native-tls-alpn", Some(true)),
        ("0.12.28", "-default native-tls", Some(false)),
        ("0.12.28", "-default native-tls-alpn", Some(false)),
        ("0.12.28", "-default rustls-tls", Some(false)),
        ("0.12.28", "-default rustls-tls http2", Some(true)),
        ("0.12.28", "-default rustls-tls-native-roots http2", Some(true)),
        ("0.12.28", "http3", Some(true)),
        ("0.12.28", "-default", Some(false)),
        ("0.13.5", "", Some(true)),
        ("0.13.5", "native-tls", Some(true)),
        ("0.13.5", "-default native-tls", Some(false)),
        ("0.13.5", "-default rustls", Some(false)),
        ("0.13.5", "-default rustls http2", Some(true)),
        ("0.13.5", "native-tls-no-alpn", Some(false)),
        ("0.13.5", "native-tls-no-alpn native-tls", Some(true)),
    ] {
        assert_eq!(reqwest_http2(at, words), expected, "{at} {words}");
    }
    let library = rust("reqwest");
    let nothing_known = Resolved::at(version("0.12.28"));
    assert!(library.default_of(&library.client[0], "http2", &nothing_known).is_none());
    assert!(library.no_http2_of(&nothing_known).is_none());
}

#[test]
fn only_a_manifest_that_contradicts_itself_is_told_so() {
    let library = rust("reqwest");
    let refused = |at, words| library.no_http2_of(&asked(library, at, words)).unwrap();
    assert!(refused("0.11.27", "rustls-tls").contradiction.is_some());
    assert!(refused("0.12.28", "rustls-tls json").contradiction.is_some());
    assert!(refused("0.12.28", "").contradiction.is_none());
    assert!(refused("0.12.28", "-default rustls-tls").contradiction.is_none());
    assert!(refused("0.13.5", "-default rustls").contradiction.is_none());
    assert!(library.no_http2_of(&asked(library, "0.12.28", "-default json")).is_none(), "TLS is left to others");
    assert!(refused("0.12.28", "").unless.iter().any(|method| method == "use_rustls_tls"));
    assert!(refused("0.12.28", "-default native-tls").help.contains("`http2` and `native-tls-alpn`"));
    assert!(library.no_http2.iter().all(|spec| !spec.help.contains("prior_knowledge")), "it breaks HTTP/1.1 servers");
}

#[test]
fn a_client_may_have_a_pool_in_some_versions_only() {
    let pools = |name: &str, at: Option<&str>| {
        rust(name).client[0].pools_in(|| at.map(version).map(Resolved::at).unwrap_or_default())
    };
    assert!(pools("rig-core", Some("0.42.0")));
    assert!(!pools("rig-core", Some("0.43.0")), "one pool per process since then");
    assert!(!pools("rig-core", None), "the newest counts");
    assert!(
        !pools("async-openai", Some("0.9.4")) && pools("async-openai", Some("0.9.5")) && pools("async-openai", None)
    );
    assert!(pools("reqwest", None));
}

#[test]
fn libraries_that_build_a_client_for_each_request() {
    let builds = |name: &str, at: &str| rust(name).builds_per_call_in(&Resolved::at(version(at))).is_some();
    for (name, at) in [("langchain-rust", "7.0.0"), ("mistralai-client", "0.14.0"), ("openai-api-rs", "10.0.2")] {
        assert!(builds(name, at), "{name}");
    }
    for (name, at) in [("langchain-rust", "7.0.1"), ("mistralai-client", "0.14.1"), ("openai-api-rs", "10.1.0")] {
        assert!(!builds(name, at), "{name}: nobody has read it");
    }
    assert!(builds("async-openai", "0.9.4") && !builds("async-openai", "0.9.5"));
    assert!(!builds("reqwest", "0.12.28"));
}

#[test]
fn defaults_of_the_blocking_client_differ() {
    let library = rust("reqwest");
    let timeout =
        |at: usize| library.default_of(&library.client[at], "timeout", &Resolved::default()).unwrap().value.clone();
    assert_eq!(timeout(0).as_str(), Some("unlimited"));
    assert_eq!(timeout(1).as_float(), Some(30.0));
}

#[test]
fn settings_without_effect_alone_name_the_one_they_need() {
    let needs = |symbol: &str, method: &str| Clients::embedded().client(symbol).unwrap().1.needs.get(method).cloned();
    let interval = Some("http2_keep_alive_interval".to_owned());
    assert_eq!(needs("reqwest::Client", "http2_keep_alive_timeout"), interval);
    assert_eq!(needs("hyper_util::client::legacy::Client", "http2_keep_alive_while_idle"), interval);
    assert_eq!(needs("tonic::transport::Channel", "keep_alive_timeout"), interval);
}
