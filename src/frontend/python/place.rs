//! Where an expression runs: function, loops, guards.

use super::conditions;
use super::scopes::Index;
use super::tree::{children, peel, span};
use crate::frontend::pauses;
use crate::model::{Condition, Place, Repeat, RepeatKind};
use crate::source::Span;
use std::rc::Rc;
use tree_sitter::Node;

impl<'t> Index<'t> {
    /// The place of an expression.
    pub fn place(&self, node: Node<'t>) -> Place {
        let function = self.function_of(node);
        let is_async = function.is_some_and(|function| self.functions[function.0].is_async);
        let mut place = Place { span: span(node), function, is_async, ..Place::default() };
        let mut child = node;
        let mut exit = Exit::None;
        let mut chosen: Vec<&str> = Vec::new();
        for ancestor in self.ast.ancestors(node) {
            match ancestor.kind() {
                "function_definition" if is_field(ancestor, "body", child) => break,
                // A lambda runs when somebody calls it, not when the loop around it comes round.
                "lambda" => break,
                "return_statement" => exit = Exit::Function,
                "block" => exit = exit.max(self.block(ancestor).exit_after(child)),
                _ => {
                    chosen.extend(self.chosen_by(ancestor, child));
                    // What is done for one value of what the loop binds is done in one turn.
                    let one_turn = |repeat: &Repeat| repeat.binds.iter().any(|name| chosen.contains(&name.as_str()));
                    let repeat = self.repeat(ancestor, child).filter(|repeat| !one_turn(repeat));
                    if repeat.is_some() && exit == Exit::Loop {
                        exit = Exit::None;
                    } else if exit == Exit::None {
                        place.repeats.extend(repeat);
                    }
                }
            }
            place.conditions.extend(self.conditions_in(ancestor, child));
            place.is_rare |= self.is_for_failures(ancestor, child);
            place.fallback = place.fallback.max(self.other_way(node, ancestor, child));
            child = ancestor;
        }
        place.repeats.reverse();
        place.conditions = conditions::bounded(place.conditions);
        place
    }

