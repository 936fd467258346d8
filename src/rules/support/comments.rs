//! Comments as reasons: somebody thought about a setting and said so.

use super::{FileView, SiteView};
use crate::source::Span;

/// What comments for tools start with; they give no reason.
const FOR_TOOLS: &[&str] = &["coldcall:", "noqa", "type:", "nosec", "pylint:", "pragma:", "fmt:", "ruff:"];

/// Words by which a function's own documentation speaks of keeping connections.
const CONNECTIONS: &[&str] = &["pool", "idle", "keep-alive", "keepalive", "keep alive", "connection"];

/// Whether somebody gave a reason for the setting at `span`: beside it, beside the construction of the client, or in the
/// documentation of the function that builds it.
pub fn explained(view: &SiteView<'_>, span: Span) -> bool {
    let place = &view.site.place;
    let documented = || {
        let function = view.file.module.function(place.function?);
        Some(above(view.file, function.span).any(speaks_of_connections))
    };
    beside(view.file, span) || beside(view.file, place.span) || documented().unwrap_or(false)
}

/// Whether a reason stands on the line where `span` starts, or alone on the line above it.
fn beside(view: &FileView<'_>, span: Span) -> bool {
    let lines = &view.source.lines;
    let line = lines.line_of(span.start);
    view.module.comments.iter().any(|&comment| {
        let last = last_line(view, comment);
        let near = last == line || (is_alone(view, comment) && last + 1 == line);
        near && is_reason(view.source.slice(comment))
    })
}

/// The comments and attributes above a definition are one block with it: its comments, the nearest first.
fn above<'a>(view: &'a FileView<'_>, definition: Span) -> impl Iterator<Item = &'a str> {
    let lines = &view.source.lines;
    let first = lines.line_of(definition.start);
    let is_part = |line: usize| {
        let text = view.source.slice(Span::new(lines.start_of(line), lines.start_of(line + 1))).trim();
        text.starts_with(['/', '*', '#', '@'])
    };
    let top = (0..first).rev().take_while(|&line| is_part(line)).last().unwrap_or(first);
    let block = Span::new(lines.start_of(top), definition.start);
    let comments = view.module.comments.iter().rev().filter(move |comment| block.contains(**comment));
    comments.map(|comment| view.source.slice(*comment))
}

fn last_line(view: &FileView<'_>, comment: Span) -> usize {
    view.source.lines.line_of(comment.end.saturating_sub(1).max(comment.start))
}

fn is_alone(view: &FileView<'_>, comment: Span) -> bool {
    let start = view.source.lines.start_of(view.source.lines.line_of(comment.start));
    view.source.slice(Span::new(start, comment.start)).trim().is_empty()
}

fn speaks_of_connections(comment: &str) -> bool {
    let comment = comment.to_ascii_lowercase();
    CONNECTIONS.iter().any(|word| comment.contains(word))
}

fn is_reason(comment: &str) -> bool {
    let text = comment.trim_matches(|at: char| at.is_whitespace() || matches!(at, '#' | '/' | '*' | '!'));
    !text.is_empty() && !FOR_TOOLS.iter().any(|tool| text.starts_with(tool))
}
