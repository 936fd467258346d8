//! How an inventory reaches people and programs: one file per format, all of them over [`Inventory`] and nothing else.

mod json;

use super::Inventory;
use serde::{Deserialize, Serialize};
use std::io;

/// The shape of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A table for the terminal, with the details below it.
    #[default]
    Human,
    /// One JSON document, `schema_version` 1.
    Json,
}

/// Writes `inventory` to `out` in `format`, with the same bytes on every run.
///
/// # Errors
/// Whatever writing to `out` returns.
pub fn write(inventory: &Inventory, format: Format, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Human | Format::Json => json::write(inventory, out)?,
    }
    out.flush()
}
