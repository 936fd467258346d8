//! Reads the example blocks of a rule page; `rules/_template.md` tells the format to people.
#![allow(dead_code, reason = "each test program uses a part of this")]

use std::collections::BTreeMap;

/// A place where a finding is, or should be: path, line from 1, rule. Several at one place count as several.
pub type Mark = (String, usize, String);

/// One fenced block with a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// First word of the info string.
    pub language: String,
    /// The other words: `file=app/main.py`, or a bare word with an empty value.
    pub options: BTreeMap<String, String>,
    /// Line of the page, from 1, on which the text starts.
    pub line: usize,
    /// Text between the fences, each line ended by `\n`.
    pub text: String,
}

/// The files of one example and how to check them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Name in messages: the project, or the page's line.
    pub name: String,
    /// Blocks in order.
    pub blocks: Vec<Block>,
}

/// What a mark starts with, by the language's comments.
const MARKS: [&str; 2] = ["# error: ", "// error: "];

/// What a block may say after its language.
const OPTIONS: [&str; 4] = ["file", "project", "min-confidence", "all-rules"];

impl Block {
    /// Path of the file, relative to the example's folder.
    pub fn path(&self) -> &str {
        let default = if self.language == "rust" { "example.rs" } else { "example.py" };
        self.options.get("file").map_or(default, String::as_str)
    }

    /// The findings that its marks ask for.
    pub fn marks(&self) -> Vec<Mark> {
        let lines = self.text.lines().enumerate();
        let of_line = |(at, line)| marked_rules(line).into_iter().map(move |rule| (at + 1, rule));
        lines.flat_map(of_line).map(|(line, rule)| (self.path().to_owned(), line, rule)).collect()
    }

    /// The text as the program gets it: a mark is a comment, and a comment can be the reason why nothing is found.
    pub fn without_marks(&self) -> String {
        let plain = |line: &str| match marked_rules(line).is_empty() {
            true => line.to_owned(),
            false => {
                MARKS.iter().find_map(|lead| line.rsplit_once(lead)).map_or("", |(code, _)| code).trim_end().to_owned()
            }
        };
        self.text.lines().map(|line| plain(line) + "\n").collect()
    }
}

impl Example {
    /// The findings that all its blocks ask for, sorted.
    pub fn marks(&self) -> Vec<Mark> {
        let mut marks: Vec<Mark> = self.blocks.iter().flat_map(Block::marks).collect();
        marks.sort();
        marks
    }

    /// Value of `option` where any block gives it.
    pub fn option(&self, option: &str) -> Option<&str> {
        self.blocks.iter().find_map(|block| block.options.get(option)).map(String::as_str)
    }

    /// Line `line` (from 1) of the file `path`, and where it stands in the page.
    pub fn source_line(&self, path: &str, line: usize) -> Option<(usize, &str)> {
        let block = self.blocks.iter().find(|block| block.path() == path)?;
        Some((block.line + line - 1, block.text.lines().nth(line.checked_sub(1)?)?))
    }
}

/// The rules that the mark at the end of `line` names: `# error: [a] [b]`, or `//` before `error:`.
pub fn marked_rules(line: &str) -> Vec<String> {
    let tail = MARKS.iter().find_map(|lead| line.rsplit_once(lead)).map(|(_, tail)| tail.trim());
    let names = tail.unwrap_or("").split(' ').map(|word| word.strip_prefix('[')?.strip_suffix(']').map(str::to_owned));
    names.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The fenced blocks of `page` that name a language.
///
/// # Errors
/// A sentence with the line: a fence without end, an unknown option, a mark that cannot be read.
pub fn blocks(page: &str) -> Result<Vec<Block>, String> {
    let mut found = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let end = at + 1 + body.len();
        if page.lines().nth(end) != Some("```") {
            return Err(format!("line {}: the block has no end", at + 1));
        }
        if info.trim().is_empty() {
            continue;
        }
        let text: String = body.iter().flat_map(|line| [*line, "\n"]).collect();
        let block = parse_info(info, at + 2, text).map_err(|why| format!("line {}: {why}", at + 1))?;
        check_marks(&block)?;
        found.push(block);
    }
    Ok(found)
}

/// The examples of `page`: each Python or Rust block that names no project alone, and the blocks of each project together.
///
/// # Errors
/// As [`blocks`]; also a project of one file twice, and a block that is neither of these nor of a project.
pub fn examples(page: &str) -> Result<Vec<Example>, String> {
    let mut examples: Vec<Example> = Vec::new();
    for block in blocks(page)? {
        let project = block.options.get("project").cloned();
        let is_source = ["python", "rust"].contains(&block.language.as_str());
        if project.is_none() && !is_source {
            return Err(format!("line {}: a `{}` block must name its project", block.line - 1, block.language));
        }
        if !is_source && !block.options.contains_key("file") {
            return Err(format!("line {}: a `{}` block must name its file", block.line - 1, block.language));
        }
        let name = project.clone().unwrap_or_else(|| format!("line {}", block.line));
        match examples.iter_mut().find(|example| project.is_some() && example.name == name) {
            Some(example) if example.blocks.iter().any(|other| other.path() == block.path()) => {
                return Err(format!("line {}: `{}` is in project `{name}` twice", block.line - 1, block.path()));
            }
            Some(example) => example.blocks.push(block),
            None => examples.push(Example { name, blocks: vec![block] }),
        }
    }
    Ok(examples)
}

/// `expected` and `actual` as sorted lists; what only the first and what only the second has.
pub fn difference(expected: &[Mark], actual: &[Mark]) -> (Vec<Mark>, Vec<Mark>) {
    let mut unexpected = actual.to_vec();
    let mut missing = Vec::new();
    for mark in expected {
        match unexpected.iter().position(|other| other == mark) {
            Some(at) => drop(unexpected.remove(at)),
            None => missing.push(mark.clone()),
        }
    }
    (missing, unexpected)
}

fn parse_info(info: &str, line: usize, text: String) -> Result<Block, String> {
    let mut words = info.split_whitespace();
    let language = words.next().unwrap_or_default().to_owned();
    let options: BTreeMap<String, String> = words
        .map(|word| word.split_once('=').unwrap_or((word, "")))
        .map(|(option, value)| (option.to_owned(), value.to_owned()))
        .collect();
    match options.keys().find(|option| !OPTIONS.contains(&option.as_str())) {
        Some(option) => Err(format!("unknown option `{option}`")),
        None => Ok(Block { language, options, line, text }),
    }
}

/// A mark with a slip of the pen would turn into a comment, and its example into one that asks for silence.
fn check_marks(block: &Block) -> Result<(), String> {
    let slip = |line: &str| line.contains("error:") && line.contains('[') && marked_rules(line).is_empty();
    match block.text.lines().position(slip) {
        Some(at) => Err(format!("line {}: the mark cannot be read", block.line + at)),
        None => Ok(()),
    }
}
