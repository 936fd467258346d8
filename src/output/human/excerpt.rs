//! The few lines of a file that a diagnostic shows, as miette's `SourceCode`.
//!
//! miette scans what it is given once per label, so it is given an excerpt of bounded size, cut with the line index, and
//! never the file. The excerpt also settles what the renderer would get wrong: lone `\r`, tabs, characters that move the
//! cursor, lines of any length, lines numbered within a notebook's cell.

use super::text::columns;
use crate::output::place::{is_unprintable, printable};
use crate::source::{Position, SourceFile, Span};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::ops::RangeInclusive;

const TAB: usize = 4;

/// How source text is shown.
#[derive(Clone, Copy)]
pub(super) struct Look {
    /// Columns that a line may take.
    pub(super) columns: usize,
    /// Stands for text left out of a line.
    pub(super) ellipsis: &'static str,
    /// Stands for a character that must not reach a terminal.
    pub(super) unprintable: char,
}

/// Lines of a file, cleaned and clipped.
pub(super) struct Excerpt {
    name: String,
    text: String,
    /// Number of the first line as shown, from 0.
    first_line: usize,
    lines: usize,
    /// What the head of the snippet says, whatever the shown columns are.
    head: Position,
}

impl Excerpt {
    /// Lines `lines` (from 0, in the whole text) of `file`, and where `spans` are in them. Each span counts up to the end of
    /// the line that it starts on, and is at least one byte long; `head` is the place that the snippet is about.
    pub(super) fn new(
        file: &SourceFile,
        lines: RangeInclusive<usize>,
        spans: &[Span],
        head: Position,
        look: Look,
    ) -> (Self, Vec<SourceSpan>) {
        let cell = file.cells.iter().rev().find(|cell| cell.first_line <= *lines.start());
        let first_line = lines.start() - cell.map_or(0, |cell| cell.first_line);
        let mut name = printable(&file.path).into_owned();
        if let Some(cell) = head.cell {
            name.push_str(&format!(" cell {cell}"));
        }
        let mut excerpt = Self { name, text: String::new(), first_line, lines: lines.clone().count(), head };
        let mut placed = vec![SourceSpan::from((0, 1)); spans.len()];
        for line in lines {
            excerpt.push_line(file, line, spans, &mut placed, look);
        }
        (excerpt, placed)
    }

    /// Columns before byte `offset` of the excerpt on its line.
    pub(super) fn column(&self, offset: usize) -> usize {
        let head = self.text.get(..offset).unwrap_or("");
        head.rsplit('\n').next().unwrap_or("").chars().map(columns).sum()
    }

    fn push_line(&mut self, file: &SourceFile, line: usize, spans: &[Span], placed: &mut [SourceSpan], look: Look) {
        let (start, text) = (file.lines.start_of(line), file.line_text(line));
        let here: Vec<usize> = (0..spans.len())
            .filter(|&index| spans.get(index).is_some_and(|span| file.lines.line_of(span.start) == line))
            .collect();
        let focus =
            here.iter().filter_map(|&index| spans.get(index)).map(|span| span.start.saturating_sub(start)).min();
        let shown = Shown::new(text, focus.unwrap_or(0), look);
        for index in here {
            if let (Some(span), Some(place)) = (spans.get(index), placed.get_mut(index)) {
                let from = shown.offset(span.start.saturating_sub(start));
                let to = shown.offset(span.end.saturating_sub(start)).max(shown.after(from));
                *place = (self.text.len() + from, to - from).into();
            }
        }
        self.text.push_str(&shown.text);
        self.text.push('\n');
    }
}

impl SourceCode for Excerpt {
    /// The whole excerpt, whose lines were chosen already; without context, only the place of `span`, which is what the
    /// renderer asks for the head of a snippet.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (name, text) = (self.name.clone(), self.text.as_bytes());
        let contents = if before == 0 && after == 0 {
            let range = span.offset()..span.offset() + span.len();
            let data = text.get(range).ok_or(MietteError::OutOfBounds)?;
            let (line, column) = (self.head.line.saturating_sub(1), self.head.column.saturating_sub(1));
            MietteSpanContents::new_named(name, data, *span, line, column, 1)
        } else {
            let whole = SourceSpan::from((0, text.len()));
            MietteSpanContents::new_named(name, text, whole, self.first_line, 0, self.lines)
        };
        Ok(Box::new(contents))
    }
}

/// A line as shown, and where its bytes went.
struct Shown {
    text: String,
    /// For each shown character, its offset in the line and in `text`, in order.
    moves: Vec<(usize, usize)>,
}

