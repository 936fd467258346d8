//! Source with labels: the places of a diagnostic, cut into windows, each drawn by miette.

use super::excerpt::{Excerpt, Look};
use super::text::{paint, width, wrap};
use crate::finding::{Report, Severity};
use crate::output::Style;
use crate::output::place::printable;
use crate::source::{SourceFile, Span};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, SourceSpan, ThemeCharacters,
    ThemeStyles,
};
use owo_colors::Style as Paint;
use std::fmt;

/// Lines of the primary span shown after its first.
const TAIL: usize = 4;
/// Lines between two labels that share a window.
const GAP: usize = 3;
/// Lines of a window, at most, so that a long chain of near labels stays a snippet.
const TALL: usize = 16;

/// A place with words.
#[derive(Clone)]
pub(super) struct Mark {
    /// Index of the file.
    pub(super) file: usize,
    /// Where; shown up to the end of its first line.
    pub(super) span: Span,
    /// What to say there; may be empty.
    pub(super) note: String,
    /// Whether the diagnostic is about this place.
    pub(super) primary: bool,
}

/// Marks that are near enough to be one snippet.
pub(super) struct Window {
    file: usize,
    first: usize,
    last: usize,
    /// The first one is what the window is about.
    marks: Vec<Mark>,
}

impl Window {
    /// A window on `mark` alone: with its surroundings for the primary place, else its line.
    pub(super) fn new(report: &Report, mark: Mark) -> Option<Self> {
        let file = report.files.get(mark.file)?;
        let line = file.lines.line_of(mark.span.start);
        let (mut first, mut last) = (line, line);
        if mark.primary {
            let end = file.lines.line_of(mark.span.end.saturating_sub(1)).clamp(line, line + TAIL);
            first = line.saturating_sub(1);
            last = end + 1;
        }
        let (top, bottom) = cell_lines(file, line);
        Some(Self { file: mark.file, first: first.max(top), last: last.min(bottom), marks: vec![mark] })
    }

    /// Takes `mark` in, where it is near; else gives it back.
    pub(super) fn take(&mut self, report: &Report, mark: Mark) -> Result<(), Mark> {
        let Some(file) = report.files.get(mark.file).filter(|_| mark.file == self.file) else { return Err(mark) };
        let line = file.lines.line_of(mark.span.start);
        let (top, bottom) = cell_lines(file, line);
        let (first, last) = (self.first.min(line), self.last.max(line));
        let near = line + GAP >= self.first && line <= self.last + GAP && last - first < TALL;
        if !near || self.first < top || self.last > bottom || self.marks.iter().any(|other| overlap(file, other, &mark))
        {
            return Err(mark);
        }
        (self.first, self.last) = (first, last);
        self.marks.push(mark);
        Ok(())
    }

    /// Whether a line of this window is already in one of `others`, where it would be shown twice.
    pub(super) fn collides(&self, others: &[Window]) -> bool {
        others.iter().any(|other| other.file == self.file && self.first <= other.last && other.first <= self.last)
    }

    /// Draws the window. Lines end without white space.
    pub(super) fn draw(&self, report: &Report, severity: Severity, style: &Style) -> String {
        let (Some(file), Some(head)) = (report.files.get(self.file), self.marks.first()) else { return String::new() };
        let (first, last) = self.without_blank_edges(file);
        let gutter = (last + 1).to_string().len() + 5;
        let look = Look {
            columns: style.width.saturating_sub(gutter).max(30),
            ellipsis: if style.unicode { "…" } else { "..." },
            unprintable: if style.unicode { char::REPLACEMENT_CHARACTER } else { '?' },
        };
        let spans: Vec<Span> = self.marks.iter().map(|mark| mark.span).collect();
        let (excerpt, placed) = Excerpt::new(file, first..=last, &spans, file.position(head.span.start), look);
        let mut labels: Vec<(SourceSpan, &Mark)> = placed.into_iter().zip(&self.marks).collect();
        labels.sort_by_key(|(place, _)| place.offset());
        let paints =
            labels.iter().map(|(_, mark)| if mark.primary { paint(severity) } else { Paint::new().blue().bold() });
        let handler = handler(style, paints.collect());
        let labels = labels.iter().map(|(place, mark)| {
            let column = excerpt.column(place.offset()) + place.len() / 2 + gutter + 4;
            let room = look.columns.max(style.width.saturating_sub(1)).saturating_sub(column);
            label(*place, mark, room)
        });
        render(&handler, &Snippet { labels: labels.collect(), excerpt: &excerpt })
    }

    fn without_blank_edges(&self, file: &SourceFile) -> (usize, usize) {
        let marked = |line: usize| self.marks.iter().any(|mark| file.lines.line_of(mark.span.start) == line);
        let blank = |line: &usize| !marked(*line) && file.line_text(*line).trim().is_empty();
        let first = (self.first..=self.last).find(|line| !blank(line)).unwrap_or(self.first);
        let last = (first..=self.last).rev().find(|line| !blank(line)).unwrap_or(first);
        (first, last)
    }
}

/// First and last line of the notebook cell that holds `line`; of the file, where it has no cells.
fn cell_lines(file: &SourceFile, line: usize) -> (usize, usize) {
    let first = file.cells.iter().rev().map(|cell| cell.first_line).find(|&first| first <= line).unwrap_or(0);
    let next = file.cells.iter().map(|cell| cell.first_line).find(|&first| first > line);
    (first, next.unwrap_or(file.lines.len()).saturating_sub(1))
}

/// Whether two labels would be drawn over each other; only the first line of each is drawn.
fn overlap(file: &SourceFile, a: &Mark, b: &Mark) -> bool {
    let end = |mark: &Mark| {
        let line = file.lines.line_of(mark.span.start);
        let line_end = file.lines.start_of(line) + file.line_text(line).len();
        mark.span.end.min(line_end).max(mark.span.start + 1)
    };
    a.span.start < end(b) && b.span.start < end(a)
}

fn label(place: SourceSpan, mark: &Mark, room: usize) -> LabeledSpan {
    let note = printable(&mark.note);
    let text = match note.is_empty() {
        true => None,
        false if width(&note) <= room => Some(note.into_owned()),
        false => Some(wrap(&note, room.max(24), room.max(24)).join("\n")),
    };
    if mark.primary { LabeledSpan::new_primary_with_span(text, place) } else { LabeledSpan::new_with_span(text, place) }
}

fn handler(style: &Style, highlights: Vec<Paint>) -> GraphicalReportHandler {
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let plain = ThemeStyles::none();
    let styles = match style.colour {
        true => ThemeStyles { linum: Paint::new().dimmed(), link: Paint::new().cyan(), highlights, ..plain },
        false => plain,
    };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_width(style.width)
        .with_urls(false)
        .without_syntax_highlighting()
}

/// What miette sees of a diagnostic: the labels. The words around them are ours.
struct Snippet<'a> {
    labels: Vec<LabeledSpan>,
    excerpt: &'a Excerpt,
}

impl Diagnostic for Snippet<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl std::error::Error for Snippet<'_> {}

impl fmt::Debug for Snippet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snippet")
    }
}

impl fmt::Display for Snippet<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// Renders `snippet` without the line that miette keeps for the message.
fn render(handler: &GraphicalReportHandler, snippet: &Snippet<'_>) -> String {
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, snippet).is_err() {
        return String::new();
    }
    let mut shown = String::with_capacity(drawn.len());
    for line in drawn.lines().skip(1) {
        shown.push_str(line.trim_end());
        shown.push('\n');
    }
    shown
}
