//! Defaults that several clients have, told once.

use super::super::columns::settings;
use crate::audit::{Cell, Entry};
use crate::output::Style;
use crate::output::human::text::wrap;
use crate::output::place::printable;
use std::collections::BTreeMap;
use std::io;

/// How the origin of a default begins.
const DEFAULT_OF: &str = "default of ";

/// For each library and setting, the one default that several clients have.
pub(super) struct Defaults(BTreeMap<(String, usize), String>);

impl Defaults {
    pub(super) fn of(clients: &[Entry]) -> Self {
        let mut seen: BTreeMap<(String, usize), Vec<&str>> = BTreeMap::new();
        for (at, cell) in clients.iter().flat_map(|entry| settings(entry).into_iter().enumerate()) {
            if let Some(library) = library(cell) {
                seen.entry((library.to_owned(), at)).or_default().push(&cell.value);
            }
        }
        let several = |values: &Vec<&str>| values.len() > 1 && values.windows(2).all(|pair| pair[0] == pair[1]);
        let told = seen.into_iter().filter(|(_, values)| several(values));
        Self(told.filter_map(|(key, values)| Some((key, (*values.first()?).to_owned()))).collect())
    }

    /// Whether setting number `at` of a client is told by these.
    pub(super) fn tell(&self, at: usize, cell: &Cell) -> bool {
        library(cell).is_some_and(|library| self.0.contains_key(&(library.to_owned(), at)))
    }

    pub(super) fn write(&self, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut libraries: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for ((library, at), value) in &self.0 {
            let name = SETTINGS.get(*at).unwrap_or(&"");
            libraries.entry(library).or_default().push(format!("{name} {value}"));
        }
        for (library, values) in &libraries {
            let text = printable(&format!("defaults of {library}: {}", values.join(", "))).into_owned();
            writeln!(out, "{}", wrap(&text, style.width, style.width.saturating_sub(3)).join("\n   "))?;
        }
        if libraries.is_empty() { Ok(()) } else { writeln!(out) }
    }
}

/// Names of the settings, in the order of [`settings`].
pub(super) const SETTINGS: [&str; 7] = ["pool", "idle", "keep-alive", "HTTP/2", "timeout", "connecting", "base URL"];

/// `httpx 0.28.1`, where the value is its default.
fn library(cell: &Cell) -> Option<&str> {
    cell.origin.strip_prefix(DEFAULT_OF).filter(|_| !matches!(cell.value.as_str(), "n/a" | "unknown"))
}
