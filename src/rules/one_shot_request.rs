//! `requests.get(..)` and the like: a client inside, built and dropped with each call.

use super::support::cost::{self, Cost};
use super::support::endpoint::{self, Host, SetUp};
use super::support::sharing::{self, Advice};
use super::{Draft, SiteView};
use crate::clients::schema::{Library, OneShotSpec};
use crate::finding::{Confidence, Severity};
use crate::lifetime::Level;
use crate::model::Value;

pub const NAME: &str = "one-shot-request";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (library, spec) = view.one_shot()?;
    let level = view.lifetime.level;
    if level < Level::PerCall {
        return None;
    }
    let host = if spec.fixed_host { Host::Fixed } else { endpoint::of_one_shot(view, spec.url) };
    let cost = cost::of(view);
    let dear = matches!(host, Host::Arbitrary | Host::Unknown) && cost.as_ref().is_some_and(|cost| cost.dear);
    let streams = view.site.arguments.get("stream").is_some_and(|stream| stream.value == Value::Bool(true));
    let confidence = match host {
        Host::Fixed if !streams => view.lifetime.confidence,
        // The building is paid whatever host it calls.
        _ if dear => view.lifetime.confidence.min(Confidence::Medium),
        _ => Confidence::Low,
    };
    let pauses = view.site.place.repeats.iter().any(|repeat| repeat.is_real() && repeat.pauses);
    let severity = if level > Level::PerCall && !pauses { Severity::Warning } else { Severity::Advice };
    let advice = sharing::advice(view);
    let help = help(view, (library, spec), &advice, dear);
    let why = match cost {
        Some(Cost { amount, with, reason, .. }) if dear => format!(
            "The function makes a client, sends one request and drops both. Making it takes {amount}{with} for {reason}: that is \
             paid whatever host is called."
        ),
        cost => set_up(view, spec, cost),
    };
    Some(
        view.draft(
            view.site.place.span,
            format!("`{}(..)` opens a connection of its own {}", view.callee(), view.how_often()),
        )
        .severity(severity)
        .confidence(confidence)
        .why(why)
        .help(help)
        .suggestion(advice.code)
        .chain(view.lifetime.chain.clone()),
    )
}

/// What each call pays for its connection, and for the client.
fn set_up(view: &SiteView<'_>, spec: &OneShotSpec, cost: Option<Cost>) -> String {
    let SetUp { what, trips } = endpoint::set_up(view);
    let cost = cost.map_or(String::new(), |Cost { amount, with, reason, .. }| {
        format!(" It also takes {amount}{with} for {reason}.")
    });
    let why = match spec.keeps_none {
        true => "Its connection is closed after the response",
        false => "The function makes a client, sends one request and drops both",
    };
    format!("{why}, so every call pays {what}: {trips} before the request is sent.{cost}")
}

/// What to share; `dear` where its building is what counts.
fn help(view: &SiteView<'_>, (library, spec): (&Library, &OneShotSpec), advice: &Advice, dear: bool) -> String {
    if sharing::blocks_others(view) {
        return advice.help.clone();
    }
    let instead = sharing::shared_type(view.file.clients, &spec.instead);
    let shared = view.file.clients.client(&instead);
    let caveat = shared.and_then(|(_, client)| client.caveat.as_deref()).unwrap_or_default();
    let lead = match (spec.keeps_none, dear) {
        (true, _) => format!("{} keeps no connection, whatever is shared; `{instead}` does", library.library),
        (false, true) => format!("Share one `{instead}`: it is then built once, whatever hosts it calls"),
        (false, false) => format!("Share one `{instead}`: calls to the same host then reuse its connections"),
    };
    format!("{lead}. {}{}", advice.help, sharing::caveat(view, &advice.help, caveat))
}
