//! Broken files, read in pieces: tree-sitter may lose everything behind an error, such as a brace that is never closed or
//! the marker of a conflict. From the next line that looks like the start of an item, it is tried anew.

use super::gate::{self, Gate, MAX_DEPTH, span};
use crate::source::Span;
use tree_sitter::{Node, Point, Range, Tree};

/// How an item begins in column 0.
const STARTS: &[&str] = &[
    "#[", "async ", "const ", "enum ", "extern ", "fn ", "impl ", "impl<", "mod ", "pub ", "pub(", "static ",
    "struct ", "trait ", "type ", "unsafe ", "use ",
];

/// A file in pieces.
pub struct Pieces<'g> {
    /// Items of the whole file's tree that are sound.
    pub sound: Vec<Node<'g>>,
    /// What else there is, parsed anew.
    pub parsed: Vec<Tree>,
    pub broken: Vec<Span>,
}

/// Takes a file apart.
pub fn pieces<'g>(text: &str, gate: &'g Gate) -> Pieces<'g> {
    let (sound, regions) = regions(text, gate.tree.root_node());
    let quoted = quoted(text);
    let mut pieces = Pieces { sound, parsed: Vec::new(), broken: Vec::new() };
    for part in regions.into_iter().flat_map(|region| split(text, region, &quoted)) {
        match gate::parse(text, Some(range(part)), gate.deadline) {
            Ok(tree) if gate::walk(&tree, |_| {}) <= MAX_DEPTH => {
                gate::walk(&tree, |node| {
                    if node.is_error() || node.is_missing() {
                        pieces.broken.push(span(node));
                    }
                });
                pieces.parsed.push(tree);
            }
            _ => pieces.broken.push(part),
        }
    }
    pieces
}

/// Only bytes count: rows and columns are not read, and to count them for each part would take quadratic time.
pub fn range(part: Span) -> Range {
    let nowhere = Point::default();
    Range { start_byte: part.start, end_byte: part.end, start_point: nowhere, end_point: nowhere }
}

/// The items that are sound, and the text of those that are not, with what stands before them (attributes, comments).
fn regions<'g>(text: &str, root: Node<'g>) -> (Vec<Node<'g>>, Vec<Span>) {
    if root.is_error() {
        return (Vec::new(), vec![Span::new(0, text.len())]);
    }
    let (mut sound, mut regions) = (Vec::new(), Vec::<Span>::new());
    let mut group = Vec::new();
    let mut follows = false;
    for node in root.named_children(&mut root.walk()) {
        group.push(node);
        if matches!(node.kind(), "attribute_item" | "line_comment" | "block_comment") && !node.has_error() {
            continue;
        }
        if !node.has_error() {
            sound.append(&mut group);
            follows = false;
            continue;
        }
        match regions.last_mut().filter(|_| follows) {
            Some(region) => region.end = node.end_byte(),
            None => regions.push(Span::new(group[0].start_byte(), node.end_byte())),
        }
        group.clear();
        follows = true;
    }
    sound.append(&mut group);
    (sound, regions)
}

/// Comments and raw strings of several lines, in which no item begins. Behind an error, the tree need not hold them.
fn quoted(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let Some(end) = opened(line).filter(|_| found.last().is_none_or(|last| last.end <= at)) else { continue };
        // What is never closed is the error itself.
        let Some(length) = text[at..].find(&end) else { break };
        found.push(Span::new(at, at + length));
    }
    found
}

/// What ends that which a line opens.
fn opened(line: &str) -> Option<String> {
    if line.trim_start().starts_with("/*") {
        return Some("*/".to_owned());
    }
    let (_, raw) = line.split_once("r#")?;
    let text = raw.trim_start_matches('#');
    text.starts_with('"').then(|| format!("\"#{}", "#".repeat(raw.len() - text.len())))
}

/// Cuts a region where an item seems to begin. An attribute or a comment for documentation belongs to what follows it.
fn split(text: &str, region: Span, quoted: &[Span]) -> Vec<Span> {
    let is_quoted = |at: usize| {
        let before = quoted.partition_point(|span| span.start < at);
        before > 0 && quoted[before - 1].end > at
    };
    let (mut cuts, mut at, mut leads) = (vec![region.start], region.start, false);
    for line in text.get(region.start..region.end).unwrap_or("").split_inclusive('\n') {
        if at > region.start && !leads && STARTS.iter().any(|start| line.starts_with(start)) && !is_quoted(at) {
            cuts.push(at);
        }
        leads = line.starts_with("#[") || line.starts_with("///");
        at += line.len();
    }
    cuts.push(region.end);
    cuts.windows(2).map(|pair| Span::new(pair[0], pair[1])).filter(|part| part.start < part.end).collect()
}
