//! Source text and places in it: the only currency between the front ends, the rules and the outputs.

pub mod decode;
mod magics;
pub mod notebook;
pub mod read;
pub mod words;

use serde::{Deserialize, Serialize};

/// Half-open range of byte offsets into [`SourceFile::text`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from byte `start` up to, not including, byte `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Whether `other` lies within this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// The language a file is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// `.py`, `.pyi`, or the code cells of an `.ipynb`.
    #[default]
    Python,
    /// `.rs`.
    Rust,
    /// A package's `Cargo.toml`: what it depends on, with which features.
    CargoManifest,
}

impl Language {
    /// What starts a comment.
    pub fn comment_mark(self) -> &'static str {
        match self {
            Language::Python | Language::CargoManifest => "#",
            Language::Rust => "//",
        }
    }

    /// What stands between a type and its method.
    pub fn member_mark(self) -> &'static str {
        match self {
            Language::Python | Language::CargoManifest => ".",
            Language::Rust => "::",
        }
    }
}

/// A place as people count it: lines and columns from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Line, from 1; in a notebook, the line within the cell.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Byte offset from the start of the analysed text (of the file, counting a byte order mark, where the file is UTF-8).
    pub offset: usize,
    /// Notebook cell, counted from 1 over all cells; absent elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<usize>,
}

/// Start offsets of the lines of a text.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes `text`; `\n`, `\r\n` and a lone `\r` end a line, as they do for Python and editors.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|&(at, &byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { starts }
    }

    /// Line number, from 0, that holds byte `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// Byte offset at which line `line` (from 0) starts; the last start where the line does not exist.
    pub fn start_of(&self, line: usize) -> usize {
        self.starts.get(line).or(self.starts.last()).copied().unwrap_or(0)
    }

    /// Number of lines, at least 1.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never true: a text has at least one line.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }
}

/// Where the lines of a notebook's joined code come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Number of the cell among all cells of the notebook, from 1.
    pub number: usize,
    /// First line (from 0) of the cell in the joined text.
    pub first_line: usize,
}

/// One file, decoded, with its line index. Spans index `text`.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path as shown: relative to the working directory where possible, with `/`.
    pub path: String,
    /// Language of `text`.
    pub language: Language,
    /// Decoded text without a byte order mark; for a notebook, its code cells joined.
    pub text: String,
    /// Line starts of `text`.
    pub lines: LineIndex,
    /// Cells of a notebook in order; empty for other files.
    pub cells: Vec<Cell>,
    /// Bytes of byte order mark taken off the front.
    pub bom: usize,
}

impl SourceFile {
    /// A plain (not notebook) file from decoded text.
    pub fn new(path: impl Into<String>, language: Language, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { path: path.into(), language, lines: LineIndex::new(&text), text, cells: Vec::new(), bom: 0 }
    }

    /// The place of byte `offset` of `text`.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.floor_boundary(offset);
        let line = self.lines.line_of(offset);
        let column = self.text[self.lines.start_of(line)..offset].chars().count() + 1;
        let cell = self.cells.iter().rev().find(|cell| cell.first_line <= line);
        let first = cell.map_or(0, |cell| cell.first_line);
        Position { line: line - first + 1, column, offset: offset + self.bom, cell: cell.map(|cell| cell.number) }
    }

    /// The text of `span`, empty where the span does not lie on the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// The text of line `line` (from 0), without its end.
    pub fn line_text(&self, line: usize) -> &str {
        let start = self.lines.start_of(line);
        let end = if line + 1 < self.lines.len() { self.lines.start_of(line + 1) } else { self.text.len() };
        self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    fn floor_boundary(&self, offset: usize) -> usize {
        let mut at = offset.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}
