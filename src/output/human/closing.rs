//! What was not analysed, and the line that sums up.

use super::Context;
use super::text::{count, paint, painted, wrap};
use crate::finding::{Report, Severity, Summary};
use crate::output::place::printable;
use owo_colors::Style as Paint;
use std::io;

pub(super) fn write(context: Context<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let Context { report, style, .. } = context;
    if !report.skipped.is_empty() {
        writeln!(out, "{}", painted("Not analysed:", Paint::new().bold(), style))?;
        for skipped in &report.skipped {
            writeln!(out, "  {}: {}", printable(&skipped.path), printable(&skipped.reason))?;
        }
        writeln!(out)?;
    }
    for warning in &report.warnings {
        let tag = painted("warning", paint(Severity::Warning), style);
        let lines = wrap(&printable(warning), style.width.saturating_sub(9), style.width.saturating_sub(2));
        writeln!(out, "{tag}: {}", lines.join("\n  "))?;
    }
    if !report.warnings.is_empty() {
        writeln!(out)?;
    }
    let summary = wrap(&summary(report), style.width, style.width).join("\n");
    writeln!(out, "{}", painted(&summary, Paint::new().bold(), style))
}

fn summary(report: &Report) -> String {
    let summary = &report.summary;
    if summary.files == 0 && report.findings.is_empty() && report.skipped.is_empty() {
        return "No Python or Rust files found.".to_owned();
    }
    let mut text = match report.findings.is_empty() {
        true if summary.files == 0 => "Nothing was checked".to_owned(),
        true => format!("No cold calls found in {}", files(summary)),
        false => format!("{} in {}", severities(report), files(summary)),
    };
    let asides = asides(report);
    if asides.is_empty() {
        text.push_str(if report.findings.is_empty() { "." } else { "" });
    } else {
        text.push_str("; ");
        text.push_str(&asides.join("; "));
    }
    text
}

/// `1 error, 3 warnings, 2 advice`, without the zeros.
fn severities(report: &Report) -> String {
    let number = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, advice) = (number(Severity::Error), number(Severity::Warning), number(Severity::Advice));
    let parts = [
        (errors, count(errors, "error")),
        (warnings, count(warnings, "warning")),
        (advice, format!("{advice} advice")),
    ];
    parts.into_iter().filter(|(number, _)| *number > 0).map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

/// `14 files (5 use a client library)`.
fn files(summary: &Summary) -> String {
    let uses = match summary.parsed {
        0 => "none uses a client library".to_owned(),
        1 => "1 uses a client library".to_owned(),
        parsed => format!("{parsed} use a client library"),
    };
    format!("{} ({uses})", count(summary.files, "file"))
}

/// What the counts leave out.
fn asides(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    let mut asides = Vec::new();
    if summary.below_confidence > 0 {
        let findings = count(summary.below_confidence, "finding");
        asides.push(format!("{findings} of low confidence not shown (--min-confidence low)"));
    }
    if summary.suppressed > 0 {
        asides.push(format!("{} silenced by comments", count(summary.suppressed, "finding")));
    }
    if summary.tests > 0 {
        asides.push(format!("{} not reported (--include-tests)", count(summary.tests, "test file")));
    }
    if !report.skipped.is_empty() {
        asides.push(format!("{} not analysed", count(report.skipped.len(), "file")));
    }
    asides
}
