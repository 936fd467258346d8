//! tree-sitter-rust stands first: comments, broken text, and the depth of the nesting, which `syn` would answer with an
//! overflow of the stack that nothing can catch.

use crate::frontend::LowerError;
use crate::source::Span;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tree_sitter::{Node, ParseOptions, ParseState, Parser, Range, Tree};

/// Real Rust nests to about 50 levels, 340 at most (9,321 files). syn needs up to 20 KiB of stack a level in builds
/// without optimisation, of the 16 MiB that a worker has.
pub const SYN_DEPTH: usize = 256;
/// Beyond this even the front end's own recursion is not tried.
pub const MAX_DEPTH: usize = 1_000;
/// A 4 MiB file parses in about a second; beyond this, something is hostile.
const MAX_SECONDS: u64 = 10;

/// What tree-sitter sees in a file.
pub struct Gate {
    pub tree: Tree,
    pub comments: Vec<Span>,
    /// Text that tree-sitter could not read. syn may read it all the same.
    pub broken: Vec<Span>,
    /// syn can read it without danger to the stack.
    pub is_shallow: bool,
    /// When the parts of it must have been parsed too.
    pub deadline: Instant,
}

/// Reads `text` with tree-sitter.
///
/// # Errors
/// It takes too long or nests too deep.
pub fn pass(text: &str) -> Result<Gate, LowerError> {
    let deadline = Instant::now() + Duration::from_secs(MAX_SECONDS);
    let tree = parse(text, None, deadline)?;
    let (mut comments, mut broken) = (Vec::new(), Vec::new());
    let depth = walk(&tree, |node| match node.kind() {
        "line_comment" | "block_comment" => comments.push(trimmed(text, node)),
        _ if node.is_error() || node.is_missing() => broken.push(span(node)),
        _ => {}
    });
    if depth > MAX_DEPTH {
        return Err(LowerError::TooDeep(MAX_DEPTH));
    }
    Ok(Gate { tree, comments, broken, is_shallow: depth <= SYN_DEPTH, deadline })
}

/// Parses `text`, or the `part` of it, with the places of the whole.
///
/// # Errors
/// It takes too long.
pub fn parse(text: &str, part: Option<Range>, deadline: Instant) -> Result<Tree, LowerError> {
    let setup = |error: &dyn std::fmt::Display| LowerError::Setup(error.to_string());
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_rust::LANGUAGE.into()).map_err(|error| setup(&error))?;
    parser.set_included_ranges(part.as_slice()).map_err(|error| setup(&error))?;
    let mut progress = |_: &ParseState| {
        if Instant::now() > deadline { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = text.as_bytes();
    parser
        .parse_with_options(
            &mut |offset, _| bytes.get(offset..).unwrap_or_default(),
            None,
            Some(ParseOptions::new().progress_callback(&mut progress)),
        )
        .ok_or(LowerError::Timeout(MAX_SECONDS))
}

/// Visits every node in source order without recursion; the depth of the deepest.
pub fn walk<'t>(tree: &'t Tree, mut visit: impl FnMut(Node<'t>)) -> usize {
    let mut cursor = tree.walk();
    let (mut depth, mut deepest) = (0, 0);
    loop {
        visit(cursor.node());
        if cursor.goto_first_child() {
            depth += 1;
            deepest = deepest.max(depth);
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return deepest;
            }
            depth -= 1;
        }
    }
}

/// The node's span.
pub fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// A doc comment's node holds the end of its line too.
fn trimmed(text: &str, node: Node<'_>) -> Span {
    let whole = span(node);
    let length = text.get(whole.start..whole.end).map_or(0, |text| text.trim_end().len());
    Span::new(whole.start, whole.start + length)
}
