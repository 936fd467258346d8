//! IPython's additions to Python (`%magic`, `!shell`, `name?`), blanked out without moving anything.

/// Cell magics whose cell is still the notebook's own Python.
const KEEPS_CELL: [&str; 5] = ["time", "timeit", "capture", "prun", "debug"];

/// `source`, the text of a code cell, as plain Python with the same line lengths in bytes; `None` where the cell is not
/// Python of this notebook (`%%bash`, `%%writefile`) or is empty.
pub fn blank(source: &str) -> Option<String> {
    let mut output = String::with_capacity(source.len());
    let mut state = State::default();
    let mut at_start = true;
    for line in split_lines(source) {
        let (body, end) = split_end(line);
        let trimmed = body.trim_start();
        if at_start && let Some(magic) = trimmed.strip_prefix("%%") {
            let name = magic.split_whitespace().next().unwrap_or("");
            if !KEEPS_CELL.contains(&name) {
                return None;
            }
            output.push_str(&placeholder(body));
        } else {
            at_start &= trimmed.is_empty();
            output.push_str(&state.line(body));
        }
        output.push_str(end);
    }
    (!output.trim().is_empty()).then_some(output)
}

/// What a cell has open at the start of a line. A `%` that continues an expression, or stands in a string, is no magic.
#[derive(Default)]
struct State {
    /// Open brackets.
    depth: usize,
    /// The quote of an open triple-quoted string.
    string: Option<u8>,
    /// The line before ends in a backslash.
    continued: bool,
    /// The line before is a magic that ends in a backslash.
    magic_continued: bool,
}

impl State {
    /// `line` with magics blanked out.
    fn line(&mut self, line: &str) -> String {
        let fresh = self.depth == 0 && self.string.is_none() && !self.continued;
        if self.magic_continued || (fresh && is_magic(line)) {
            self.magic_continued = line.trim_end().ends_with('\\');
            return timed_statement(line).unwrap_or_else(|| placeholder(line));
        }
        self.scan(line.as_bytes());
        line.to_owned()
    }

    /// Notes what `line` leaves open.
    fn scan(&mut self, line: &[u8]) {
        self.continued = false;
        let mut at = 0;
        while let Some(&byte) = line.get(at) {
            at += match (self.string, byte) {
                (Some(quote), _) => self.scan_string(line, at, quote),
                (None, b'#') => return,
                (None, b'"' | b'\'') => self.open_string(line, at, byte),
                (None, b'(' | b'[' | b'{') => {
                    self.depth += 1;
                    1
                }
                (None, b')' | b']' | b'}') => {
                    self.depth = self.depth.saturating_sub(1);
                    1
                }
                (None, b'\\') => {
                    self.continued = line.get(at + 1..).is_some_and(|rest| rest.trim_ascii().is_empty());
                    1
                }
                (None, _) => 1,
            };
        }
    }

    /// Bytes to go on by within a triple-quoted string.
    fn scan_string(&mut self, line: &[u8], at: usize, quote: u8) -> usize {
        match line.get(at..) {
            Some([b'\\', ..]) => 2,
            Some(rest) if rest.starts_with(&[quote; 3]) => {
                self.string = None;
                3
            }
            _ => 1,
        }
    }

    /// Bytes to go on by at the start of a string: a triple quote is left open, a plain string is passed whole.
    fn open_string(&mut self, line: &[u8], at: usize, quote: u8) -> usize {
        let rest = line.get(at..).unwrap_or(&[]);
        if rest.starts_with(&[quote; 3]) {
            self.string = Some(quote);
            return 3;
        }
        let mut length = 1;
        while let Some(&byte) = rest.get(length) {
            match byte {
                b'\\' => length += 2,
                _ if byte == quote => return length + 1,
                _ => length += 1,
            }
        }
        length
    }
}

/// Whether a line that starts a statement is IPython and not Python.
fn is_magic(line: &str) -> bool {
    let line = line.trim();
    line.starts_with(['%', '!', '?']) || is_help(line) || is_assigned_magic(line)
}

/// `name?`, `module.name??`.
fn is_help(line: &str) -> bool {
    let name = line.trim_end_matches('?');
    name.len() < line.len() && name.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '.' | '*'))
}

/// `files = !ls`, `out = %sql ..`.
fn is_assigned_magic(line: &str) -> bool {
    line.split_once('=').is_some_and(|(target, value)| {
        let plain = |char: char| char.is_alphanumeric() || matches!(char, '_' | '.' | ',' | ' ' | '[' | ']');
        !target.trim().is_empty() && target.chars().all(plain) && value.trim_start().starts_with(['!', '%'])
    })
}

/// `%time statement` runs the statement as part of the notebook: it stays, behind an empty statement of the same width.
fn timed_statement(line: &str) -> Option<String> {
    let statement = line.trim_start().strip_prefix("%time ")?;
    let indent = line.get(..line.len() - line.trim_start().len())?;
    (!statement.trim().is_empty()).then(|| format!("{indent}0;    {statement}"))
}

/// A statement that does nothing, as long as `line` and indented like it: the magic may be all that a block holds.
fn placeholder(line: &str) -> String {
    let body = line.trim_start();
    let indent = line.get(..line.len() - body.len()).unwrap_or("");
    let statement = match body.len() {
        0 => "",
        1..4 => "0",
        _ => "pass",
    };
    format!("{indent}{statement}{}", " ".repeat(body.len() - statement.len()))
}

/// The lines of `text` with their ends: `\n`, `\r\n` or a lone `\r`.
fn split_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = match rest.find(['\n', '\r']) {
            _ if rest.is_empty() => return None,
            None => rest.len(),
            Some(at) if rest.get(at..).is_some_and(|tail| tail.starts_with("\r\n")) => at + 2,
            Some(at) => at + 1,
        };
        let (line, tail) = rest.split_at(end);
        rest = tail;
        Some(line)
    })
}

fn split_end(line: &str) -> (&str, &str) {
    line.split_at(line.trim_end_matches(['\n', '\r']).len())
}
