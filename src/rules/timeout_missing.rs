//! An async client that may wait for ever, first of all for a connection.

use super::support::endpoint::{self, Host};
use super::support::view::describe;
use super::{Draft, SiteView};
use crate::clients::schema::Mode;
use crate::finding::{Confidence, Severity};
use crate::frameworks::Heat;
use crate::model::{Call, Callee, FunctionId, Value};

pub const NAME: &str = "timeout-missing";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (library, spec) = view.spec().filter(|_| view.is_rust() && !view.lifetime.owned)?;
    let unlimited = |setting: &str| {
        let effective = view.effective(setting);
        effective.is_default() && effective.value == Value::Nothing
    };
    if spec.mode != Mode::Async || !unlimited("connect-timeout") || !unlimited("timeout") {
        return None;
    }
    let bounded = view.uses().iter().any(|usage| usage.path.rsplit('.').next() == Some("timeout"));
    if bounded || endpoint::of_client(view) == Host::Local {
        return None;
    }
    let exposed = view.serves_for_long() && serves_requests(view) && !is_wrapped(view);
    let confidence = if exposed { Confidence::Medium } else { Confidence::Low };
    let place = view.first_place("connect-timeout");
    let help = match place {
        Some(method) => {
            format!("Set `.{method}(Duration::from_secs(5))`; how long an answer may take depends on the service.")
        }
        None => {
            "Give it an HTTP client that has a connect time-out; how long an answer may take depends on the service."
                .to_owned()
        }
    };
    Some(
        view.draft(
            view.site.place.span,
            format!("{} waits for a connection without limit: {} sets none", view.short(), library.library),
        )
        .severity(Severity::Advice)
        .confidence(confidence)
        .why(why(view))
        .help(help)
        .setting("connect_timeout", describe(&view.effective("connect-timeout"), " s")),
    )
}

/// What may hold a call, and for how long.
fn why(view: &SiteView<'_>) -> String {
    let silent = match view.site.arguments.contains_key("read_timeout") {
        true => "",
        false => ", and one that accepts and stays silent holds it for ever",
    };
    format!(
        "A host that does not answer holds the call for as long as the operating system retries, about 2 minutes on Linux{silent}."
    )
}

/// The file has code that runs for each request of somebody else.
fn serves_requests(view: &SiteView<'_>) -> bool {
    let mut functions = (0..view.file.module.functions.len()).map(FunctionId);
    functions.any(|function| view.file.entry(function).is_some_and(|entry| entry.heat == Heat::PerRequest))
}

/// A function that sends through it, or one that calls such a function, limits what it awaits: `timeout(limit, future)`.
fn is_wrapped(view: &SiteView<'_>) -> bool {
    let module = view.file.module;
    let senders: Vec<FunctionId> = view.uses().iter().filter_map(|usage| usage.place.function).collect();
    let calls_sender = |call: &&Call| matches!(&call.callee, Callee::Function(called) if senders.contains(called));
    let callers = module.calls.iter().filter(calls_sender).filter_map(|call| call.place.function);
    let mut bodies = senders.iter().copied().chain(callers).map(|id| view.file.source.slice(module.function(id).span));
    bodies.any(calls_timeout)
}

/// `timeout(` or `timeout_at(` as a name of its own: no method, and no part of `connect_timeout(`.
fn calls_timeout(body: &str) -> bool {
    let mut words = body.match_indices("timeout").filter(|(at, word)| {
        let behind = body.get(at + word.len()..).unwrap_or("");
        behind.starts_with('(') || behind.starts_with("_at(")
    });
    words.any(|(at, _)| {
        let before = body.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| before != '.' && before != '_' && !before.is_alphanumeric())
    })
}
