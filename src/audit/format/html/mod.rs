//! One page that needs nothing else: a table that sorts, and a picture of who shares what.

mod picture;

use super::columns;
use crate::audit::{Entry, Inventory};
use crate::output::place::printable;
use std::io;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(super) fn write(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let title = match inventory.folder.as_str() {
        "" => "Clients".to_owned(),
        folder => format!("Clients of {}", escaped(&printable(folder))),
    };
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1>{title}</h1>\n"
    )?;
    about(inventory, out)?;
    table(inventory, out)?;
    if inventory.clients.iter().any(|entry| !entry.users.is_empty()) {
        sharing(inventory, out)?;
    }
    not_read(inventory, out)?;
    write!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>\n")
}

/// What made the page, and which calls it foresees.
fn about(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let workload = &inventory.workload;
    let protocol = if workload.server_http2 { "offers HTTP/2" } else { "speaks HTTP/1.1 only" };
    let kept = workload.server_keep_alive_s.map_or_else(
        || "outlives the client".to_owned(),
        |seconds| format!("closes connections that are idle for {seconds} s"),
    );
    writeln!(
        out,
        "<p>{}, listed by coldcall {}. Connections are those of {} to a server that {protocol} and {kept}.</p>",
        counted(inventory.clients.len(), "client"),
        env!("CARGO_PKG_VERSION"),
        columns::calls(workload)
    )
}

/// The picture, with what it leaves out.
fn sharing(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let unused = inventory.clients.iter().filter(|entry| entry.users.is_empty()).count();
    let left_out = match unused {
        0 => String::new(),
        unused => format!(" Left out: {} that no function in sight uses.", counted(unused, "client")),
    };
    writeln!(
        out,
        "<h2>Who shares what</h2>\n<p>Clients to the left, functions that use them to the right. Dashed: each call \
         connects anew.{left_out}</p>"
    )?;
    picture::write(inventory, out)
}

/// Files that were skipped, and warnings.
fn not_read(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let skipped = inventory.skipped.iter().map(|skipped| format!("skipped {}: {}", skipped.path, skipped.reason));
    let lines: Vec<String> = skipped.chain(inventory.warnings.iter().cloned()).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let items: String = lines.iter().map(|line| format!("<li>{}</li>\n", escaped(&printable(line)))).collect();
    writeln!(out, "<h2>Not read, and warnings</h2>\n<ul>\n{items}</ul>")
}

fn counted(number: usize, name: &str) -> String {
    format!("{number} {name}{}", if number == 1 { "" } else { "s" })
}

fn table(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let columns = columns::all(inventory);
    let names = std::iter::once("#").chain(columns.iter().map(|(name, _)| name.as_str()));
    let head: String = names.map(|name| format!("<th><button>{}</button></th>", escaped(name))).collect();
    writeln!(out, "<table>\n<thead><tr>{head}</tr></thead>\n<tbody>")?;
    for (at, entry) in inventory.clients.iter().enumerate() {
        let cells: String = columns.iter().map(|column| cell(column, entry)).collect();
        let class = if entry.cost.per_call { " class=\"hot\"" } else { "" };
        writeln!(out, "<tr{class}><td>{}</td>{cells}</tr>", at + 1)?;
    }
    writeln!(out, "</tbody>\n</table>")
}

/// A cell, with the number that it sorts by where its text does not.
fn cell(column: &columns::Column, entry: &Entry) -> String {
    let key = columns::rank(&column.0, entry).map_or(String::new(), |rank| format!(" data-rank=\"{rank}\""));
    format!("<td{key}>{}</td>", escaped(&columns::text(column, entry)))
}

/// Text as it stands, in elements and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            char => escaped.push(char),
        }
    }
    escaped
}
