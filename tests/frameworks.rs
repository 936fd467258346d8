//! The knowledge in `rules/frameworks/` is sound and answers as the analysis asks.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use coldcall::frameworks::{Framework, Frameworks, Heat};
use coldcall::model::Decorator;
use coldcall::source::Span;
use std::path::Path;

fn decorator(path: &str, first_text: Option<&str>) -> Decorator {
    let first_text = first_text.map(str::to_owned);
    Decorator {
        path: path.to_owned(),
        resolved: !path.contains("app."),
        first_text,
        span: Span::new(0, 1),
        ..Decorator::default()
    }
}

fn heat(path: &str, first_text: Option<&str>) -> Option<(Heat, bool)> {
    let found = Frameworks::embedded().decorator(&decorator(path, first_text));
    found.map(|found| (found.heat, found.convention))
}

fn params(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn every_file_parses_and_is_embedded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/frameworks");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# "), "{}: no comment at the top", path.display());
        let framework: Framework = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let entries = framework.decorator.len() + framework.base.len() + framework.convention.len();
        assert!(entries > 0, "{}", path.display());
        count += 1;
    }
    assert_eq!(Frameworks::embedded().all().len(), count);
    assert!(count >= 20);
}

#[test]
fn no_path_has_two_heats() {
    let mut seen = std::collections::HashMap::new();
    for spec in Frameworks::embedded().all().iter().flat_map(|framework| &framework.decorator) {
        for path in &spec.paths {
            let before = seen.insert((path, &spec.first_text), spec.heat);
            assert!(before.is_none(), "{path} is listed twice");
        }
    }
}

#[test]
fn resolved_decorators_are_certain() {
    assert_eq!(heat("fastapi.FastAPI.post", Some("/chat")), Some((Heat::PerRequest, false)));
    assert_eq!(heat("celery.shared_task", None), Some((Heat::PerRequest, false)));
    assert_eq!(heat("functools.lru_cache", None), Some((Heat::Memoised, false)));
    assert_eq!(heat("click.command", None), Some((Heat::Once, false)));
    assert_eq!(heat("pytest.fixture", None), Some((Heat::Test, false)));
    assert_eq!(heat("streamlit.cache_data", None), None, "it pickles its value");
    assert_eq!(heat("contextlib.asynccontextmanager", None), None);
}

#[test]
fn unresolved_routers_are_a_convention_that_needs_a_path() {
    assert_eq!(heat("self.app.get", Some("/users")), Some((Heat::PerRequest, true)));
    assert_eq!(heat("app.get", Some("users")), None);
    assert_eq!(heat("cache.get", None), None);
    assert_eq!(heat("fetch", Some("/users")), None, "a bare name is no object's attribute");
    assert_eq!(heat("app.on_event", Some("startup")), Some((Heat::Once, true)));
    assert_eq!(heat("app.on_event", Some("shutdown")), None);
}

#[test]
fn methods_of_known_bases() {
    let method =
        |base, name| Frameworks::embedded().method(base, name, false).map(|found| (found.heat, found.convention));
    assert_eq!(method("langchain_core.tools.BaseTool", "_run"), Some((Heat::PerRequest, false)));
    assert_eq!(method("langchain_core.tools.BaseTool", "helper"), None);
    assert_eq!(method("helloworld_pb2_grpc.GreeterServicer", "SayHello"), Some((Heat::PerRequest, true)));
    assert_eq!(method("helloworld_pb2_grpc.GreeterServicer", "__init__"), None);
    assert_eq!(method("unittest.TestCase", "test_it"), Some((Heat::Test, false)));
}

#[test]
fn conventions_by_name_and_parameters() {
    let found = |name, list: &[&str]| Frameworks::embedded().convention(name, &params(list)).map(|found| found.heat);
    assert_eq!(found("handler", &["event", "context"]), Some(Heat::PerRequest));
    assert_eq!(found("handler", &["request"]), None);
    assert_eq!(found("lambda_handler", &["evt", "ctx"]), Some(Heat::PerRequest));
    assert_eq!(found("main", &[]), Some(Heat::Once));
    assert_eq!(found("lifespan", &["app"]), Some(Heat::Once));
}

#[test]
fn rust_attributes_and_functions_handed_to_calls() {
    for (path, text, expected) in [
        ("actix_web::get", Some("/chat"), Some((Heat::PerRequest, false))),
        ("actix_web::web::get.to", None, Some((Heat::PerRequest, false))),
        ("actix_web::web::resource.route", None, None),
        ("axum::routing::get", None, Some((Heat::PerRequest, false))),
        ("axum::routing::get.post", None, Some((Heat::PerRequest, false))),
        ("axum::middleware::from_fn", None, Some((Heat::PerRequest, false))),
        ("rocket::get", Some("/"), Some((Heat::PerRequest, false))),
        ("get", Some("/"), Some((Heat::PerRequest, true))),
        ("get", None, None),
        ("warp::path.and_then", None, Some((Heat::PerRequest, false))),
        ("?.and_then", None, None),
        ("?.map", None, None),
        ("?.route", None, Some((Heat::PerRequest, true))),
        ("?.to", None, Some((Heat::PerRequest, true))),
        ("poem::handler", None, Some((Heat::PerRequest, false))),
        ("salvo::handler", None, Some((Heat::PerRequest, false))),
        ("tonic::async_trait", None, Some((Heat::PerRequest, false))),
        ("async_trait::async_trait", None, None),
        ("tower::service_fn", None, Some((Heat::PerRequest, false))),
        ("hyper::service::service_fn", None, Some((Heat::PerRequest, false))),
        ("lambda_runtime::service_fn", None, Some((Heat::PerRequest, false))),
        ("rmcp::tool", None, Some((Heat::PerRequest, false))),
        ("rmcp::tool_router", None, None),
        ("teloxide::repl", None, Some((Heat::PerRequest, false))),
        ("poise::command", None, Some((Heat::PerRequest, false))),
        ("tokio::main", None, None),
        ("rocket::launch", None, Some((Heat::Once, false))),
        ("tracing::instrument", None, None),
        ("must_use", None, None),
        ("cfg", None, None),
    ] {
        assert_eq!(heat(path, text), expected, "{path}");
    }
    for test in ["test", "bench", "tokio::test", "rstest::rstest", "sqlx::test", "test_log::test", "actix_web::test"] {
        assert_eq!(heat(test, None).unwrap().0, Heat::Test, "{test}");
    }
}

#[test]
fn methods_of_known_traits() {
    let method = |base, name, constructs| {
        Frameworks::embedded().method(base, name, constructs).map(|found| (found.heat, found.convention))
    };
    assert_eq!(method("tower_service::Service", "call", false), Some((Heat::PerRequest, false)));
    assert_eq!(method("tower::Service", "poll_ready", false), None);
    assert_eq!(method("rig::tool::Tool", "call", false), Some((Heat::PerRequest, false)));
    assert_eq!(method("pb::greeter_server::Greeter", "say_hello", false), Some((Heat::PerRequest, true)));
    assert_eq!(method("greeter_server::Greeter", "say_hello", false), Some((Heat::PerRequest, true)));
    assert_eq!(method("pb::greeter_server::Greeter", "new", true), None, "whoever makes the service calls it");
    assert_eq!(method("axum::extract::FromRequestParts", "from_request_parts", true), Some((Heat::PerRequest, false)));
    assert_eq!(method("rocket::fairing::Fairing", "on_ignite", false), Some((Heat::Once, false)));
    assert_eq!(method("std::default::Default", "default", true), None);
}
