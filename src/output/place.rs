//! Places and order, as all formats use them.

use crate::finding::{Finding, Hop, Report};
use crate::source::{Position, SourceFile, Span};
use std::borrow::Cow;
use std::fmt;

/// A span of a file, as people and programs count it.
pub(super) struct Place<'a> {
    /// Path as shown.
    pub(super) path: &'a str,
    /// First character.
    pub(super) start: Position,
    /// One past the last character.
    pub(super) end: Position,
}

impl<'a> Place<'a> {
    /// The place of `span` in file number `file` of the run.
    pub(super) fn new(report: &'a Report, file: usize, span: Span) -> Self {
        match report.files.get(file) {
            Some(file) => Self::in_file(file, span),
            None => Self { path: "", start: NOWHERE, end: NOWHERE },
        }
    }

    /// The place of `span` in `file`.
    pub(super) fn in_file(file: &'a SourceFile, span: Span) -> Self {
        let end = span.end.max(span.start);
        Self { path: &file.path, start: file.position(span.start), end: file.position(end) }
    }
}

/// Stands in for a file that the report does not hold, so that a finding is shown rather than lost.
const NOWHERE: Position = Position { line: 1, column: 1, offset: 0, cell: None };

/// `path:line:column`, with `cell N` after the path in a notebook, and without control characters.
impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", printable(self.path))?;
        if let Some(cell) = self.start.cell {
            write!(f, "cell {cell}:")?;
        }
        write!(f, "{}:{}", self.start.line, self.start.column)
    }
}

/// The findings of `report` by path, place and rule, in whatever order they came.
pub(super) fn in_order(report: &Report) -> Vec<&Finding> {
    let path = |finding: &Finding| report.files.get(finding.file).map(|file| file.path.as_str());
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by(|a, b| {
        let place = path(a).cmp(&path(b)).then(a.span.cmp(&b.span));
        place.then(a.rule.cmp(b.rule)).then_with(|| a.message.cmp(&b.message))
    });
    findings
}

/// The hops of a finding's chain behind its own place, each as `path:line note`.
pub(super) fn way(report: &Report, finding: &Finding) -> Vec<String> {
    let own = |hop: &&Hop| hop.file == finding.file && hop.span == finding.span;
    let hops = finding.chain.iter().filter(|hop| !own(hop));
    let place = |hop: &Hop| {
        let place = Place::new(report, hop.file, hop.span);
        let cell = place.start.cell.map_or(String::new(), |cell| format!("cell {cell}:"));
        format!("{}:{cell}{} {}", printable(place.path), place.start.line, printable(&hop.note))
    };
    hops.map(place).collect()
}

/// `text` on one line and without characters that could move the cursor or reorder the line: names and paths come from
/// the code that is checked.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let shown = |char: char| match char {
        '\n' | '\t' => ' ',
        char if is_unprintable(char) => char::REPLACEMENT_CHARACTER,
        char => char,
    };
    Cow::Owned(text.chars().map(shown).collect())
}

/// Whether `char` is a control character or a mark that changes the direction of text.
pub(super) fn is_unprintable(char: char) -> bool {
    char.is_control() || matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
