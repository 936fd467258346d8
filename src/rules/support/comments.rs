//! Comments as reasons: somebody thought about a setting and said so.

use super::FileView;
use crate::source::Span;

/// What comments for tools start with; they give no reason.
const FOR_TOOLS: &[&str] = &["coldcall:", "noqa", "type:", "nosec", "pylint:", "pragma:", "fmt:", "ruff:"];

/// Whether a comment stands on the line where `span` starts, or alone on the line above it.
pub fn explained(view: &FileView<'_>, span: Span) -> bool {
    let lines = &view.source.lines;
    let line = lines.line_of(span.start);
    view.module.comments.iter().any(|&comment| {
        let last = lines.line_of(comment.end.saturating_sub(1).max(comment.start));
        let start = lines.start_of(lines.line_of(comment.start));
        let alone = view.source.slice(Span::new(start, comment.start)).trim().is_empty();
        let near = last == line || (alone && last + 1 == line);
        near && is_reason(view.source.slice(comment))
    })
}

fn is_reason(comment: &str) -> bool {
    let text = comment.trim_matches(|at: char| at.is_whitespace() || matches!(at, '#' | '/' | '*' | '!'));
    !text.is_empty() && !FOR_TOOLS.iter().any(|tool| text.starts_with(tool))
}
