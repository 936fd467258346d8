//! A table for the terminal, and below it what each client is set to, and why.

use super::columns::{calls, connections, findings, how, library, pool, users};
use crate::audit::{Entry, Inventory, Level, Prediction};
use crate::output::Style;
use crate::output::place::printable;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use owo_colors::OwoColorize;
use std::io;

pub(super) fn write(inventory: &Inventory, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    if !inventory.clients.is_empty() {
        writeln!(out, "{}\n", table(inventory, style))?;
    }
    for (at, entry) in inventory.clients.iter().enumerate() {
        details(inventory, at + 1, entry, style, out)?;
    }
    for skipped in &inventory.skipped {
        writeln!(out, "skipped {}: {}", printable(&skipped.path), printable(&skipped.reason))?;
    }
    for warning in &inventory.warnings {
        writeln!(out, "{}", printable(warning))?;
    }
    writeln!(out, "{}", closing(inventory))
}

fn table(inventory: &Inventory, style: &Style) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(style.width).unwrap_or(u16::MAX));
    let calls = calls(&inventory.workload);
    table.set_header(["#", "where", "client", "built", "pool", "kept", "HTTP/2", &calls, "findings"]);
    for (at, entry) in inventory.clients.iter().enumerate() {
        let findings = entry.findings.iter().map(|found| found.rule).collect::<Vec<_>>().join("\n");
        let cells = [entry.at.to_string(), entry.symbol.clone(), level(entry).to_owned(), pool(entry)];
        let settings = [entry.settings.keepalive_expiry.value.clone(), entry.settings.http2.value.clone()];
        let plain = cells.into_iter().chain(settings).map(|cell| printable(&cell).into_owned());
        table.add_row(std::iter::once((at + 1).to_string()).chain(plain).chain([foreseen(entry), findings]));
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 1));
        // What is short stays on one line.
        if [0, 3, 4, 5, 6].contains(&at) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

/// How often it is built, in a word or two.
fn level(entry: &Entry) -> &'static str {
    match entry.lifetime.level {
        _ if entry.lifetime.owned => "with another",
        Level::Once => "once",
        Level::PerObject => "per object",
        Level::PerCall => "per call",
        Level::PerRequest => "per request",
        Level::PerTurn => "per turn",
    }
}

/// Connections that the workload makes.
fn foreseen(entry: &Entry) -> String {
    match &entry.predicted {
        Some(Prediction { fails: Some(_), .. }) => "fails".to_owned(),
        Some(predicted) => predicted.connections.to_string(),
        None if entry.lifetime.owned => "shared".to_owned(),
        None => "unknown".to_owned(),
    }
}

/// What a client is set to, and where that comes from.
fn details(
    inventory: &Inventory,
    number: usize,
    entry: &Entry,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let head = printable(&format!("{number}  {}  {} ({})", entry.at, entry.symbol, library(entry))).into_owned();
    match style.colour {
        true => writeln!(out, "{}", head.bold())?,
        false => writeln!(out, "{head}")?,
    }
    let settings = &entry.settings;
    let built =
        format!("{} (confidence: {}): {}", entry.lifetime.text, super::word(entry.lifetime.confidence), how(entry));
    let calls = format!(
        "{}: {}",
        calls(&inventory.workload),
        entry.predicted.as_ref().map_or_else(|| connections(entry), effect)
    );
    let lines = [
        ("built", built),
        ("pool", settings.pool_max.to_string()),
        ("idle", settings.pool_idle.to_string()),
        ("keep-alive", settings.keepalive_expiry.to_string()),
        ("HTTP/2", settings.http2.to_string()),
        ("timeout", format!("{}; connecting: {}", settings.timeout, settings.connect_timeout)),
        ("base URL", settings.base_url.to_string()),
        ("used by", users(entry)),
        ("cost", entry.cost.text.clone()),
        ("effect", calls),
        ("findings", findings(entry)),
    ];
    for (name, text) in lines.iter().filter(|(_, text)| !text.is_empty() && !text.starts_with("n/a")) {
        writeln!(out, "   {name:<11}{}", printable(text))?;
    }
    writeln!(out)
}

/// `20 connections, HTTP/1.1, 19 closed by the client in between`.
fn effect(predicted: &Prediction) -> String {
    if let Some(text) = &predicted.fails {
        return format!("fails: {text}");
    }
    let plural = if predicted.connections.max == 1 { "" } else { "s" };
    let closed = match predicted.idle_closes.max {
        0 => String::new(),
        _ => format!(", {} closed by the client in between", predicted.idle_closes),
    };
    format!("{} connection{plural}, {}{closed}", predicted.connections, super::protocol(predicted.protocol))
}

fn closing(inventory: &Inventory) -> String {
    let (all, hot) = (inventory.clients.len(), inventory.clients.iter().filter(|entry| entry.cost.per_call).count());
    let plural = if all == 1 { "" } else { "s" };
    match (all, hot) {
        (0, _) => "no clients".to_owned(),
        (_, 0) => format!("{all} client{plural}, none of them built for each call"),
        _ => format!("{all} client{plural}, {hot} of them built for each call"),
    }
}
