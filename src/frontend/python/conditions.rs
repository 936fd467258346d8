//! What has to hold for an expression to run: tests of parameters and fields, and branches for what seldom happens.

use super::place::is_field;
use super::scopes::{Def, Index};
use super::tree::{children, peel};
use crate::model::{Condition, Subject, Test, Value};
use tree_sitter::Node;

/// Conditions that are looked at on the way to one expression; real code has a handful.
pub(super) const MAX: usize = 8;
/// Conditions joined in one.
const MAX_STEPS: usize = 8;

impl<'t> Index<'t> {
    /// What holds in the part `child` of `node` of what the function is given.
    pub(super) fn conditions_in(&self, node: Node<'t>, child: Node<'t>) -> Vec<Condition> {
        let condition = || node.child_by_field_name("condition");
        match node.kind() {
            "if_statement" | "elif_clause" if is_field(node, "consequence", child) => self.tests(condition(), true),
            "if_statement" => {
                let mut cursor = node.walk();
                let before = node.children_by_field_name("alternative", &mut cursor);
                let before = before.take(MAX).take_while(|other| other.id() != child.id());
                let failed = before.map(|other| other.child_by_field_name("condition")).collect::<Vec<_>>();
                let is_alternative = condition().is_some_and(|condition| condition.id() != child.id());
                let failed = std::iter::once(condition()).chain(failed).filter(|_| is_alternative);
                failed.flat_map(|condition| self.tests(condition, false)).collect()
            }
            "conditional_expression" => match children(node)[..] {
                [then, condition, _] if then.id() == child.id() => self.tests(Some(condition), true),
                [_, condition, other] if other.id() == child.id() => self.tests(Some(condition), false),
                _ => Vec::new(),
            },
            "boolean_operator" if is_field(node, "right", child) => {
                let is_and = self.ast.field_text(node, "operator") == "and";
                self.tests(node.child_by_field_name("left"), is_and)
            }
            "block" => self.block(node).conditions_after(child),
            _ => Vec::new(),
        }
    }

    /// What holds after a statement that leaves where it does not: `if not cached: return`.
    pub(super) fn left_unless(&self, statement: Node<'t>) -> Vec<Condition> {
        let is_plain = statement.kind() == "if_statement" && statement.child_by_field_name("alternative").is_none();
        let body = statement.child_by_field_name("consequence").filter(|_| is_plain).map(children).unwrap_or_default();
        let leaves = body.last().is_some_and(|last| {
            matches!(last.kind(), "return_statement" | "raise_statement" | "continue_statement" | "break_statement")
        });
        if leaves { self.tests(statement.child_by_field_name("condition"), false) } else { Vec::new() }
    }

    /// What is known of parameters and fields where `condition` holds, or fails.
    fn tests(&self, condition: Option<Node<'t>>, holds: bool) -> Vec<Condition> {
        let mut found = Vec::new();
        let mut todo: Vec<_> = condition.into_iter().map(|condition| (condition, holds)).collect();
        for _ in 0..MAX_STEPS {
            let Some((condition, holds)) = todo.pop() else { break };
            let condition = peel(condition);
            match condition.kind() {
                "not_operator" => {
                    todo.extend(condition.child_by_field_name("argument").map(|argument| (argument, !holds)));
                }
                // Of what failed together, or held one or the other, nothing is known.
                "boolean_operator" if (self.ast.field_text(condition, "operator") == "and") == holds => {
                    todo.extend(children(condition).into_iter().map(|part| (part, holds)));
                }
                "comparison_operator" => found.extend(self.comparison(condition, holds)),
                "identifier" | "attribute" => {
                    found.extend(self.subject(condition).map(|of| Condition { of, test: Test::Truth, holds }));
                }
                _ => {}
            }
        }
        found
    }

