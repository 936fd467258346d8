//! Words on lines: wrapping, counting, painting.

use crate::finding::Severity;
use crate::output::Style;
use owo_colors::{OwoColorize, Style as Paint};

/// Columns that `char` takes on a terminal, near enough for wrapping and clipping.
pub(super) fn columns(char: char) -> usize {
    match char {
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
        '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' => 2,
        '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Columns that `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Breaks `text` at white space into lines of at most `first` columns, then `rest` columns; a longer word stands alone.
/// Line ends in `text` stay.
pub(crate) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.trim_end().split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let limit = if lines.is_empty() { first } else { rest };
            if !line.is_empty() && width(&line) + 1 + width(word) > limit {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// `text` in `paint`, where the style has colour.
pub(super) fn painted(text: &str, paint: Paint, style: &Style) -> String {
    if style.colour { text.style(paint).to_string() } else { text.to_owned() }
}

/// The colour of `severity`.
pub(super) fn paint(severity: Severity) -> Paint {
    match severity {
        Severity::Error => Paint::new().red().bold(),
        Severity::Warning => Paint::new().yellow().bold(),
        Severity::Advice => Paint::new().cyan().bold(),
    }
}

/// `text` as a link to `url`, where the style has hyperlinks and there is an address.
pub(super) fn linked(text: String, url: Option<&str>, style: &Style) -> String {
    match url {
        Some(url) if style.hyperlinks && !url.contains(char::is_control) => {
            format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
        }
        _ => text,
    }
}
