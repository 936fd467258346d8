//! One JSON document: the contract for programs. Fields are only ever added within a `schema_version`.

use super::place::{Place, in_order};
use crate::finding::{Confidence, Evidence, Finding, Hop, Report, Severity, Skipped, Summary};
use crate::source::Position;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool,
    findings: Vec<Entry<'a>>,
    skipped: &'a [Skipped],
    warnings: &'a [String],
    summary: &'a Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    severity: Severity,
    confidence: Confidence,
    message: &'a str,
    why: &'a str,
    help: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<&'a str>,
    path: &'a str,
    range: Range,
    chain: Vec<Step<'a>>,
    client: Option<Client<'a>>,
    settings: &'a BTreeMap<&'static str, String>,
    evidence: Evidence,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Step<'a> {
    path: &'a str,
    range: Range,
    note: &'a str,
}

#[derive(Serialize)]
struct Client<'a> {
    library: &'a str,
    version: Option<&'a str>,
    symbol: &'a str,
}

pub(super) fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        schema_version: 1,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        findings: in_order(report).into_iter().map(|finding| entry(report, finding)).collect(),
        skipped: &report.skipped,
        warnings: &report.warnings,
        summary: &report.summary,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn entry<'a>(report: &'a Report, finding: &'a Finding) -> Entry<'a> {
    let Place { path, start, end } = Place::new(report, finding.file, finding.span);
    let client = finding.client.as_ref().map(|client| Client {
        library: &client.library,
        version: client.version.as_deref(),
        symbol: &client.symbol,
    });
    Entry {
        rule: finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        message: &finding.message,
        why: &finding.why,
        help: &finding.help,
        suggestion: finding.suggestion.as_deref(),
        path,
        range: Range { start, end },
        chain: finding.chain.iter().map(|hop| step(report, hop)).collect(),
        client,
        settings: &finding.settings,
        evidence: finding.evidence,
    }
}

fn step<'a>(report: &'a Report, hop: &'a Hop) -> Step<'a> {
    let Place { path, start, end } = Place::new(report, hop.file, hop.span);
    Step { path, range: Range { start, end }, note: &hop.note }
}
