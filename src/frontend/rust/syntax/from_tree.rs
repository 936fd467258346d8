//! Fills the arena from tree-sitter: files that syn refuses, and bodies of macros that have no shape.

use super::{Attribute, Function, Import, Kind, Literal, NodeId, Param, Pattern, Struct, Tree, Type};
use crate::frontend::rust::gate::{self, span};
use crate::source::Span;
use tree_sitter::{Node, Point, Range};

/// Levels of macros within macros that are looked into.
const MAX_MACROS: usize = 8;
/// Deeper nodes of a macro's body are passed over.
const MAX_DEPTH: usize = 400;

/// Reads a whole file.
pub fn read(text: &str, parsed: &tree_sitter::Tree) -> Tree {
    let mut tree = Tree::default();
    let root = tree.open(None);
    let mut reader = Reader { tree: &mut tree, text, parent: root, macros: 0, depth: 0 };
    reader.nodes(children(parsed.root_node()));
    tree.close(root, Kind::File, Span::new(0, text.len()));
    tree
}

/// Adds what stands in the `part` of `text` below the node `parent`.
pub fn graft(text: &str, part: Span, parent: NodeId, tree: &mut Tree) {
    graft_at(text, part, parent, tree, 0);
}

fn graft_at(text: &str, part: Span, parent: NodeId, tree: &mut Tree, macros: usize) {
    if macros > MAX_MACROS {
        return;
    }
    let Ok(parsed) = gate::parse(text, Some(range(text, part))) else { return };
    let mut reader = Reader { tree, text, parent, macros, depth: 0 };
    reader.nodes(children(parsed.root_node()));
}

fn range(text: &str, part: Span) -> Range {
    let point = |offset: usize| {
        let before = text.get(..offset).unwrap_or("");
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        Point { row: before.matches('\n').count(), column: offset - line }
    };
    Range { start_byte: part.start, end_byte: part.end, start_point: point(part.start), end_point: point(part.end) }
}

struct Reader<'r> {
    tree: &'r mut Tree,
    text: &'r str,
    parent: NodeId,
    macros: usize,
    depth: usize,
}

