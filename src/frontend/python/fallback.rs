//! What a program does where an expression fails, or is not chosen.

use super::place::is_field;
use super::scopes::Index;
use super::tree::children;
use crate::model::Fallback;
use crate::source::words;
use tree_sitter::Node;

/// Handlers of one `try` that are looked at, and how much of each.
const MAX_HANDLERS: usize = 8;
const MAX_LENGTH: usize = 2_000;
/// What is raised where a package is missing, or does not know an argument.
const TELLING: [&str; 3] = ["ImportError", "ModuleNotFoundError", "TypeError"];

impl<'t> Index<'t> {
    /// What there is besides `call`, which stands in the part `child` of `node`.
    pub(super) fn other_way(&self, call: Node<'t>, node: Node<'t>, child: Node<'t>) -> Option<Fallback> {
        match node.kind() {
            "try_statement" if is_field(node, "body", child) => self.caught(call, node),
            "if_statement" | "elif_clause" if is_field(node, "consequence", child) => {
                let condition = node.child_by_field_name("condition");
                condition.filter(|condition| !self.is_no_choice(*condition)).map(|_| Fallback::Branch)
            }
            "elif_clause" | "case_clause" => Some(Fallback::Branch),
            "else_clause" => {
                let of = self.ast.parent(node).map_or("", |parent| parent.kind());
                (of == "if_statement").then_some(Fallback::Branch)
            }
            "conditional_expression" => {
                let is_condition = children(node).get(1).is_some_and(|condition| condition.id() == child.id());
                (!is_condition).then_some(Fallback::Branch)
            }
            "boolean_operator" if is_field(node, "right", child) => {
                (self.ast.field_text(node, "operator") == "and").then_some(Fallback::Branch)
            }
            _ => None,
        }
    }

    /// Whether a handler of `statement` is for what `call` raises. One for everything may only report it: it counts fully where
    /// it makes the same call.
    fn caught(&self, call: Node<'t>, statement: Node<'t>) -> Option<Fallback> {
        let mut cursor = statement.walk();
        let handlers = statement.children(&mut cursor).filter(|part| part.kind() == "except_clause");
        let callee = call.child_by_field_name("function").map_or("", |callee| self.ast.text(callee));
        let each = handlers.take(MAX_HANDLERS).filter_map(|handler| {
            let text = self.ast.text(handler);
            let head = text.split(':').next().unwrap_or(text);
            let body = text.get(head.len()..MAX_LENGTH.min(text.len())).unwrap_or_default();
            let names = |name: &str| words::has(head, name);
            let is_broad = head.trim() == "except" || names("Exception") || names("BaseException");
            match TELLING.iter().any(|name| names(name)) {
                true => Some(Fallback::Handler),
                false if is_broad && !callee.is_empty() && body.contains(callee) => Some(Fallback::Handler),
                false => is_broad.then_some(Fallback::Branch),
            }
        });
        each.max()
    }

    /// A condition that asks whether the thing was made before, or how the file is run.
    fn is_no_choice(&self, condition: Node<'t>) -> bool {
        self.ast.text(condition).contains("__name__") || self.tests_absence(condition)
    }
}
