//! Expressions.

use super::super::from_syn::literal;
use super::super::{Kind, Literal, NodeId, macros};
use super::{Reader, children};
use crate::source::Span;
use tree_sitter::Node;

impl Reader<'_> {
    pub(super) fn expression(&mut self, node: Node<'_>) -> NodeId {
        self.add(node, |reader| reader.fill(node))
    }

    fn fill(&mut self, node: Node<'_>) -> Kind {
        match node.kind() {
            "identifier" | "self" | "scoped_identifier" | "field_identifier" | "crate" | "super" => {
                Kind::Path(self.words(node))
            }
            "generic_function" => {
                Kind::Path(node.child_by_field_name("function").map(|of| self.words(of)).unwrap_or_default())
            }
            "call_expression" => self.call(node),
            "field_expression" => {
                let base = self.need(node, "value");
                Kind::Field { base, name: self.field_text(node, "field") }
            }
            "await_expression"
            | "try_expression"
            | "reference_expression"
            | "parenthesized_expression"
            | "type_cast_expression" => {
                let inner = node.child_by_field_name("value").or_else(|| children(node).into_iter().next());
                match inner {
                    Some(inner) => Kind::Through(self.expression(inner)),
                    None => Kind::Other,
                }
            }
            "unary_expression" if self.text(node).starts_with('*') => match children(node).into_iter().next() {
                Some(inner) => Kind::Through(self.expression(inner)),
                None => Kind::Other,
            },
            "unary_expression" => match children(node).as_slice() {
                [inner] => match self.expression(*inner) {
                    id if self.text(node).starts_with('-') => negated(self.tree.kind(id)),
                    _ => Kind::Other,
                },
                _ => Kind::Other,
            },
            "block" => Kind::Block { tail: self.nodes(children(node)) },
            "unsafe_block" | "const_block" => {
                let inner = children(node).into_iter().find(|child| child.kind() == "block");
                inner.map_or(Kind::Other, |inner| Kind::Through(self.expression(inner)))
            }
            "async_block" => match children(node).into_iter().find(|child| child.kind() == "block") {
                Some(body) => {
                    self.expression(body);
                    Kind::Async
                }
                None => Kind::Other,
            },
            "tuple_expression" | "array_expression" => {
                self.nodes(children(node));
                Kind::List
            }
            "macro_invocation" => self.macro_call(node),
            "integer_literal" | "float_literal" | "string_literal" | "raw_string_literal" | "boolean_literal" => {
                Kind::Literal(self.literal(node))
            }
            _ => self.fill_statement(node),
        }
    }

    /// What binds, assigns or leaves.
    fn fill_statement(&mut self, node: Node<'_>) -> Kind {
        match node.kind() {
            "let_declaration" => {
                let value = self.part(node, "value");
                self.part(node, "alternative");
                Kind::Let {
                    pattern: node.child_by_field_name("pattern").map(|of| self.pattern(of)).unwrap_or_default(),
                    of: node.child_by_field_name("type").map(|of| self.outline(of)),
                    value,
                }
            }
            "let_condition" => {
                let value = self.need(node, "value");
                let pattern = node.child_by_field_name("pattern").map(|of| self.pattern(of)).unwrap_or_default();
                Kind::LetCondition { pattern, value }
            }
            // `name = value` without a semicolon, among the arguments of a macro.
            "assignment_expression" if self.macros > 0 && is_outermost(node) => {
                let name = self.field_text(node, "left");
                Kind::Named { name, value: self.need(node, "right") }
            }
            "assignment_expression" => {
                let (target, value) = (self.need(node, "left"), self.need(node, "right"));
                Kind::Assign { target, value }
            }
            "return_expression" => Kind::Return(children(node).first().map(|value| self.expression(*value))),
            "break_expression" => {
                let value = children(node).into_iter().find(|child| child.kind() != "label");
                value.map(|value| self.expression(value));
                Kind::Break
            }
            "continue_expression" => Kind::Continue,
            _ => self.fill_control(node),
        }
    }

    fn fill_control(&mut self, node: Node<'_>) -> Kind {
        match node.kind() {
            "closure_expression" => {
                let parameters = node.child_by_field_name("parameters").map(children).unwrap_or_default();
                let params = parameters.into_iter().map(|part| self.pattern(part)).collect();
                let is_async = self.text(node).starts_with("async");
                Kind::Closure { params, body: self.need(node, "body"), is_async }
            }
            "for_expression" => {
                let iterated = self.need(node, "value");
                let body = self.need(node, "body");
                let pattern = node.child_by_field_name("pattern").map(|of| self.pattern(of)).unwrap_or_default();
                Kind::For { pattern, iterated, body }
            }
            "while_expression" => {
                let (condition, body) = (self.need(node, "condition"), self.need(node, "body"));
                Kind::While { condition, body }
            }
            "loop_expression" => Kind::Loop { body: self.need(node, "body") },
            "if_expression" => {
                let (condition, then) = (self.need(node, "condition"), self.need(node, "consequence"));
                let otherwise = node.child_by_field_name("alternative");
                let otherwise = otherwise.and_then(|of| children(of).into_iter().next());
                Kind::If { condition, then, otherwise: otherwise.map(|of| self.expression(of)) }
            }
            "match_expression" => {
                let scrutinee = self.need(node, "value");
                let body = node.child_by_field_name("body").map(children).unwrap_or_default();
                let arms = body.into_iter().filter(|arm| arm.kind() == "match_arm" && !self.is_for_tests(*arm));
                let arms: Vec<_> = arms.collect();
                let arms = arms.into_iter().map(|arm| {
                    self.add(arm, |reader| {
                        let pattern =
                            arm.child_by_field_name("pattern").map(|of| reader.pattern(of)).unwrap_or_default();
                        Kind::Arm { pattern, scrutinee, body: reader.need(arm, "value") }
                    })
                });
                Kind::Match { scrutinee, arms: arms.collect() }
            }
            "struct_expression" => {
                let body = node.child_by_field_name("body").map(children).unwrap_or_default();
                let mut fields = Vec::new();
                for field in body.into_iter().filter(|field| field.kind().ends_with("_initializer")) {
                    if self.is_for_tests(field) {
                        continue;
                    }
                    let name = match field.kind() {
                        "field_initializer" => self.field_text(field, "field"),
                        _ => self.text(field),
                    };
                    let value = field.child_by_field_name("value").or_else(|| children(field).first().copied());
                    if let Some(value) = value {
                        fields.push((name, self.expression(value)));
                    }
                }
                let path = node.child_by_field_name("name").map(|of| self.outline(of).path).unwrap_or_default();
                Kind::StructLiteral { path, fields }
            }
            "binary_expression" => {
                let (left, right) = (self.need(node, "left"), self.need(node, "right"));
                match self.field_text(node, "operator").as_str() {
                    "+" => Kind::Binary { operator: '+', left, right },
                    "*" => Kind::Binary { operator: '*', left, right },
                    _ => Kind::Other,
                }
            }
            _ => {
                self.nodes(children(node));
                Kind::Other
            }
        }
    }

    /// Whether an attribute within a node says so.
    fn is_for_tests(&self, node: Node<'_>) -> bool {
        children(node).into_iter().any(|child| child.kind() == "attribute_item" && self.is_test_only(child))
    }

    fn call(&mut self, node: Node<'_>) -> Kind {
        let mut function = node.child_by_field_name("function");
        if let Some(generic) = function.filter(|of| of.kind() == "generic_function") {
            function = generic.child_by_field_name("function");
        }
        let method = function.filter(|of| of.kind() == "field_expression");
        let callee = match method {
            Some(method) => self.need(method, "value"),
            None => self.need(node, "function"),
        };
        let arguments = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let arguments = arguments.into_iter().filter(|part| !part.kind().ends_with("_comment"));
        let arguments = arguments.map(|part| self.expression(part)).collect();
        match method {
            Some(method) => Kind::MethodCall { receiver: callee, name: self.field_text(method, "field"), arguments },
            None => Kind::Call { function: callee, arguments },
        }
    }

    fn macro_call(&mut self, node: Node<'_>) -> Kind {
        let path: Vec<String> = node.child_by_field_name("macro").map(|of| self.words(of)).unwrap_or_default();
        let name = path.last().map_or("", String::as_str);
        let body = children(node).into_iter().find(|child| child.kind() == "token_tree");
        if let Some(body) = body.filter(|_| !macros::is_opaque(name)) {
            let inner = Span::new(body.start_byte() + 1, body.end_byte().saturating_sub(1));
            if self.text.get(inner.start..inner.end).is_some_and(|text| text.contains('(')) {
                self.graft(inner);
            }
        }
        Kind::Macro { path }
    }

    fn literal(&self, node: Node<'_>) -> Literal {
        syn::parse_str(&self.text(node)).map_or(Literal::Other, |of| literal(&of))
    }
}

fn is_outermost(node: Node<'_>) -> bool {
    node.parent().is_none_or(|parent| parent.is_error() || parent.kind() == "source_file")
}

fn negated(of: &Kind) -> Kind {
    match of {
        Kind::Literal(Literal::Int(number)) => Kind::Literal(Literal::Int(-number)),
        _ => Kind::Other,
    }
}
