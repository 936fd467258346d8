//! Clients on one side, the functions that use them on the other, and lines between them.

use super::escaped;
use crate::audit::format::columns;
use crate::audit::format::shorten::shorter;
use crate::audit::{Entry, Inventory, User};
use crate::output::place::printable;
use std::collections::BTreeMap;
use std::io;

const ROW: usize = 26;
const CLIENTS: usize = 380;
const USERS: usize = 720;
const WIDTH: usize = 1100;
/// Longer labels are shortened; the whole text is the tool tip.
const LABEL: usize = 52;
const DOTS: &str = "…";

pub(super) fn write(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let used: Vec<&Entry> = inventory.clients.iter().filter(|entry| !entry.users.is_empty()).collect();
    let users = rows(&used);
    let height = ROW * (used.len().max(users.len()) + 1);
    let name = format!("{} clients, {} functions that use them, and who uses which", used.len(), users.len());
    writeln!(
        out,
        "<svg viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{name}\">"
    )?;
    for (row, entry) in used.iter().enumerate() {
        let dashed = if entry.connects_anew() { " stroke-dasharray=\"4 3\"" } else { "" };
        for to in entry.users.iter().filter_map(|user| users.get(&key(user))) {
            let (from, to) = (middle(row), middle(to.0));
            let bend = (CLIENTS + USERS) / 2;
            writeln!(out, "<path d=\"M{CLIENTS} {from} C{bend} {from} {bend} {to} {USERS} {to}\"{dashed}/>")?;
        }
    }
    for (row, entry) in used.iter().enumerate() {
        let whole = format!("{} {}", entry.symbol, entry.at);
        let (name, place) = fitted(&entry.symbol, &entry.at.to_string());
        label((&format!("{name} {place}"), &whole), CLIENTS - 8, middle(row), "end", out)?;
    }
    for (row, user) in users.values() {
        let (name, place) = fitted(&user.function, &user.at.to_string());
        label((&format!("{name} ({place})"), &columns::user(user)), USERS + 8, middle(*row), "start", out)?;
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

/// Both parts of a label in the room that there is: what one does not need the other may take.
fn fitted(name: &str, place: &str) -> (String, String) {
    let length = |text: &str| text.chars().count();
    let place = shorter(place, LABEL.saturating_sub(length(name)).max(LABEL / 2), DOTS);
    let room = LABEL.saturating_sub(length(&place));
    if length(name) <= room {
        return (name.to_owned(), place);
    }
    let cut: String = name.chars().take(room.saturating_sub(1)).collect();
    (cut + DOTS, place)
}

/// A label as it is shown, with the whole text as its tool tip.
fn label((shown, whole): (&str, &str), x: usize, y: usize, anchor: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let (shown, whole) = (escaped(&printable(shown)), escaped(&printable(whole)));
    writeln!(out, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\"><title>{whole}</title>{shown}</text>")
}
