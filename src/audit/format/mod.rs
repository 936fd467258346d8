//! How an inventory reaches people and programs: one file per format, all of them over [`Inventory`] and nothing else.

mod columns;
mod csv;
mod html;
mod human;
mod json;
mod markdown;
mod shorten;

use super::{Inventory, Protocol};
use crate::finding::Confidence;
use crate::output::Style;
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
    /// One row for each client, for spreadsheets.
    Csv,
    /// A table in GitHub's Markdown.
    Markdown,
    /// One page that needs nothing else, with a table that sorts and a picture of who shares what.
    Html,
}

/// Writes `inventory` to `out` in `format`, with the same bytes on every run.
///
/// # Errors
/// Whatever writing to `out` returns.
pub fn write(inventory: &Inventory, format: Format, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(inventory, style, out)?,
        Format::Json => json::write(inventory, out)?,
        Format::Csv => csv::write(inventory, out)?,
        Format::Markdown => markdown::write(inventory, out)?,
        Format::Html => html::write(inventory, out)?,
    }
    out.flush()
}

/// The word for `confidence` in every format that people read.
fn word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// The word for `protocol` in every format that people read.
fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Http2 => "HTTP/2",
        Protocol::Http1 => "HTTP/1.1",
        Protocol::Mixed => "HTTP/1.1 and HTTP/2",
        Protocol::Unknown => "protocol unknown",
    }
}
