//! The columns that formats with one row for each client have in common.

use crate::audit::{Cell, Entry, Found, Inventory, User, Workload};
use crate::finding::Confidence;
use crate::output::place::printable;

/// What stands in a column.
type Text = fn(&Entry) -> String;

/// Name of a column, and what stands in it.
pub(super) type Column = (String, Text);

/// All columns; one is about the calls of `workload`.
pub(super) fn all(inventory: &Inventory) -> Vec<Column> {
    let columns: [(&str, Text); 17] = [
        ("where", |entry| entry.at.to_string()),
        ("client", |entry| entry.symbol.clone()),
        ("library", |entry| library(entry)),
        ("built", |entry| entry.lifetime.text.clone()),
        ("confidence", |entry| super::word(entry.lifetime.confidence).to_owned()),
        ("how", how),
        ("pool", |entry| entry.settings.pool_max.to_string()),
        ("idle", |entry| entry.settings.pool_idle.to_string()),
        ("keep-alive", |entry| entry.settings.keepalive_expiry.to_string()),
        ("HTTP/2", |entry| entry.settings.http2.to_string()),
        ("timeout", |entry| entry.settings.timeout.to_string()),
        ("connect timeout", |entry| entry.settings.connect_timeout.to_string()),
        ("base URL", |entry| entry.settings.base_url.to_string()),
        ("used by", users),
        ("cost", |entry| entry.cost.text.clone()),
        ("connections", connections),
        ("findings", findings),
    ];
    let name = |name: &str| match name {
        "connections" => format!("connections for {}", calls(&inventory.workload)),
        name => name.to_owned(),
    };
    columns.into_iter().map(|(title, cell)| (name(title), cell)).collect()
}

/// What stands in a column, on one line and without characters that move the cursor.
pub(super) fn text(column: &Column, entry: &Entry) -> String {
    printable(&column.1(entry)).into_owned()
}

/// The number by which a column sorts whose text is of several kinds.
pub(super) fn rank(name: &str, entry: &Entry) -> Option<f64> {
    // What each call pays outweighs what is paid once.
    let each_call = if entry.cost.per_call { 1e6 } else { 0.0 };
    let predicted = || entry.predicted.as_ref().filter(|predicted| predicted.fails.is_none());
    match name {
        "cost" => Some(each_call + entry.cost.construction_ms.unwrap_or(0.0)),
        "built" => Some(f64::from(entry.lifetime.level as u8)),
        "confidence" => Some(f64::from(entry.lifetime.confidence as u8)),
        name if name.starts_with("connections for") => Some(
            predicted()
                .map_or(-1.0, |predicted| f64::from(u32::try_from(predicted.connections.max).unwrap_or(u32::MAX))),
        ),
        _ => None,
    }
}

/// `20 calls`, `3 rounds of 50 calls at once, 6 s apart`.
pub(super) fn calls(workload: &Workload) -> String {
    let calls = match (workload.rounds, workload.at_once) {
        (rounds, 1) => format!("{rounds} calls"),
        (rounds, at_once) => format!("{rounds} rounds of {at_once} calls at once"),
    };
    if workload.gap_s > 0.0 { format!("{calls}, {} s apart", workload.gap_s) } else { calls }
}

/// `httpx 0.28.1`.
pub(super) fn library(entry: &Entry) -> String {
    entry.version.as_ref().map_or_else(|| entry.library.clone(), |version| format!("{} {version}", entry.library))
}

/// The chain of the lifetime: `app.py:6 built here, app.py:9 called here`.
pub(super) fn how(entry: &Entry) -> String {
    entry.lifetime.chain.iter().map(|step| format!("{} {}", step.at, step.note)).collect::<Vec<_>>().join(", ")
}

/// Who uses the client: `Api.ask (app.py:7)`.
pub(super) fn users(entry: &Entry) -> String {
    entry.users.iter().map(user).collect::<Vec<_>>().join(", ")
}

pub(super) fn user(user: &User) -> String {
    match &user.entry {
        Some(entry) => format!("{} ({}, {})", user.function, entry, user.at),
        None => format!("{} ({})", user.function, user.at),
    }
}

/// Connections that the workload makes, or why that is not known.
pub(super) fn connections(entry: &Entry) -> String {
    match (&entry.predicted, &entry.why) {
        (Some(predicted), _) => match &predicted.fails {
            Some(text) => format!("fails: {text}"),
            None => predicted.connections.to_string(),
        },
        (None, Some(why)) => format!("unknown: {why}"),
        (None, None) => "unknown".to_owned(),
    }
}

/// Rules with findings: `client-per-call, pool-too-small (low)`, the last of low confidence.
pub(super) fn findings(entry: &Entry) -> String {
    let named = |found: &Found| match found.confidence {
        Confidence::Low => format!("{} (low)", found.rule),
        Confidence::Medium | Confidence::High => found.rule.to_owned(),
    };
    entry.findings.iter().map(named).collect::<Vec<_>>().join(", ")
}

/// `100/20`: connections at most, and kept while idle.
pub(super) fn pool(entry: &Entry) -> String {
    let of = |cell: &Cell| cell.value.clone();
    match (of(&entry.settings.pool_max), of(&entry.settings.pool_idle)) {
        (max, idle) if max == idle || idle == "n/a" => max,
        (max, idle) if max == "n/a" => format!("{idle} idle"),
        (max, idle) => format!("{max}/{idle}"),
    }
}

/// All settings, in the order in which they are told.
pub(super) fn settings(entry: &Entry) -> [&Cell; 7] {
    let settings = &entry.settings;
    let (pool, idle, kept) = (&settings.pool_max, &settings.pool_idle, &settings.keepalive_expiry);
    [pool, idle, kept, &settings.http2, &settings.timeout, &settings.connect_timeout, &settings.base_url]
}
