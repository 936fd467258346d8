//! `requests.get(..)` and the like: a client inside, built and dropped with each call.

use super::support::cost::{self, Cost};
use super::support::endpoint::{self, Host};
use super::support::sharing;
use super::{Draft, SiteView};
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
    let fixed = spec.fixed_host || endpoint::of_one_shot(view, spec.url) == Host::Fixed;
    let streams = view.site.arguments.get("stream").is_some_and(|stream| stream.value == Value::Bool(true));
    let confidence = match fixed && !streams {
        true => view.lifetime.confidence,
        false => Confidence::Low,
    };
    let pauses = view.site.place.repeats.iter().any(|repeat| repeat.is_real() && repeat.pauses);
    let severity = if level > Level::PerCall && !pauses { Severity::Warning } else { Severity::Advice };
    let advice = sharing::advice(view);
    let instead = sharing::shared_type(view.file.clients, &spec.instead);
    let shared = view.file.clients.client(&instead);
    let caveat = shared.and_then(|(_, client)| client.caveat.as_deref()).unwrap_or_default();
    let lead = match spec.keeps_none {
        true => format!("{} keeps no connection, whatever is shared; `{instead}` does", library.library),
        false => format!("Share one `{instead}`: calls to the same host then reuse its connections"),
    };
    let help = match sharing::blocks_others(view) {
        true => advice.help,
        false => format!("{lead}. {}{}", advice.help, sharing::caveat(view, &advice.help, caveat)),
    };
    let what = match spec.keeps_none {
        true => "Its connection is closed after the response",
        false => "The function makes a client, sends one request and drops both",
    };
    let cost = cost::of(view)
        .map_or(String::new(), |Cost { amount, with, reason }| format!(" It also takes {amount}{with} for {reason}."));
    Some(
        view.draft(
            view.site.place.span,
            format!("`{}(..)` opens a connection of its own {}", view.callee(), view.how_often()),
        )
        .severity(severity)
        .confidence(confidence)
        .why(format!("{what}, so every call pays TCP and TLS set-up: 2 round trips before the request is sent.{cost}"))
        .help(help)
        .suggestion(advice.code)
        .chain(view.lifetime.chain.clone()),
    )
}
