//! Clients on one side, the functions that use them on the other, and lines between them.

use super::escaped;
use crate::audit::format::columns;
use crate::audit::{Entry, Inventory, User};
use crate::output::place::printable;
use std::collections::BTreeMap;
use std::io;

const ROW: usize = 26;
const CLIENTS: usize = 380;
const USERS: usize = 720;
const WIDTH: usize = 1100;
/// Longer labels are cut; the whole text is the tool tip.
const LABEL: usize = 52;

pub(super) fn write(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let used: Vec<&Entry> = inventory.clients.iter().filter(|entry| !entry.users.is_empty()).collect();
    let users = rows(&used);
    let height = ROW * (used.len().max(users.len()) + 1);
    writeln!(out, "<svg viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">")?;
    for (row, entry) in used.iter().enumerate() {
        let dashed = if entry.cost.per_call { " stroke-dasharray=\"4 3\"" } else { "" };
        for to in entry.users.iter().filter_map(|user| users.get(&key(user))) {
            let (from, to) = (middle(row), middle(to.0));
            let bend = (CLIENTS + USERS) / 2;
            writeln!(out, "<path d=\"M{CLIENTS} {from} C{bend} {from} {bend} {to} {USERS} {to}\"{dashed}/>")?;
        }
    }
    for (row, entry) in used.iter().enumerate() {
        let text = format!("{} {}", entry.symbol, entry.at);
        label(&text, CLIENTS - 8, middle(row), "end", out)?;
    }
    for (row, user) in users.values() {
        label(&columns::user(user), USERS + 8, middle(*row), "start", out)?;
    }
    writeln!(out, "</svg>")
}

/// The row of each function, in the order of the clients that it uses first.
fn rows<'a>(entries: &[&'a Entry]) -> BTreeMap<(&'a str, usize, &'a str), (usize, &'a User)> {
    let mut users = BTreeMap::new();
    for user in entries.iter().flat_map(|entry| &entry.users) {
        let next = users.len();
        users.entry(key(user)).or_insert((next, user));
    }
    users
}

fn key(user: &User) -> (&str, usize, &str) {
    // Outside of functions, a file is one user.
    let offset = if user.function == "module level" { 0 } else { user.at.start.offset };
    (&user.at.path, offset, &user.function)
}

fn middle(row: usize) -> usize {
    ROW * (row + 1)
}

fn label(text: &str, x: usize, y: usize, anchor: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let text = printable(text);
    let cut: String = text.chars().take(LABEL).collect();
    let shown = if cut.len() < text.len() { format!("{cut}...") } else { cut };
    let (shown, whole) = (escaped(&shown), escaped(&text));
    writeln!(out, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\"><title>{whole}</title>{shown}</text>")
}
