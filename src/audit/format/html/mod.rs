//! One page that needs nothing else: a table that sorts, and a picture of who shares what.

mod picture;

use super::columns;
use crate::audit::{Entry, Inventory};
use std::io;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(super) fn write(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Clients</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1>{} clients</h1>\n",
        inventory.clients.len()
    )?;
    table(inventory, out)?;
    if inventory.clients.iter().any(|entry| !entry.users.is_empty()) {
        writeln!(
            out,
            "<h2>Who shares what</h2>\n<p>Clients to the left, functions that use them to the right. Dashed: each call builds one.</p>"
        )?;
        picture::write(inventory, out)?;
    }
    write!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>\n")
}

fn table(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let columns = columns::all(inventory);
    let head: String = columns.iter().map(|(name, _)| format!("<th><button>{}</button></th>", escaped(name))).collect();
    writeln!(out, "<table>\n<thead><tr>{head}</tr></thead>\n<tbody>")?;
    for entry in &inventory.clients {
        let cells: String = columns.iter().map(|column| cell(column, entry)).collect();
        let class = if entry.cost.per_call { " class=\"hot\"" } else { "" };
        writeln!(out, "<tr{class}>{cells}</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")
}

fn cell(column: &columns::Column, entry: &Entry) -> String {
    format!("<td>{}</td>", escaped(&columns::text(column, entry)))
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