impl Reader<'_> {
    fn add(&mut self, node: Node<'_>, fill: impl FnOnce(&mut Self) -> Kind) -> NodeId {
        let id = self.tree.open(Some(self.parent));
        let outer = std::mem::replace(&mut self.parent, id);
        self.depth += 1;
        let kind = if self.depth > MAX_DEPTH { Kind::Other } else { fill(self) };
        self.depth -= 1;
        self.parent = outer;
        self.tree.close(id, kind, span(node))
    }

    fn text(&self, node: Node<'_>) -> String {
        self.text.get(node.byte_range()).unwrap_or("").to_owned()
    }

    fn field_text(&self, node: Node<'_>, field: &str) -> String {
        node.child_by_field_name(field).map_or_else(String::new, |child| self.text(child))
    }

    /// Adds siblings. Attributes stand before what they are about, as siblings of it.
    fn nodes(&mut self, siblings: Vec<Node<'_>>) -> Option<NodeId> {
        let mut attributes = Vec::new();
        let mut last = None;
        for node in siblings {
            if node.kind() == "attribute_item" {
                attributes.push(node);
                continue;
            }
            let of: Vec<Attribute> = attributes.drain(..).filter_map(|node| self.attribute(node)).collect();
            if !of.iter().any(|attribute| attribute.path == ["cfg(test)"]) {
                last = self.node(node, of).filter(|_| !is_statement(node));
            }
        }
        last
    }

    fn attribute(&self, node: Node<'_>) -> Option<Attribute> {
        let inner = children(node).into_iter().next()?;
        let text = self.text(inner);
        if text.split_whitespace().collect::<String>() == "cfg(test)" {
            return Some(Attribute { path: vec!["cfg(test)".to_owned()], text: None, span: span(node) });
        }
        let path = text.split(['(', '=', ' ']).next().unwrap_or("");
        let first = text.split('"').nth(1).map(str::to_owned);
        Some(Attribute { path: path.split("::").map(str::to_owned).collect(), text: first, span: span(node) })
    }

    /// Adds a node; `None` where it adds nothing.
    fn node(&mut self, node: Node<'_>, attributes: Vec<Attribute>) -> Option<NodeId> {
        Some(match node.kind() {
            "line_comment" | "block_comment" | "inner_attribute_item" | "empty_statement" => return None,
            "function_item" => self.function(node, attributes),
            "mod_item" => self.add(node, |reader| {
                node.child_by_field_name("body").map(|body| reader.nodes(children(body)));
                Kind::Module { name: reader.field_text(node, "name") }
            }),
            "impl_item" => self.add(node, |reader| {
                node.child_by_field_name("body").map(|body| reader.nodes(children(body)));
                let of = node.child_by_field_name("type").map(|of| reader.outline(of)).unwrap_or_default();
                let of_trait = node.child_by_field_name("trait").map(|of| reader.outline(of).path);
                Kind::Impl { of, of_trait, attributes }
            }),
            "trait_item" => self.add(node, |reader| {
                node.child_by_field_name("body").map(|body| reader.nodes(children(body)));
                Kind::Trait { name: reader.field_text(node, "name") }
            }),
            "struct_item" | "enum_item" => self.add(node, |reader| reader.structure(node, &attributes)),
            "static_item" | "const_item" => self.add(node, |reader| {
                let value = reader.part(node, "value");
                let of = node.child_by_field_name("type").map(|of| reader.outline(of));
                Kind::Static { name: reader.field_text(node, "name"), of, value }
            }),
            "type_item" => self.add(node, |reader| {
                let of = node.child_by_field_name("type").map(|of| reader.outline(of)).unwrap_or_default();
                Kind::Alias { name: reader.field_text(node, "name"), of }
            }),
            "use_declaration" => self.add(node, |reader| {
                let mut found = Vec::new();
                if let Some(argument) = node.child_by_field_name("argument") {
                    reader.imports(argument, &[], &mut found);
                }
                Kind::Use(found)
            }),
            "expression_statement" => {
                return children(node).into_iter().next().and_then(|inner| self.node(inner, attributes));
            }
            _ => self.expression(node),
        })
    }

    fn function(&mut self, node: Node<'_>, attributes: Vec<Attribute>) -> NodeId {
        self.add(node, |reader| {
            let body = reader.part(node, "body");
            let parameters = node.child_by_field_name("parameters").map(children).unwrap_or_default();
            let params = parameters.iter().filter(|part| part.kind() == "parameter").map(|part| Param {
                pattern: part.child_by_field_name("pattern").map(|of| reader.pattern(of)).unwrap_or_default(),
                of: part.child_by_field_name("type").map(|of| reader.outline(of)),
            });
            let params = params.collect();
            let name = node.child_by_field_name("name");
            let head = node.child_by_field_name("name").map_or(node.start_byte(), |name| name.start_byte());
            let before = reader.text.get(node.start_byte()..head).unwrap_or("");
            Kind::Function(Box::new(Function {
                name: reader.field_text(node, "name"),
                name_span: name.map_or_else(|| span(node), span),
                params,
                output: node.child_by_field_name("return_type").map(|of| reader.outline(of)),
                is_async: before.split_whitespace().any(|word| word == "async"),
                attributes,
                body,
            }))
        })
    }

    fn structure(&mut self, node: Node<'_>, attributes: &[Attribute]) -> Kind {
        let body = node.child_by_field_name("body").map(children).unwrap_or_default();
        let fields = body.iter().filter(|field| field.kind() == "field_declaration").map(|field| {
            let of = field.child_by_field_name("type").map(|of| self.outline(of)).unwrap_or_default();
            (self.field_text(*field, "name"), of)
        });
        let fields = fields.collect();
        let derived = attributes.iter().filter(|attribute| attribute.path == ["derive"]);
        let derives = derived.flat_map(|attribute| {
            let text = self.text.get(attribute.span.start..attribute.span.end).unwrap_or("");
            let words = text.split(|at: char| !(at.is_alphanumeric() || at == '_'));
            words.map(str::to_owned).collect::<Vec<_>>()
        });
        let derives = derives.collect();
        Kind::Struct(Box::new(Struct { name: self.field_text(node, "name"), fields, derives }))
    }

    /// Adds the part of a node that stands in `field`.
    fn part(&mut self, node: Node<'_>, field: &str) -> Option<NodeId> {
        node.child_by_field_name(field).map(|part| self.expression(part))
    }

    /// A part that must be there; the open node's own place stands in for it in broken text.
    fn need(&mut self, node: Node<'_>, field: &str) -> NodeId {
        match node.child_by_field_name(field) {
            Some(part) => self.expression(part),
            None => self.add(node, |_| Kind::Other),
        }
    }

    fn expression(&mut self, node: Node<'_>) -> NodeId {
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
            "tuple_expression" | "array_expression" => {
                self.nodes(children(node));
                Kind::List
            }
            "macro_invocation" => self.macro_call(node),
            "integer_literal" | "float_literal" | "string_literal" | "raw_string_literal" | "boolean_literal" => {
                Kind::Literal(self.literal(node))
            }
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
                let arms = body.into_iter().filter(|arm| arm.kind() == "match_arm");
                let arms = arms.map(|arm| {
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
                for field in body {
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
        if let Some(body) = body.filter(|_| !super::macros::is_opaque(name)) {
            let inner = Span::new(body.start_byte() + 1, body.end_byte().saturating_sub(1));
            if self.text.get(inner.start..inner.end).is_some_and(|text| text.contains('(')) {
                graft_at(self.text, inner, self.parent, self.tree, self.macros + 1);
            }
        }
        Kind::Macro { path }
    }

    fn literal(&self, node: Node<'_>) -> Literal {
        let text = self.text(node);
        let digits = |text: &str| text.replace('_', "");
        match node.kind() {
            "integer_literal" => {
                let end = text.find(|at: char| !(at.is_ascii_digit() || at == '_')).unwrap_or(text.len());
                digits(&text[..end]).parse().map_or(Literal::Other, Literal::Int)
            }
            "float_literal" => digits(text.trim_end_matches("f64").trim_end_matches("f32"))
                .parse()
                .map_or(Literal::Other, Literal::Float),
            "boolean_literal" => Literal::Bool(text == "true"),
            _ => {
                let inner = text.trim_start_matches(['r', 'b', '#']).trim_end_matches('#');
                Literal::Text(inner.trim_matches('"').to_owned())
            }
        }
    }

    /// `a::b::<T>::c` as `a`, `b`, `c`.
    fn words(&self, node: Node<'_>) -> Vec<String> {
        self.outline(node).path
    }

    fn outline(&self, node: Node<'_>) -> Type {
        match node.kind() {
            "reference_type" | "pointer_type" | "bracketed_type" => {
                let inner = node.child_by_field_name("type").or_else(|| children(node).into_iter().next());
                inner.map(|inner| self.outline(inner)).unwrap_or_default()
            }
            "qualified_type" => node.child_by_field_name("type").map(|inner| self.outline(inner)).unwrap_or_default(),
            "dynamic_type" | "abstract_type" => {
                node.child_by_field_name("trait").map(|inner| self.outline(inner)).unwrap_or_default()
            }
            "generic_type" | "generic_type_with_turbofish" => {
                let of = node.child_by_field_name("type").map(|inner| self.outline(inner)).unwrap_or_default();
                let arguments = node.child_by_field_name("type_arguments").map(children).unwrap_or_default();
                let types = arguments.into_iter().filter(|part| part.kind() != "lifetime");
                Type { path: of.path, arguments: types.map(|part| self.outline(part)).collect() }
            }
            "scoped_identifier" | "scoped_type_identifier" => {
                let mut path = node.child_by_field_name("path").map(|path| self.outline(path).path).unwrap_or_default();
                path.push(self.field_text(node, "name"));
                Type::named(path)
            }
            "tuple_type" => {
                let arguments = children(node).into_iter().map(|part| self.outline(part)).collect();
                Type { path: vec!["(..)".to_owned()], arguments }
            }
            _ => Type::named(self.text(node).split("::").map(|word| word.trim().to_owned()).collect()),
        }
    }

    fn pattern(&self, node: Node<'_>) -> Pattern {
        let variant = match node.kind() {
            "tuple_struct_pattern" => node.child_by_field_name("type").and_then(|of| self.words(of).pop()),
            "identifier" => Some(self.text(node)).filter(|name| name.starts_with(char::is_uppercase)),
            "match_pattern" => return children(node).first().map(|inner| self.pattern(*inner)).unwrap_or_default(),
            _ => None,
        };
        let (mut names, mut todo) = (Vec::new(), vec![node]);
        while let Some(node) = todo.pop() {
            match node.kind() {
                "identifier" | "shorthand_field_identifier" => names.push(self.text(node)),
                "tuple_struct_pattern" => todo.extend(children(node).into_iter().skip(1)),
                "parameter" => todo.extend(node.child_by_field_name("pattern")),
                _ => todo.extend(children(node)),
            }
        }
        Pattern { names, variant }
    }

    fn imports(&self, node: Node<'_>, prefix: &[String], found: &mut Vec<Import>) {
        let path = |of: Option<Node<'_>>| [prefix, of.map(|of| self.words(of)).unwrap_or_default().as_slice()].concat();
        let add = |name: Option<String>, path: Vec<String>, found: &mut Vec<Import>| found.push(Import { name, path });
        match node.kind() {
            "use_list" => children(node).into_iter().for_each(|part| self.imports(part, prefix, found)),
            "scoped_use_list" => {
                let prefix = path(node.child_by_field_name("path"));
                if let Some(list) = node.child_by_field_name("list") {
                    self.imports(list, &prefix, found);
                }
            }
            "use_wildcard" => add(None, path(children(node).first().copied()), found),
            "use_as_clause" => {
                add(Some(self.field_text(node, "alias")), path(node.child_by_field_name("path")), found);
            }
            "self" => add(prefix.last().cloned(), prefix.to_vec(), found),
            _ => {
                let path = path(Some(node));
                add(path.last().cloned(), path, found);
            }
        }
    }
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// Ends in a semicolon, so that its block has no value from it.
fn is_statement(node: Node<'_>) -> bool {
    matches!(node.kind(), "expression_statement" | "let_declaration" | "function_item" | "use_declaration")
        && !(node.kind() == "expression_statement"
            && children(node).iter().any(|inner| inner.end_byte() == node.end_byte()))
}
