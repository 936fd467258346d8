//! One line per finding, for editors, `grep` and logs.

use super::place::{Place, in_order, printable, way};
use super::word;
use crate::finding::Report;
use std::io;

pub(super) fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in in_order(report) {
        let place = Place::new(report, finding.file, finding.span);
        let (severity, rule) = (word(finding.severity), finding.rule);
        let way = way(report, finding).join("; ");
        let way = if way.is_empty() { way } else { format!(" ({way})") };
        writeln!(out, "{place}: {severity}[{rule}] {}{way}", printable(&finding.message))?;
    }
    for skipped in &report.skipped {
        writeln!(out, "{}: skipped: {}", printable(&skipped.path), printable(&skipped.reason))?;
    }
    for warning in &report.warnings {
        writeln!(out, "warning: {}", printable(warning))?;
    }
    Ok(())
}
