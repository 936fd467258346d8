//! How a report reaches people and programs: one file per format, all of them over [`Report`] and nothing else.

mod colour;
mod concise;
mod github;
pub(crate) mod human;
mod json;
pub(crate) mod place;
mod sarif;

pub use colour::{Colour, use_colour};

use crate::finding::{Report, Severity};
use serde::{Deserialize, Serialize};
use std::io;

/// The shape of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Diagnostics with source, reasons and suggestions, for reading.
    #[default]
    Human,
    /// One line per finding, `path:line:column: severity[rule] message`.
    Concise,
    /// One JSON document, `schema_version` 1.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands, which become annotations.
    Github,
}

/// What the terminal, or whatever stands in its place, can show. Only [`Format::Human`] looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to write ANSI colours.
    pub colour: bool,
    /// Width to wrap text at, in columns.
    pub width: usize,
    /// Whether to draw with characters beyond ASCII.
    pub unicode: bool,
    /// Whether to write OSC 8 hyperlinks.
    pub hyperlinks: bool,
}

/// What a format says of a rule besides its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText {
    /// One sentence on what the rule finds.
    pub summary: String,
    /// Address of the rule's page, where it has one.
    pub url: Option<String>,
}

/// Looks up the text of a rule by its name; `None` where nothing is known of it.
pub type Describe<'a> = &'a dyn Fn(&str) -> Option<RuleText>;

/// Writes `report` to `out` in `format`, ordered by path, place and rule, with the same bytes on every run.
///
/// # Errors
///
/// Whatever writing to `out` returns; a broken pipe among them, which the caller may take for success.
pub fn write(
    report: &Report,
    format: Format,
    style: &Style,
    describe: Describe<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, style, describe, out)?,
        Format::Concise => concise::write(report, out)?,
        Format::Json => json::write(report, out)?,
        Format::Sarif => sarif::write(report, describe, out)?,
        Format::Github => github::write(report, out)?,
    }
    out.flush()
}

/// The word for `severity` in every format that people read.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Advice => "advice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
