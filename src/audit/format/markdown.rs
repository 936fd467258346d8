//! A table in GitHub's Markdown.

use super::columns;
use crate::audit::Inventory;
use std::io;

pub(super) fn write(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let columns = columns::all(inventory);
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    writeln!(out, "{}", row(columns.iter().map(|(name, _)| escaped(name)).collect()))?;
    writeln!(out, "{}", row(columns.iter().map(|_| "---".to_owned()).collect()))?;
    for entry in &inventory.clients {
        writeln!(out, "{}", row(columns.iter().map(|column| escaped(&columns::text(column, entry))).collect()))?;
    }
    Ok(())
}

/// Text that stands as it is: no markup, no tag, no link that a reader did not ask for.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' => escaped.push_str("&#64;"),
            ':' => escaped.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '$' => {
                escaped.extend(['\\', char]);
            }
            char => escaped.push(char),
        }
    }
    // Addresses become links also without a scheme.
    escaped.replace("www.", "www&#46;")
}
