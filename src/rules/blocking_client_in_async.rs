//! A blocking client in async code: it stops the thread that other tasks run on, or panics.

use super::support::endpoint::is_request;
use super::support::sharing;
use super::{Draft, SiteView};
use crate::clients::schema::Mode;
use crate::finding::Confidence;
use crate::model::{ClientUse, SiteKind, UseKind};
use crate::source::Span;

pub const NAME: &str = "blocking-client-in-async";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    if !view.is_rust() || view.mode() != Some(Mode::Sync) || view.lifetime.owned {
        return None;
    }
    // It runs an executor of its own, and panics where it finds itself inside another.
    let panics = view.site.symbol.contains("reqwest::blocking");
    let (span, confidence) = place(view, panics)?;
    let message = match panics {
        true => "a blocking reqwest client in async code: debug builds panic, release builds block the worker thread",
        false => "a blocking call in async code stops the thread that other tasks run on",
    };
    let why = match panics {
        true => {
            "It waits on a runtime of its own inside the one that runs this task; while it waits, and when it is dropped, no \
             other task runs on the thread."
        }
        false => {
            "While it connects and waits for the answer, no other task runs on the thread: set-up and latency are paid by all."
        }
    };
    Some(view.draft(span, message).confidence(confidence).why(why).help(sharing::async_instead(view).help))
}

/// Where it blocks: at the construction, for what does so by being there, or at the first request.
fn place(view: &SiteView<'_>, panics: bool) -> Option<(Span, Confidence)> {
    let own = view.site.place.is_async.then_some(view.site.place.span);
    let uses = view.uses();
    let sends =
        |usage: &&&ClientUse| usage.kind == UseKind::Call && usage.place.is_async && is_request(first(&usage.path));
    let request = uses.iter().find(sends).map(|usage| usage.place.span);
    match (panics, view.site.kind) {
        (true, _) => own.or(request).map(|span| (span, Confidence::High)),
        (false, SiteKind::OneShot) => own.map(|span| (span, Confidence::Medium)),
        (false, SiteKind::Client) if uses.is_empty() => own.map(|span| (span, Confidence::Low)),
        (false, SiteKind::Client) => request.map(|span| (span, Confidence::Medium)),
    }
}

fn first(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}
