//! A header asks the server to close the connection after each response.

use super::support::endpoint::{self, SetUp};
use super::{Draft, SiteView};
use crate::model::{Setting, Value};
use crate::source::Span;
use std::collections::BTreeMap;

pub const NAME: &str = "connection-close";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    view.spec()?;
    let span = asked_at(view)?;
    let SetUp { what, trips } = endpoint::set_up(view);
    let measured = "20 calls on one shared client made 20 handshakes";
    Some(
        view.draft(span, "the header `Connection: close` ends the connection after each response")
            .why(format!("Every request pays {what}, {trips}: {measured}."))
            .help("Remove the header: HTTP/1.1 keeps connections by itself, and HTTP/2 forbids it."),
    )
}

/// Whether a header asks the server to close the connection after each response.
pub fn asks_to_close(view: &SiteView<'_>) -> bool {
    asked_at(view).is_some()
}

fn asked_at(view: &SiteView<'_>) -> Option<Span> {
    closes(&view.effective("headers").value)
        .or_else(|| given_by_call(&view.site.arguments))
        .or_else(|| view.uses().iter().find_map(|usage| later(&usage.path, &usage.arguments)))
}

/// A header set after construction, or with one request.
fn later(path: &str, arguments: &BTreeMap<String, Setting>) -> Option<Span> {
    let on_headers = path == "headers" || path.ends_with(".headers");
    if on_headers && let Some(span) = closing_entry(arguments) {
        return Some(span);
    }
    // A request's own: `client.get(url).header("connection", "close")`.
    if path == "header" || path.ends_with(".header") {
        return pair(arguments.get("0"), arguments.get("1"));
    }
    let map = match path {
        "headers.update" => arguments.get("0"),
        "headers" => arguments.get("="),
        _ => arguments.get("headers"),
    };
    map.and_then(|map| closes(&map.value))
}

/// A header that a call on the builder sets: `.default_header("connection", "close")`.
fn given_by_call(arguments: &BTreeMap<String, Setting>) -> Option<Span> {
    ["default_header", "header"].iter().find_map(|name| pair(arguments.get(*name), arguments.get(&format!("{name}.1"))))
}

fn pair(name: Option<&Setting>, value: Option<&Setting>) -> Option<Span> {
    let is_connection = match &name?.value {
        Value::Text(name) => name.eq_ignore_ascii_case("connection"),
        Value::Imported(path) => path.rsplit([':', '.']).next() == Some("CONNECTION"),
        _ => false,
    };
    let value = value?;
    let is_close = matches!(&value.value, Value::Text(text) if text.eq_ignore_ascii_case("close"));
    (is_connection && is_close).then_some(value.span)
}

fn closes(headers: &Value) -> Option<Span> {
    match headers {
        Value::Map(map) => closing_entry(map),
        // A map that was filled call by call.
        Value::Object(object) => closing_entry(&object.arguments),
        _ => None,
    }
}

fn closing_entry(map: &BTreeMap<String, Setting>) -> Option<Span> {
    let (_, setting) = map.iter().find(|(name, setting)| {
        name.eq_ignore_ascii_case("connection")
            && matches!(&setting.value, Value::Text(text) if text.eq_ignore_ascii_case("close"))
    })?;
    Some(setting.span)
}