    /// The name that is compared with a literal, where `child` is the branch in which they are equal: `if provider == "x":`.
    fn chosen_by(&self, node: Node<'t>, child: Node<'t>) -> Option<&'t str> {
        let compared = match node.kind() {
            "if_statement" | "elif_clause" if is_field(node, "consequence", child) => {
                let condition = peel(node.child_by_field_name("condition")?);
                let parts = children(condition);
                let is_equal = condition.kind() == "comparison_operator" && self.ast.text(condition).contains("==");
                let literal = parts.iter().any(|part| matches!(part.kind(), "string" | "integer"));
                *parts.iter().find(|part| is_equal && literal && part.kind() == "identifier")?
            }
            "case_clause" => {
                let statement = self.ast.ancestors(node).find(|at| at.kind() == "match_statement")?;
                statement.child_by_field_name("subject")?
            }
            _ => return None,
        };
        Some(self.ast.text(compared))
    }

    /// The repetition that `node` makes of its part `child`.
    fn repeat(&self, node: Node<'t>, child: Node<'t>) -> Option<Repeat> {
        let (kind, binds) = match node.kind() {
            "for_statement" if is_field(node, "body", child) => {
                (self.loop_facts(node).0, node.child_by_field_name("left").map(|left| self.names_in(left)))
            }
            "while_statement" if !is_field(node, "alternative", child) => (self.loop_facts(node).0, None),
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
        let pauses = self.loop_facts(node).1;
        Some(Repeat { kind, head, span: span(node), binds: binds.unwrap_or_default(), pauses })
    }

    /// The loop's kind, and whether it sleeps in each turn.
    fn loop_facts(&self, node: Node<'t>) -> (RepeatKind, bool) {
        if let Some(&known) = self.loops.borrow().get(&node.id()) {
            return known;
        }
        let text = self.ast.text(node);
        let facts = (self.loop_kind(node), text.contains("sleep(") || text.contains("throttle("));
        self.loops.borrow_mut().insert(node.id(), facts);
        facts
    }

    /// What matters of a block's statements.
    pub(super) fn block(&self, node: Node<'t>) -> Rc<Block<'t>> {
        if let Some(known) = self.blocks.borrow().get(&node.id()) {
            return Rc::clone(known);
        }
        let statements = children(node);
        let exits = statements.iter().filter_map(|statement| Some((statement.start_byte(), exit_of(*statement)?)));
        let guard = statements.iter().copied().find(|statement| self.returns_kept(*statement));
        let last_raise = statements.iter().rev().find(|statement| statement.kind() == "raise_statement");
        let conditions = statements.iter().map(|statement| (statement.start_byte(), self.left_unless(*statement)));
        let block = Rc::new(Block {
            exits: exits.collect(),
            first_guard: guard,
            last_raise: last_raise.map(Node::start_byte),
            conditions: conditions.filter(|(_, conditions)| !conditions.is_empty()).collect(),
        });
        self.blocks.borrow_mut().insert(node.id(), Rc::clone(&block));
        block
    }

    /// A loop that leaves unconditionally once its attempt succeeded repeats only after failures.
    fn loop_kind(&self, node: Node<'t>) -> RepeatKind {
        let Some(body) = node.child_by_field_name("body") else { return RepeatKind::Loop };
        let head = self.ast.text.get(node.start_byte()..body.start_byte()).unwrap_or("").to_ascii_lowercase();
        let mut words = head.split(|at: char| !at.is_alphanumeric());
        let is_retry = |word: &str| RETRIES.contains(&word);
        if words.clone().any(is_retry) && !words.any(|word| word == "poll") {
            return RepeatKind::Retry;
        }
        let text = self.ast.text(body);
        if text.contains(" input(") || pauses::is_long(text, &["sleep("]) {
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

    fn trim_end(&self, start: usize, end: usize) -> usize {
        let text = self.ast.text.get(start..end).unwrap_or("");
        start + text.trim_end().trim_end_matches(':').len()
    }
}

/// Whether `child` is the node's `field`.
pub fn is_field(node: Node<'_>, field: &str, child: Node<'_>) -> bool {
    node.child_by_field_name(field).is_some_and(|found| found.id() == child.id())
}

/// Words in a loop's head that say that it repeats after failures.
const RETRIES: &[&str] = &["attempt", "attempts", "retry", "retries", "tries", "redirect", "redirects", "backoff"];

/// What is left for certain once a statement is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    None,
    /// The nearest loop: it does not come round again.
    Loop,
    /// The function.
    Function,
}

/// What matters of a block's statements, by the offset at which they start.
#[derive(Debug)]
pub struct Block<'t> {
    exits: Vec<(usize, Exit)>,
    /// The first statement that hands back what was kept.
    pub first_guard: Option<Node<'t>>,
    last_raise: Option<usize>,
    /// What holds of parameters after a statement that leaves where it does not.
    conditions: Vec<(usize, Vec<Condition>)>,
}

impl Block<'_> {
    /// What holds for `child`, since the statements before it did not leave.
    pub fn conditions_after(&self, child: Node<'_>) -> Vec<Condition> {
        let before = self.conditions.iter().take_while(|(start, _)| *start < child.start_byte());
        before.take(conditions::MAX).flat_map(|(_, conditions)| conditions.iter().cloned()).collect()
    }

    /// Whether an exception is raised after `child`.
    pub fn raises_after(&self, child: Node<'_>) -> bool {
        self.last_raise.is_some_and(|raise| raise >= child.start_byte())
    }

    /// What the statements after `child` leave.
    fn exit_after(&self, child: Node<'_>) -> Exit {
        let later = self.exits.iter().filter(|(start, _)| *start > child.start_byte());
        later.map(|(_, exit)| *exit).max().unwrap_or(Exit::None)
    }
}

fn exit_of(statement: Node<'_>) -> Option<Exit> {
    match statement.kind() {
        "return_statement" | "raise_statement" => Some(Exit::Function),
        "break_statement" => Some(Exit::Loop),
        _ => None,
    }
}

fn block_leaves(block: Node<'_>) -> bool {
    children(block).iter().any(|statement| matches!(statement.kind(), "return_statement" | "break_statement"))
}
