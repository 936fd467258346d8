//! Responses that are read piece by piece, and whether the loop that reads them may be left before their end.

use super::place::is_field;
use super::scopes::{Def, Index};
use super::sites::Sites;
use super::tree::{children, span};
use crate::model::{LeftLoop, Module, SiteId, Stream, Value};
use crate::source::Span;
use tree_sitter::Node;

impl<'t> Index<'t> {
    /// Lowers the responses of calls with `stream=True`, and of methods with that name.
    pub fn lower_streams(&self, calls: &[Node<'t>], sites: &Sites, module: &mut Module) {
        let asking = calls.iter().filter(|call| self.asks_for_stream(**call));
        module.streams = asking.filter_map(|call| self.stream(*call, sites)).collect();
    }

    fn asks_for_stream(&self, call: Node<'t>) -> bool {
        let function = call.child_by_field_name("function");
        if function.is_some_and(|function| self.ast.field_text(function, "attribute") == "stream") {
            return true;
        }
        let arguments = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        let asked = arguments.into_iter().find(|argument| self.ast.field_text(*argument, "name") == "stream");
        let value = asked.and_then(|argument| argument.child_by_field_name("value"));
        value.is_some_and(|value| self.setting(value).value == Value::Bool(true))
    }

    fn stream(&self, call: Node<'t>, sites: &Sites) -> Option<Stream> {
        let (site, path) = self.sender(call, sites)?;
        let name = || self.name_of(call).or_else(|| self.name_in_with(call));
        let reader = self.reader(call).or_else(|| self.reader_of_name(name()?));
        let left = reader.and_then(|reader| self.left(reader));
        Some(Stream { site, path, call: span(call), closed: self.name_in_with(call).is_some(), left })
    }

    fn left(&self, reader: Node<'t>) -> Option<LeftLoop> {
        let body = reader.child_by_field_name("body")?;
        let head = Span::new(reader.start_byte(), self.ast.text[..body.start_byte()].trim_end().len());
        Some(LeftLoop { head, exit: span(early_exit(body)?) })
    }

    /// The client that sends, with the method; or the one-shot, which has none.
    fn sender(&self, call: Node<'t>, sites: &Sites) -> Option<(SiteId, String)> {
        let one_shot = sites.get(&call.id()).map(|site| (*site, String::new()));
        one_shot.or_else(|| self.member_of_site(call.child_by_field_name("function")?, sites))
    }

    /// The local name that is bound to the response, and to nothing else.
    fn name_of(&self, call: Node<'t>) -> Option<Node<'t>> {
        let whole = self.around_awaits(call);
        let assignment = self.ast.parent(whole).filter(|at| is_field(*at, "right", whole))?;
        let name = assignment.child_by_field_name("left").filter(|left| left.kind() == "identifier")?;
        self.function_of(name).map(|_| name)
    }

    /// The name in `with call as name`.
    fn name_in_with(&self, call: Node<'t>) -> Option<Node<'t>> {
        let whole = self.around_awaits(call);
        let pattern = self.ast.parent(whole).filter(|at| at.kind() == "as_pattern")?;
        let name = pattern.child_by_field_name("alias")?.named_child(0)?;
        (name.kind() == "identifier").then_some(name)
    }

    /// The one loop that reads what is bound to `name` here, where nothing else may read or close it.
    fn reader_of_name(&self, name: Node<'t>) -> Option<Node<'t>> {
        let text = self.ast.text(name);
        let bound = self.defs(text, name).iter().map(|def| match def {
            Def::Value(value) | Def::With(value) => Some(value.start_byte()),
            _ => None,
        });
        let bound: Vec<usize> = bound.collect::<Option<_>>()?;
        // Up to where the text binds the name again, in another branch mostly.
        let from = self.ast.parent(name)?.end_byte();
        let until = bound.into_iter().filter(|at| *at > from).min();
        let scope = self.binding_scope(text, self.scope_of(name))?;
        let reads = self
            .reads_of(text, scope)
            .iter()
            .copied()
            .filter(|read| read.start_byte() > from && until.is_none_or(|until| read.start_byte() < until));
        let reads: Vec<Node<'t>> = reads.collect();
        let (at, reader) = reads.iter().find_map(|read| Some((*read, self.reader(*read)?)))?;
        let before = |read: &Node<'t>| {
            let is_here = self.function_of(*read) == self.function_of(name);
            is_here && read.end_byte() <= reader.start_byte() && self.is_harmless(*read)
        };
        reads.iter().all(|read| read.id() == at.id() || before(read)).then_some(reader)
    }

    /// `response.raise_for_status()`, not `handle(response)` or `stack.callback(response.close)`.
    fn is_harmless(&self, response: Node<'t>) -> bool {
        let around = self.ast.ancestors(response).take_while(|at| at.kind() == "attribute");
        let names: Vec<&str> = around.map(|at| self.ast.field_text(at, "attribute")).collect();
        !names.is_empty()
            && !names.iter().any(|name| name.trim_matches('_').ends_with("close") || name.contains("exit"))
    }

    /// The loop over `response`, or over what a method of it (`iter_lines`) or `enumerate` makes of it.
    fn reader(&self, response: Node<'t>) -> Option<Node<'t>> {
        let mut node = self.around_awaits(response);
        loop {
            let parent = self.ast.parent(node)?;
            node = match parent.kind() {
                "for_statement" if is_field(parent, "right", node) => return Some(parent),
                "attribute" if self.iterates(parent) => self.ast.parent(parent).filter(|at| at.kind() == "call")?,
                "argument_list" => self
                    .ast
                    .parent(parent)
                    .filter(|call| matches!(self.ast.field_text(*call, "function"), "enumerate" | "iter" | "aiter"))?,
                _ => return None,
            };
        }
    }

    fn iterates(&self, method: Node<'t>) -> bool {
        let name = self.ast.field_text(method, "attribute");
        name.starts_with("iter_") || name.starts_with("aiter_")
    }

    /// `node` with `await` and parentheses around it.
    fn around_awaits(&self, node: Node<'t>) -> Node<'t> {
        let around =
            self.ast.ancestors(node).take_while(|at| matches!(at.kind(), "await" | "parenthesized_expression"));
        around.last().unwrap_or(node)
    }
}

/// The first `break` or `return` that leaves the loop with this body. What handles a failure does not count.
fn early_exit(body: Node<'_>) -> Option<Node<'_>> {
    let mut todo = vec![(body, false)];
    let mut exits = Vec::new();
    while let Some((node, in_loop)) = todo.pop() {
        match node.kind() {
            "break_statement" if !in_loop => exits.push(node),
            "return_statement" => exits.push(node),
            "function_definition" | "class_definition" | "lambda" | "except_clause" => {}
            kind => {
                let in_loop = in_loop || matches!(kind, "for_statement" | "while_statement");
                todo.extend(children(node).into_iter().map(|child| (child, in_loop)));
            }
        }
    }
    exits.into_iter().min_by_key(Node::start_byte)
}
