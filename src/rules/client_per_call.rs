//! A client built for each call, request or loop turn.

use super::support::cost::{self, Cost};
use super::support::endpoint::{self, Host, SetUp};
use super::support::sharing;
use super::{Draft, SiteView};
use crate::clients::schema::ClientSpec;
use crate::finding::Confidence;
use crate::lifetime::Level;

pub const NAME: &str = "client-per-call";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (library, spec) = view.spec()?;
    if view.lifetime.level < Level::PerCall || view.lifetime.owned {
        return None;
    }
    let (host, cost) = (endpoint::of_client(view), cost::of(view));
    let dear = host == Host::Arbitrary && cost.as_ref().is_some_and(|cost| cost.dear);
    let confidence = match host {
        // The building is paid whatever host it calls.
        Host::Arbitrary if dear => view.lifetime.confidence.min(Confidence::Medium),
        Host::Arbitrary | Host::Local => Confidence::Low,
        // What is built is a shell around a pool that others have too, as far as is known.
        _ if view.has_handed_pool() => Confidence::Low,
        // Each event loop needs a client of its own.
        _ if view.lifetime.new_loop && spec.loop_bound => Confidence::Low,
        Host::Fixed | Host::Unknown if endpoint::listens(view) => Confidence::Low,
        Host::Fixed | Host::Unknown => view.lifetime.confidence,
    };
    let advice = sharing::advice(view);
    let caveat = caveat(view, spec, &advice.help);
    let pool = match library.library.as_str() {
        "grpcio" | "tonic" => "channel",
        _ => "pool",
    };
    let why = match cost {
        Some(Cost { amount, with, reason, .. }) if dear => {
            format!("Building it takes {amount}{with}, for {reason}: that is paid whatever host it then calls.")
        }
        cost => first_request(view, pool, cost),
    };
    let saved = if dear { " That saves the building, whatever hosts it calls." } else { "" };
    Some(
        view.draft(view.whole(), format!("{} is built {}", view.short(), view.how_often()))
            .confidence(confidence)
            .why(why)
            .help(format!("{}{saved}{caveat}", advice.help))
            .suggestion(advice.code)
            .chain(view.lifetime.chain.clone()),
    )
}

/// What the first request over the empty `pool` pays.
fn first_request(view: &SiteView<'_>, pool: &str, cost: Option<Cost>) -> String {
    let SetUp { what, trips } = endpoint::set_up(view);
    let cost = cost.map_or(String::new(), |Cost { amount, with, reason, .. }| {
        format!(" Building it takes {amount} more{with}, for {reason}.")
    });
    format!(
        "A new client starts with an empty {pool}: its first request looks up the name and pays {what}, {trips} before the \
         request is sent.{cost}"
    )
}

/// What is said about a client that was handed in concerns only those who hand one in.
fn caveat(view: &SiteView<'_>, spec: &ClientSpec, help: &str) -> String {
    let concerns = |caveat: &&String| {
        let named = spec.carries.iter().find(|argument| caveat.contains(argument.as_str()));
        named.is_none_or(|argument| view.site.arguments.contains_key(argument))
    };
    let caveat = spec.caveat.as_ref().filter(concerns);
    caveat.map_or(String::new(), |caveat| sharing::caveat(view, help, caveat))
}
