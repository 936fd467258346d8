//! GitHub workflow commands: each line becomes an annotation of the run and, in a pull request, of the line.

use super::place::{Place, in_order, way};
use crate::finding::{Finding, Report, Severity};
use std::io;

pub(super) fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in in_order(report) {
        write_finding(report, finding, out)?;
    }
    for skipped in &report.skipped {
        let (path, reason) = (property(&skipped.path), data(&skipped.reason));
        writeln!(out, "::notice file={path},title=coldcall (skipped)::{reason}")?;
    }
    for warning in &report.warnings {
        writeln!(out, "::warning title=coldcall::{}", data(warning))?;
    }
    Ok(())
}

fn write_finding(report: &Report, finding: &Finding, out: &mut dyn io::Write) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    let place = Place::new(report, finding.file, finding.span);
    write!(out, "::{command} file={}{}", property(place.path), region(&place))?;
    write!(out, ",title=coldcall ({})::", property(finding.rule))?;
    // A line within a cell is not a line of the notebook's file, so it goes into the text.
    if let Some(cell) = place.start.cell {
        write!(out, "cell {cell}, line {}: ", place.start.line)?;
    }
    write!(out, "{}", data(&finding.message))?;
    for hop in way(report, finding) {
        write!(out, "%0A  {}", data(&hop))?;
    }
    writeln!(out, "%0Ahelp: {}", data(&finding.help))
}

/// The properties for the lines and columns of `place`; the columns only within one line, since annotations take no others.
fn region(place: &Place<'_>) -> String {
    let (start, end) = (place.start, place.end);
    match (start.cell, start.line == end.line) {
        (Some(_), _) => String::new(),
        (None, true) => {
            format!(",line={},col={},endLine={},endColumn={}", start.line, start.column, end.line, end.column)
        }
        (None, false) => format!(",line={},endLine={}", start.line, end.line),
    }
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, where `:` and `,` would end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