    /// `method == "post"`, `session is not None`, `method in ("get", "head")`.
    fn comparison(&self, node: Node<'t>, holds: bool) -> Option<Condition> {
        let [left, right] = children(node)[..] else { return None };
        let operator = self.ast.text.get(left.end_byte()..right.start_byte())?;
        let operator: Vec<&str> = operator.split_whitespace().collect();
        let is_left = self.subject(left).is_some();
        let (name, other) = if is_left { (left, right) } else { (right, left) };
        let of = self.subject(name)?;
        let values = match operator.as_slice() {
            ["==" | "is" | "!="] | ["is", "not"] => vec![self.literal(other)?],
            ["in"] | ["not", "in"] if is_left && matches!(other.kind(), "tuple" | "list" | "set") => {
                children(other).into_iter().map(|part| self.literal(part)).collect::<Option<_>>()?
            }
            _ => return None,
        };
        // What a constructor is given may be kept in another form: `self.method = method.lower()`.
        if matches!(of, Subject::Field(_)) && values != [Value::Nothing] {
            return None;
        }
        let is_positive = !operator.iter().any(|word| matches!(*word, "!=" | "not"));
        Some(Condition { of, test: Test::OneOf(values), holds: holds == is_positive })
    }

    fn literal(&self, node: Node<'t>) -> Option<Value> {
        Some(self.setting(node).value).filter(Value::is_literal)
    }

    /// What the function is given that `node` reads: a parameter, or a field of the receiver.
    fn subject(&self, node: Node<'t>) -> Option<Subject> {
        match node.kind() {
            "identifier" if self.is_as_given(node) => Some(Subject::Parameter(self.ast.text(node).to_owned())),
            "attribute" => {
                self.receiver(node.child_by_field_name("object")?)?;
                Some(Subject::Field(self.ast.field_text(node, "attribute").to_owned()))
            }
            _ => None,
        }
    }

    /// A parameter of the function around it to which nothing else was assigned before.
    fn is_as_given(&self, node: Node<'t>) -> bool {
        if self.receiver(node).is_some() {
            return false;
        }
        let text = self.ast.text(node);
        let Some(scope) = self.binding_scope(text, self.scope_of(node)) else { return false };
        let is_own = self.scopes[scope].function.is_some() && self.scopes[scope].function == self.function_of(node);
        let [Def::Param { gathers: false, .. }, others @ ..] = self.defs(text, node) else { return false };
        let is_later = |def: &Def<'t>| matches!(def, Def::Value(value) if value.end_byte() >= node.end_byte());
        is_own && (others.is_empty() || (others.iter().all(is_later) && !self.is_in_loop(node)))
    }

    fn is_in_loop(&self, node: Node<'t>) -> bool {
        let mut around = self.ast.ancestors(node).take_while(|at| at.kind() != "function_definition");
        around.any(|at| matches!(at.kind(), "for_statement" | "while_statement"))
    }

    /// Whether the part `child` of `node` is run where something failed, before an exception is raised, or where a request
    /// was refused.
    pub(super) fn is_for_failures(&self, node: Node<'t>, child: Node<'t>) -> bool {
        match node.kind() {
            "except_clause" | "except_group_clause" => child.kind() == "block",
            "if_statement" | "elif_clause" if is_field(node, "consequence", child) => {
                let condition = node.child_by_field_name("condition");
                condition.is_some_and(|condition| asks_for_refusal(self.ast.text(condition)))
            }
            "block" => {
                let around = self.ast.parent(node).map_or("", |parent| parent.kind());
                matches!(around, "if_statement" | "elif_clause" | "else_clause") && self.block(node).raises_after(child)
            }
            _ => false,
        }
    }
}

/// `response.status_code == 401`, `status >= 400`.
fn asks_for_refusal(condition: &str) -> bool {
    let numbers = condition.split(|at: char| !at.is_alphanumeric() && at != '_').filter_map(|word| word.parse().ok());
    let is_refusal = |number: u16| (400..600).contains(&number);
    condition.contains("status") && !condition.contains(['<', '!']) && numbers.into_iter().any(is_refusal)
}

/// The first few of what holds on the way to one expression.
pub(super) fn bounded(mut conditions: Vec<Condition>) -> Vec<Condition> {
    conditions.truncate(MAX);
    conditions
}
