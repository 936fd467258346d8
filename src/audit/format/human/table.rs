//! One row for each client, on one line where the terminal is wide enough.

use super::super::columns::{calls, findings, pool};
use super::super::shorten::shorter;
use crate::audit::{Entry, Inventory, Prediction};
use crate::finding::Confidence;
use crate::lifetime::Level;
use crate::output::Style;
use crate::output::place::printable;
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};

/// Spaces between columns.
const GAP: u16 = 2;

/// Room that a place has at least.
const PLACE: usize = 16;

/// From this width on there is room for the names of findings; below, for their number.
const WIDE: usize = 130;

/// A name up to this length is shown with its library.
const NAME: usize = 16;

pub(super) fn of(inventory: &Inventory, style: &Style) -> Table {
    let rows: Vec<[String; 9]> =
        inventory.clients.iter().enumerate().map(|(at, entry)| row(at + 1, entry, style)).collect();
    let full = filled(inventory, rows.clone(), style);
    let others = full.column_max_content_widths().into_iter().enumerate().filter(|(column, _)| *column != 1);
    let others: usize = others.map(|(_, width)| usize::from(width + GAP)).sum();
    let room = style.width.saturating_sub(others).max(PLACE);
    let dots = if style.unicode { "…" } else { "..." };
    let shortened = rows.into_iter().map(|mut row| {
        row[1] = shorter(&row[1], room, dots);
        row
    });
    filled(inventory, shortened.collect(), style)
}

fn filled(inventory: &Inventory, rows: Vec<[String; 9]>, style: &Style) -> Table {
    let mut table = Table::new();
    let line = if style.unicode { '─' } else { '-' };
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill(line)));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(style.width).unwrap_or(u16::MAX));
    let calls = calls(&inventory.workload);
    table.set_header(["#", "where", "client", "built", "pool", "kept", "HTTP/2", &calls, "findings"]);
    table.add_rows(rows);
    let last = table.column_count().saturating_sub(1);
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if at == last { 0 } else { GAP }));
    }
    table
}

fn row(number: usize, entry: &Entry, style: &Style) -> [String; 9] {
    let findings = if style.width < WIDE { number_of_findings(entry) } else { findings(entry) };
    let settings = &entry.settings;
    let cells = [
        number.to_string(),
        entry.at.to_string(),
        name(&entry.symbol).to_owned(),
        level(entry).to_owned(),
        pool(entry),
        settings.keepalive_expiry.value.clone(),
        settings.http2.value.clone(),
        foreseen(entry),
        findings,
    ];
    cells.map(|cell| match cell.as_str() {
        "n/a" => if style.unicode { "–" } else { "-" }.to_owned(),
        cell => printable(cell).into_owned(),
    })
}

/// `2, 1 low`: findings, and those of low confidence.
fn number_of_findings(entry: &Entry) -> String {
    let low = entry.findings.iter().filter(|found| found.confidence == Confidence::Low).count();
    match (entry.findings.len() - low, low) {
        (0, 0) => String::new(),
        (sure, 0) => sure.to_string(),
        (0, low) => format!("{low} low"),
        (sure, low) => format!("{sure}, {low} low"),
    }
}

/// `AsyncClient` of `httpx.AsyncClient`; short names say too little without their library.
fn name(symbol: &str) -> &str {
    let last = symbol.rsplit(['.', ':']).next().unwrap_or(symbol);
    let is_type = last.starts_with(|first: char| first.is_uppercase());
    if is_type && symbol.chars().count() > NAME { last } else { symbol }
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

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn long_names_are_shown_without_their_library() {
        for (symbol, told) in [
            ("httpx.AsyncClient", "AsyncClient"),
            ("reqwest::Client", "reqwest::Client"),
            ("reqwest::blocking::Client", "Client"),
            ("requests.api.something.get", "requests.api.something.get"),
        ] {
            assert_eq!(name(symbol), told);
        }
    }
}
