//! Connections are closed after every request by the client's own settings.

use super::support::{comments, endpoint};
use super::{Draft, SiteView};
use crate::finding::Confidence;
use crate::model::{ClientUse, Setting, Value};

pub const NAME: &str = "keepalive-disabled";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    switched_off(view).or_else(|| new_key(view))
}

/// Settings of the client that keep no connection.
fn switched_off(view: &SiteView<'_>) -> Option<Draft> {
    view.spec()?;
    let (setting, what) = [
        ("keepalive-expiry", "idle connections expire at once"),
        ("pool-idle", "no idle connection is kept"),
        ("pool-idle-total", "no idle connection is kept"),
        ("force-close", "every connection is closed after its response"),
    ]
    .into_iter()
    .find(|(setting, _)| {
        let effective = view.effective(setting);
        effective.set_at().is_some() && (effective.number() == Some(0.0) || effective.is_true())
    })?;
    let span = view.effective(setting).set_at().filter(|span| !comments::explained(view, *span))?;
    let set_up = endpoint::set_up(view);
    let mark = view.file.source.language.comment_mark();
    Some(
        view.draft(span, format!("keep-alive is off: {what}"))
            .why(format!("Every request pays {}, {}, however long the client lives.", set_up.what, set_up.trips))
            .help(format!(
                "Leave the setting out, or keep a few idle connections for 30 to 60 s. Where the server breaks on reuse, say so in \
                 `{mark} coldcall: ignore[keepalive-disabled] reason`."
            )),
    )
}

/// Requests that are each given an object of their own which is part of the pool's key.
fn new_key(view: &SiteView<'_>) -> Option<Draft> {
    let (library, spec) = view.long_lived()?;
    let uses = view.uses();
    let requests = uses.iter().filter(|usage| endpoint::is_request(&usage.path));
    let (argument, setting) = requests.into_iter().find_map(|usage| {
        let mut given = spec.pool_key.iter().filter_map(|name| Some((name, usage.arguments.get(name)?)));
        given.find(|(_, setting)| is_built_with(view, usage, setting))
    })?;
    Some(
        view.draft(setting.span, format!("`{argument}=` is built anew for each call, so that no connection is used again"))
            .confidence(Confidence::Medium)
            .why(format!(
                "{} keeps connections under host and `{argument}`; a new object is never equal to an older one. 20 calls made 20 \
                 connections (aiohttp 3.14.5, measured 2026-11-22).",
                library.library
            ))
            .help("Build it once, beside the session, and pass the same object to each call; or set it on the connector."),
    )
}

/// Whether the value is built by the function that sends the request, and so for each.
fn is_built_with(view: &SiteView<'_>, usage: &ClientUse, setting: &Setting) -> bool {
    let Value::Object(object) = &setting.value else { return false };
    let sender = usage.place.function.filter(|sender| Some(*sender) != view.site.place.function);
    let sender = sender.map(|id| view.file.module.function(id).span);
    // Built before a loop, it serves all turns.
    let each_turn = usage.place.repeats.iter().all(|repeat| repeat.span.contains(object.span));
    object.symbol.starts_with("ssl.") && each_turn && sender.is_some_and(|sender| sender.contains(object.span))
}
