//! SARIF 2.1.0, as code scanning services read it.

use super::Describe;
use super::place::{Place, in_order};
use crate::finding::{Finding, Report, Severity, Skipped};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::io;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(report: &Report, describe: Describe<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let findings = in_order(report);
    let rules = Rules::of(&findings);
    let mut fingerprints = Fingerprints::default();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| result(report, finding, rules.index(finding.rule), fingerprints.next(report, finding)))
        .collect();
    let driver = json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.describe(describe),
    });
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications(report) }],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

/// The rules that occur, by name, each with the highest severity that it was given.
struct Rules(BTreeMap<&'static str, Severity>);

impl Rules {
    fn of(findings: &[&Finding]) -> Self {
        let mut rules = BTreeMap::new();
        for finding in findings {
            let severity = rules.entry(finding.rule).or_insert(finding.severity);
            *severity = finding.severity.max(*severity);
        }
        Self(rules)
    }

    fn index(&self, rule: &str) -> usize {
        self.0.range(..rule).count()
    }

    fn describe(&self, describe: Describe<'_>) -> Vec<Value> {
        let entry = |(&name, &severity): (&&str, &Severity)| {
            let text = describe(name);
            let summary = text.as_ref().map_or(name, |text| text.summary.as_str());
            let mut entry = json!({
                "id": name,
                "name": name,
                "shortDescription": { "text": summary },
                "help": { "text": format!("coldcall rule {name}") },
                "defaultConfiguration": { "level": level(severity) },
            });
            if let (Some(entry), Some(url)) = (entry.as_object_mut(), text.and_then(|text| text.url)) {
                entry.insert("helpUri".into(), url.into());
            }
            entry
        };
        self.0.iter().map(entry).collect()
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn result(report: &Report, finding: &Finding, rule: usize, fingerprint: String) -> Value {
    let place = Place::new(report, finding.file, finding.span);
    let text = within_cell(&place) + &sentences(&[&finding.message, &finding.why, &finding.help]);
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [location(&place)],
        "partialFingerprints": { "coldcall/v1": fingerprint },
        "properties": { "confidence": finding.confidence, "evidence": finding.evidence },
    });
    let steps = chain(report, finding);
    if let (Some(result), false) = (result.as_object_mut(), steps.is_empty()) {
        let flow: Vec<Value> = steps.iter().map(|step| json!({ "location": step })).collect();
        result.insert("codeFlows".into(), json!([{ "threadFlows": [{ "locations": flow }] }]));
        result.insert("relatedLocations".into(), steps.into());
    }
    result
}

/// `parts` as sentences; services show the first one as the title.
fn sentences(parts: &[&str]) -> String {
    let parts = parts.iter().map(|part| part.trim().trim_end_matches('.')).filter(|part| !part.is_empty());
    parts.map(|part| format!("{part}.")).collect::<Vec<_>>().join(" ")
}

/// The hops of `finding` as locations, numbered from 1.
fn chain(report: &Report, finding: &Finding) -> Vec<Value> {
    let step = |(index, hop): (usize, &crate::finding::Hop)| {
        let place = Place::new(report, hop.file, hop.span);
        let mut step = location(&place);
        if let Some(step) = step.as_object_mut() {
            step.insert("id".into(), (index + 1).into());
            step.insert("message".into(), json!({ "text": format!("{}{}", within_cell(&place), hop.note) }));
        }
        step
    };
    finding.chain.iter().enumerate().map(step).collect()
}

/// A line within a cell is not a line of the notebook's file: a notebook gets no region, and its text says where.
fn location(place: &Place<'_>) -> Value {
    let artifact = artifact(place.path);
    let (start, end) = (place.start, place.end);
    match start.cell {
        Some(cell) => json!({
            "physicalLocation": { "artifactLocation": artifact },
            "logicalLocations": [{ "fullyQualifiedName": format!("cell {cell}") }],
        }),
        None => json!({
            "physicalLocation": {
                "artifactLocation": artifact,
                "region": {
                    "startLine": start.line, "startColumn": start.column,
                    "endLine": end.line, "endColumn": end.column,
                },
            },
        }),
    }
}

fn within_cell(place: &Place<'_>) -> String {
    place.start.cell.map_or_else(String::new, |cell| format!("Cell {cell}, line {}: ", place.start.line))
}

/// Where `path` is: relative to the root of the sources, or absolute where the path is.
fn artifact(path: &str) -> Value {
    match (path.starts_with('/'), path.as_bytes()) {
        (true, _) => json!({ "uri": format!("file://{}", percent_encoded(path)) }),
        (_, [drive, b':', b'/', rest @ ..]) if drive.is_ascii_alphabetic() => {
            let rest = percent_encoded(&String::from_utf8_lossy(rest));
            json!({ "uri": format!("file:///{}:/{rest}", char::from(*drive)) })
        }
        _ => json!({ "uri": percent_encoded(path), "uriBaseId": "%SRCROOT%" }),
    }
}

fn percent_encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn notifications(report: &Report) -> Vec<Value> {
    let skipped = |skipped: &Skipped| {
        json!({
            "level": "warning",
            "message": { "text": format!("Not analysed: {}", skipped.reason) },
            "locations": [{ "physicalLocation": { "artifactLocation": artifact(&skipped.path) } }],
        })
    };
    let warning = |warning: &String| json!({ "level": "warning", "message": { "text": warning } });
    report.skipped.iter().map(skipped).chain(report.warnings.iter().map(warning)).collect()
}

/// Bytes of a line that count for its fingerprint: enough to tell lines apart, and a bound for files that are one line.
const FINGERPRINT_LINE: usize = 512;

/// Names findings so that they keep their names when lines move: by rule, path, symbol and text of the line, and by a count
/// where those are the same.
#[derive(Default)]
struct Fingerprints(HashMap<u64, usize>);

impl Fingerprints {
    fn next(&mut self, report: &Report, finding: &Finding) -> String {
        let symbol = finding.client.as_ref().map_or("", |client| client.symbol.as_str());
        let (path, line) = report.files.get(finding.file).map_or(("", ""), |file| {
            (file.path.as_str(), file.line_text(file.lines.line_of(finding.span.start)).trim())
        });
        let line = line.as_bytes().get(..FINGERPRINT_LINE).unwrap_or(line.as_bytes());
        let hash = fnv1a(&[finding.rule.as_bytes(), path.as_bytes(), symbol.as_bytes(), line]);
        let count = self.0.entry(hash).or_insert(0);
        *count += 1;
        format!("{hash:016x}:{count}")
    }
}

/// FNV-1a over `parts`, a zero byte after each. The standard library's hasher may change between releases of Rust, and a
/// fingerprint must not.
fn fnv1a(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter().copied().chain(std::iter::once(0)));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
