//! Parsing, and walking without recursion: hostile input nests deeper than any stack.

use crate::frontend::LowerError;
use crate::source::Span;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tree_sitter::{Node, ParseOptions, ParseState, Parser, Tree};

/// Real Python code reaches about 90 levels; every climb and every map below is bounded by this.
const MAX_DEPTH: usize = 2_000;
/// A 4 MiB file parses in under a second; beyond this, something is hostile.
const MAX_SECONDS: u64 = 10;

/// Parses `text`.
pub fn parse(text: &str) -> Result<Tree, LowerError> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).map_err(|error| LowerError::Setup(error.to_string()))?;
    let deadline = Instant::now() + Duration::from_secs(MAX_SECONDS);
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

/// One step of a walk.
#[derive(Clone, Copy)]
pub enum Step<'t> {
    /// A node, before its children.
    Enter(Node<'t>),
    /// The same node, after its children.
    Leave(Node<'t>),
}

/// Visits every node below `root` in source order.
///
/// # Errors
/// The tree is deeper than any real code.
pub fn walk<'t>(root: Node<'t>, mut visit: impl FnMut(Step<'t>)) -> Result<(), LowerError> {
    let mut cursor = root.walk();
    let mut depth = 0;
    loop {
        visit(Step::Enter(cursor.node()));
        if cursor.goto_first_child() {
            depth += 1;
            if depth > MAX_DEPTH {
                return Err(LowerError::TooDeep(MAX_DEPTH));
            }
            continue;
        }
        loop {
            visit(Step::Leave(cursor.node()));
            if cursor.goto_next_sibling() {
                break;
            }
            if !cursor.goto_parent() {
                return Ok(());
            }
            depth -= 1;
        }
    }
}

/// The tree with its text and the parent of every named node.
pub struct Ast<'t> {
    /// Source text.
    pub text: &'t str,
    /// Root node.
    pub root: Node<'t>,
    parents: HashMap<usize, Node<'t>>,
}

impl<'t> Ast<'t> {
    /// Indexes the parents of `tree`: asking tree-sitter for a parent walks from the root each time.
    pub fn new(text: &'t str, tree: &'t Tree) -> Result<Self, LowerError> {
        let root = tree.root_node();
        let mut parents = HashMap::new();
        let mut open: Vec<Node<'t>> = Vec::new();
        walk(root, |step| match step {
            Step::Enter(node) => {
                if let Some(parent) = open.last()
                    && node.is_named()
                {
                    parents.insert(node.id(), *parent);
                }
                open.push(node);
            }
            Step::Leave(_) => {
                open.pop();
            }
        })?;
        Ok(Self { text, root, parents })
    }

    /// The node's parent; `None` at the root.
    pub fn parent(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.parents.get(&node.id()).copied()
    }

    /// The node's ancestors, nearest first.
    pub fn ancestors(&self, node: Node<'t>) -> impl Iterator<Item = Node<'t>> + '_ {
        std::iter::successors(self.parent(node), |&node| self.parent(node))
    }

    /// The node's text.
    pub fn text(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// The text of a field of the node, empty where it has none.
    pub fn field_text(&self, node: Node<'t>, field: &str) -> &'t str {
        node.child_by_field_name(field).map_or("", |child| self.text(child))
    }
}

/// The node's span.
pub fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// The node's named children, comments left out.
pub fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// Takes off parentheses, `await`, and `*`.
pub fn peel(mut node: Node<'_>) -> Node<'_> {
    while matches!(node.kind(), "parenthesized_expression" | "await" | "list_splat") {
        match children(node).first() {
            Some(&inner) => node = inner,
            None => break,
        }
    }
    node
}
