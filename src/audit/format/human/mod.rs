//! A table for the terminal, and below it what each client is set to, and why.

mod defaults;
mod details;
mod table;

use crate::audit::Inventory;
use crate::output::Style;
use crate::output::place::printable;
use defaults::Defaults;
use std::io;

pub(super) fn write(inventory: &Inventory, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let defaults = Defaults::of(&inventory.clients);
    if !inventory.clients.is_empty() {
        writeln!(out, "{}\n", table::of(inventory, style))?;
    }
    defaults.write(style, out)?;
    for (at, entry) in inventory.clients.iter().enumerate() {
        details::write(inventory, at + 1, entry, &defaults, style, out)?;
    }
    for skipped in &inventory.skipped {
        writeln!(out, "skipped {}: {}", printable(&skipped.path), printable(&skipped.reason))?;
    }
    for warning in &inventory.warnings {
        writeln!(out, "{}", printable(warning))?;
    }
    writeln!(out, "{}", closing(inventory))
}

fn closing(inventory: &Inventory) -> String {
    let (all, hot) = (inventory.clients.len(), inventory.clients.iter().filter(|entry| entry.cost.per_call).count());
    let plural = if all == 1 { "" } else { "s" };
    match (all, hot) {
        (0, _) if inventory.files == 0 && inventory.skipped.is_empty() => "No Python or Rust files found.".to_owned(),
        (0, _) => "no clients".to_owned(),
        (_, 0) => format!("{all} client{plural}, none of them built for each call"),
        _ => format!("{all} client{plural}, {hot} of them built for each call"),
    }
}