impl Shown {
    /// Shows `line` clipped so that byte `focus` of it stays in sight. Takes time by the columns shown, not by the line.
    fn new(line: &str, focus: usize, look: Look) -> Self {
        let begin = clip_start(line, focus, look.columns);
        let mut shown = Self { text: String::new(), moves: Vec::new() };
        let mut column = 0;
        if begin > 0 {
            shown.text.push_str(look.ellipsis);
            column = look.ellipsis.chars().count();
        }
        for (at, char) in line.get(begin..).unwrap_or("").char_indices() {
            let wide = if char == '\t' { TAB - column % TAB } else { columns(char) };
            if column + wide > look.columns {
                shown.moves.push((begin + at, shown.text.len()));
                shown.text.push_str(look.ellipsis);
                return shown;
            }
            shown.moves.push((begin + at, shown.text.len()));
            match char {
                '\t' => shown.text.extend(std::iter::repeat_n(' ', wide)),
                char if is_unprintable(char) => shown.text.push(look.unprintable),
                char => shown.text.push(char),
            }
            column += wide;
        }
        shown.moves.push((line.len(), shown.text.len()));
        shown
    }

    /// Where byte `offset` of the line is shown: at the first character from there on, or at the end.
    fn offset(&self, offset: usize) -> usize {
        let next = self.moves.partition_point(|&(from, _)| from < offset);
        self.moves.get(next).or(self.moves.last()).map_or(0, |&(_, to)| to)
    }

    /// Where the character shown at `place` ends; at the end of the line, past the line end.
    fn after(&self, place: usize) -> usize {
        let next = self.moves.partition_point(|&(_, to)| to <= place);
        self.moves.get(next).map_or(place + 1, |&(_, to)| to)
    }
}

/// The byte of `line` to show first: 0 where `focus` is in the first half of `limit` columns or the line is short.
fn clip_start(line: &str, focus: usize, limit: usize) -> usize {
    let wide = |text: &str| text.chars().take(limit + 1).map(|char| if char == '\t' { TAB } else { 1 }).sum::<usize>();
    let head = line.get(..focus).unwrap_or(line);
    if wide(line) <= limit || wide(head) <= limit / 2 {
        return 0;
    }
    head.char_indices().rev().nth(limit / 3).map_or(0, |(at, _)| at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::Language;

    const LOOK: Look = Look { columns: 60, ellipsis: "…", unprintable: '\u{fffd}' };

    fn excerpt(text: &str, span: Span) -> (Excerpt, String) {
        let file = SourceFile::new("a.py", Language::Python, text);
        let line = file.lines.line_of(span.start);
        let lines = line.saturating_sub(1)..=(line + 1).min(file.lines.len() - 1);
        let (excerpt, placed) = Excerpt::new(&file, lines, &[span], file.position(span.start), LOOK);
        let place = placed.first().unwrap();
        let label = excerpt.text.get(place.offset()..place.offset() + place.len()).unwrap().to_owned();
        (excerpt, label)
    }

    #[test]
    fn the_window_is_bounded_whatever_the_file() {
        let lines = "client = httpx.Client()\n".repeat(200_000);
        let one_line = "x = 1; ".repeat(700_000);
        for text in [lines, one_line] {
            for start in [0, text.len() / 2, text.len() - 1, text.len()] {
                let (excerpt, _) = excerpt(&text, Span::new(start, start + 10));
                assert!(excerpt.text.len() <= 3 * (60 + 8), "{} bytes", excerpt.text.len());
                let place = SourceSpan::from((0, 1));
                assert!(excerpt.read_span(&place, 1, 1).unwrap().data().len() <= excerpt.text.len());
            }
        }
    }

    #[test]
    fn labels_follow_their_text() {
        let cases = [
            ("x = Client()\n", "Client()"),
            ("\t\tx = Client()\r\ny = 1\r\n", "Client()"),
            ("名前 = \"é\"; x = Client()", "Client()"),
            ("a = 1\rx = Client()\rz = 2\r", "Client()"),
            ("\u{c}x = Client(\u{1b}[31m)", "Client("),
        ];
        for (text, wanted) in cases {
            let at = text.find(wanted).unwrap();
            let (shown, label) = excerpt(text, Span::new(at, at + wanted.len()));
            assert_eq!(label, wanted, "in {:?}", shown.text);
            assert!(!shown.text.contains(['\u{1b}', '\t', '\r']), "{:?}", shown.text);
        }
    }

    #[test]
    fn a_long_line_keeps_its_label_in_sight() {
        let text = format!("{}x = Client(){}", "a = 1; ".repeat(100), "; b = 2".repeat(100));
        let at = text.find("Client()").unwrap();
        let (shown, label) = excerpt(&text, Span::new(at, at + 8));
        assert_eq!(label, "Client()");
        assert!(shown.text.starts_with('…') && shown.text.ends_with("…\n"), "{:?}", shown.text);
    }

    #[test]
    fn a_span_past_the_end_is_still_a_byte() {
        for text in ["", "\n", "x", "x\n", "é"] {
            for (start, end) in [(0, 0), (1, 1), (1, 9), (50, 60), (3, 1)] {
                let (_, label) = excerpt(text, Span::new(start, end));
                assert!(!label.is_empty());
            }
        }
    }
}
