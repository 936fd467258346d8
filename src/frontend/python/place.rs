//! Where an expression runs: function, loops, guards.

use super::scopes::Index;
use super::tree::{children, span};
use crate::model::{Place, Repeat, RepeatKind};
use crate::source::Span;
use tree_sitter::Node;

impl<'t> Index<'t> {
    /// The place of an expression.
    pub fn place(&self, node: Node<'t>) -> Place {
        let scope = self.scope_of(node);
        let mut place = Place {
            span: span(node),
            function: self.function_of(node),
            class: self.scopes[scope].class,
            repeats: Vec::new(),
            main_guard: false,
        };
        let mut child = node;
        let mut exit = Exit::None;
        for ancestor in self.ast.ancestors(node) {
            match ancestor.kind() {
                "function_definition" if is_field(ancestor, "body", child) => break,
                "if_statement" => place.main_guard |= self.is_main_guard(ancestor, child),
                "return_statement" => exit = Exit::Function,
                "block" => exit = exit.max(exit_after(ancestor, child)),
                _ => {
                    let repeat = self.repeat(ancestor, child);
                    if repeat.is_some() && exit == Exit::Loop {
                        exit = Exit::None;
                    } else if exit == Exit::None {
                        place.repeats.extend(repeat);
                    }
                }
            }
            child = ancestor;
        }
        place.repeats.reverse();
        place
    }

    /// The repetition that `node` makes of its part `child`.
    fn repeat(&self, node: Node<'t>, child: Node<'t>) -> Option<Repeat> {
        let (kind, binds) = match node.kind() {
            "for_statement" if is_field(node, "body", child) => {
                (self.loop_kind(node), node.child_by_field_name("left").map(|left| self.names_in(left)))
            }
            "while_statement" if !is_field(node, "alternative", child) => (self.loop_kind(node), None),
            "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => {
                let clauses: Vec<_> =
                    children(node).into_iter().filter(|part| part.kind() == "for_in_clause").collect();
                if clauses.first().is_some_and(|first| first.id() == child.id()) {
                    return None;
                }
                let names = clauses.iter().filter_map(|clause| clause.child_by_field_name("left"));
                (RepeatKind::Comprehension, Some(names.flat_map(|left| self.names_in(left)).collect()))
            }
            _ => return None,
        };
        let end = node.child_by_field_name("body").filter(|body| body.start_byte() > node.start_byte());
        let head = match end {
            Some(body) => Span::new(node.start_byte(), self.trim_end(node.start_byte(), body.start_byte())),
            None => span(node),
        };
        let text = self.ast.text(node);
        let pauses = text.contains("sleep(") || text.contains("throttle(");
        Some(Repeat { kind, head, span: span(node), binds: binds.unwrap_or_default(), pauses })
    }

    /// A loop that leaves unconditionally once its attempt succeeded repeats only after failures.
    fn loop_kind(&self, node: Node<'t>) -> RepeatKind {
        let Some(body) = node.child_by_field_name("body") else { return RepeatKind::Loop };
        let head = self.ast.text.get(node.start_byte()..body.start_byte()).unwrap_or("").to_ascii_lowercase();
        let retries = ["attempt", "retr", "tries", "redirect"].iter().any(|word| head.contains(word));
        if retries && !head.contains("poll") {
            return RepeatKind::Retry;
        }
        if self.ast.text(body).contains(" input(") {
            return RepeatKind::Paced;
        }
        let attempts = children(body).into_iter().filter(|statement| statement.kind() == "try_statement");
        let leaves =
            attempts.flat_map(children).filter(|part| matches!(part.kind(), "block" | "else_clause")).any(|part| {
                let block = if part.kind() == "else_clause" { part.child_by_field_name("body") } else { Some(part) };
                block.is_some_and(|block| block_leaves(block))
            });
        if leaves { RepeatKind::Retry } else { RepeatKind::Loop }
    }

    /// All names in a target.
    fn names_in(&self, target: Node<'t>) -> Vec<String> {
        if target.kind() == "identifier" {
            return vec![self.ast.text(target).to_owned()];
        }
        let parts = children(target).into_iter().filter(|part| part.kind() == "identifier");
        parts.map(|part| self.ast.text(part).to_owned()).collect()
    }

    fn is_main_guard(&self, node: Node<'t>, child: Node<'t>) -> bool {
        let condition = self.ast.field_text(node, "condition");
        is_field(node, "consequence", child) && condition.contains("__name__") && condition.contains("__main__")
    }

    fn trim_end(&self, start: usize, end: usize) -> usize {
        let text = self.ast.text.get(start..end).unwrap_or("");
        start + text.trim_end().trim_end_matches(':').len()
    }
}

/// Whether `child` is the node's `field`.
pub fn is_field(node: Node<'_>, field: &str, child: Node<'_>) -> bool {
    node.child_by_field_name(field).is_some_and(|found| found.id() == child.id())
}

/// What is left for certain once a statement is done.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    None,
    /// The nearest loop: it does not come round again.
    Loop,
    /// The function.
    Function,
}

/// What the statements after `child` in its block leave.
fn exit_after(block: Node<'_>, child: Node<'_>) -> Exit {
    let later = children(block).into_iter().filter(|statement| statement.start_byte() > child.start_byte());
    let exits = later.map(|statement| match statement.kind() {
        "return_statement" | "raise_statement" => Exit::Function,
        "break_statement" => Exit::Loop,
        _ => Exit::None,
    });
    exits.max().unwrap_or(Exit::None)
}

fn block_leaves(block: Node<'_>) -> bool {
    children(block).iter().any(|statement| matches!(statement.kind(), "return_statement" | "break_statement"))
}
