//! What is reported: rule-neutral, format-neutral.

use crate::engine::Timings;
use crate::source::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It may help, or depends on the server. Never fails a run by default.
    Advice,
    /// It costs on every call, and that is known.
    Warning,
    /// It fails or leaks for sure.
    Error,
}

/// How sure the analysis is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The callers are unknown.
    Low,
    /// One step of the chain is a convention.
    Medium,
    /// The chain is complete.
    High,
}

/// What a finding rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The source alone.
    Syntax,
    /// The source and a dated fact about the library.
    Version,
}

/// One step of the story, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Index of the file among the run's files.
    pub file: usize,
    /// Where.
    pub span: Span,
    /// What happens there: "built here", "called in `POST /chat`, once per request".
    pub note: String,
}

/// The client that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRef {
    /// Library as people call it.
    pub library: String,
    /// Locked version, where the project says one.
    pub version: Option<String>,
    /// Constructor or function: `httpx.AsyncClient`.
    pub symbol: String,
    /// Place of the construction; findings with the same `(file, span)` are shown as one diagnostic.
    pub span: Span,
}

/// One thing that is wrong, at one place.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Rule name.
    pub rule: &'static str,
    /// Severity after configuration.
    pub severity: Severity,
    /// Confidence.
    pub confidence: Confidence,
    /// Index of the file among the run's files.
    pub file: usize,
    /// Primary place.
    pub span: Span,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Why it costs, with the figure and its source.
    pub why: String,
    /// What to do.
    pub help: String,
    /// Code to write instead, in the user's own names; may span lines.
    pub suggestion: Option<String>,
    /// How the client gets hot: built, returned, called.
    pub chain: Vec<Hop>,
    /// The client.
    pub client: Option<ClientRef>,
    /// Settings that matter here, each as value and origin: `"keepalive_expiry": "5 s (default of httpx 0.28.1)"`.
    pub settings: BTreeMap<&'static str, String>,
    /// What it rests on.
    pub evidence: Evidence,
    /// The exception that stops the program here: `TypeError: ..`.
    pub raises: Option<String>,
    /// It holds for more than its place: of the findings of one rule with the same text here, the first is reported.
    pub once: Option<String>,
}

/// A file that was not analysed, or not wholly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Path as shown.
    pub path: String,
    /// Why, in words for people.
    pub reason: String,
}

/// Everything that a run has to say; the outputs read only this and the files.
#[derive(Debug, Default)]
pub struct Report {
    /// Files that were analysed; findings index this.
    pub files: Vec<crate::source::SourceFile>,
    /// Findings shown, ordered by path, place and rule.
    pub findings: Vec<Finding>,
    /// Files not analysed.
    pub skipped: Vec<Skipped>,
    /// Problems with the project that do not stop the run (a broken lock file), as sentences with the place.
    pub warnings: Vec<String>,
    /// Counts for the closing line.
    pub summary: Summary,
    /// What each stage took.
    pub timings: Timings,
}

/// Counts of a run.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// Of those, test files that were left alone.
    pub tests: usize,
    /// Files that name a client library and were parsed.
    pub parsed: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity advice.
    pub advice: usize,
    /// Findings silenced by comments.
    pub suppressed: usize,
    /// Findings below `--min-confidence`.
    pub below_confidence: usize,
}
