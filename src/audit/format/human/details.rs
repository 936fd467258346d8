//! What one client is set to, and where that comes from: one line for each setting, each step, each user.

use super::super::columns::{calls, connections, findings, library, settings, user};
use super::defaults::{Defaults, SETTINGS};
use crate::audit::{Entry, Inventory, Prediction};
use crate::output::Style;
use crate::output::human::text::wrap;
use crate::output::place::printable;
use owo_colors::OwoColorize;
use std::io;

/// Lines of a list at most; the formats for programs have them all.
const LINES: usize = 6;

/// Columns before the text of a line.
const INDENT: usize = 14;

pub(super) fn write(
    inventory: &Inventory,
    number: usize,
    entry: &Entry,
    defaults: &Defaults,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let head = printable(&format!("{number}  {}  {} ({})", entry.at, entry.symbol, library(entry))).into_owned();
    match style.colour {
        true => writeln!(out, "{}", head.bold())?,
        false => writeln!(out, "{head}")?,
    }
    let built = format!("{} (confidence: {})", entry.lifetime.text, super::super::word(entry.lifetime.confidence));
    item("built", &built, style, out)?;
    let steps = entry.lifetime.chain.iter().filter(|step| step.at != entry.at);
    list("", &steps.map(|step| format!("{} {}", step.at, step.note)).collect::<Vec<_>>(), style, out)?;
    write_settings(entry, defaults, style, out)?;
    list("used by", &entry.users.iter().map(user).collect::<Vec<_>>(), style, out)?;
    item("cost", &entry.cost.text, style, out)?;
    let effect = entry.predicted.as_ref().map_or_else(|| connections(entry), effect);
    item("effect", &format!("{}: {effect}", calls(&inventory.workload)), style, out)?;
    item("findings", &findings(entry), style, out)?;
    writeln!(out)
}

/// What is told of all clients at once is only named.
fn write_settings(entry: &Entry, defaults: &Defaults, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let settings = settings(entry).into_iter().zip(SETTINGS).enumerate();
    let (told, own): (Vec<_>, Vec<_>) = settings.partition(|(at, (cell, _))| defaults.tell(*at, cell));
    for (_, (cell, name)) in own.iter().filter(|(_, (cell, _))| cell.value != "n/a") {
        item(name, &cell.to_string(), style, out)?;
    }
    item("default", &told.iter().map(|(_, (_, name))| *name).collect::<Vec<_>>().join(", "), style, out)
}

fn list(name: &str, items: &[String], style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let shown = if items.len() > LINES + 1 { LINES } else { items.len() };
    for (at, text) in items.iter().take(shown).enumerate() {
        item(if at == 0 { name } else { "" }, text, style, out)?;
    }
    match items.len() - shown {
        0 => Ok(()),
        more => item("", &format!("and {more} more"), style, out),
    }
}

/// A line, or several where the terminal is narrow; nothing where there is no text.
fn item(name: &str, text: &str, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let room = style.width.saturating_sub(INDENT);
    for (at, line) in wrap(&printable(text), room, room.saturating_sub(2)).iter().enumerate() {
        match at {
            _ if line.is_empty() => {}
            0 => writeln!(out, "   {name:<11}{line}")?,
            _ => writeln!(out, "{:INDENT$}  {line}", "")?,
        }
    }
    Ok(())
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
    format!("{} connection{plural}, {}{closed}", predicted.connections, super::super::protocol(predicted.protocol))
}
