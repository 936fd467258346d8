//! Fills the arena from tree-sitter: files that syn refuses, and bodies of macros that have no shape.

mod expressions;
mod names;

use super::patterns::is_test_text;
use super::{Attribute, Function, Import, Kind, NodeId, Param, Struct, Tree};
use crate::frontend::rust::gate::{self, Gate, span};
use crate::frontend::rust::recover::{self, range};
use crate::source::Span;
use std::time::Instant;
use tree_sitter::Node;

/// Levels of macros within macros that are looked into.
const MAX_MACROS: usize = 8;
/// Deeper nodes are passed over.
const MAX_DEPTH: usize = 400;

/// Reads a whole file.
pub fn read(text: &str, gate: &Gate) -> Tree {
    let mut tree = Tree::default();
    let root = tree.open(None);
    let mut reader = Reader { tree: &mut tree, text, parent: root, macros: 0, depth: 0, deadline: gate.deadline };
    let pieces = recover::pieces(text, gate);
    let parsed = pieces.parsed.iter().map(|parsed| children(parsed.root_node()));
    let parts: Vec<Vec<Node<'_>>> = std::iter::once(pieces.sound).chain(parsed).collect();
    // `#![cfg(test)]` in one is about all.
    if !parts.iter().flatten().any(|node| reader.is_inner_test(*node)) {
        parts.into_iter().for_each(|part| _ = reader.nodes(part));
    }
    tree.unread.extend(pieces.broken);
    tree.close(root, Kind::File, Span::new(0, text.len()));
    tree
}

/// Adds what stands in the `part` of `text` below the node `parent`.
pub fn graft(text: &str, part: Span, parent: NodeId, tree: &mut Tree, deadline: Instant) {
    Reader { tree, text, parent, macros: 0, depth: 0, deadline }.graft(part);
}

struct Reader<'r> {
    tree: &'r mut Tree,
    text: &'r str,
    parent: NodeId,
    macros: usize,
    depth: usize,
    deadline: Instant,
}

impl Reader<'_> {
    /// Adds what stands in the `part` of the text. A macro's body is flat for the gate, so that its depth is looked at here.
    fn graft(&mut self, part: Span) {
        if self.macros > MAX_MACROS {
            return self.tree.unread.push(part);
        }
        match gate::parse(self.text, Some(range(part)), self.deadline) {
            Ok(parsed) if gate::walk(&parsed, |_| {}) <= gate::MAX_DEPTH => {
                self.macros += 1;
                self.nodes(children(parsed.root_node()));
                self.macros -= 1;
            }
            _ => self.tree.unread.push(part),
        }
    }

    fn add(&mut self, node: Node<'_>, fill: impl FnOnce(&mut Self) -> Kind) -> NodeId {
        let id = self.tree.open(Some(self.parent));
        let outer = std::mem::replace(&mut self.parent, id);
        self.depth += 1;
        let kind = if self.depth > MAX_DEPTH {
            self.tree.unread.push(span(node));
            Kind::Other
        } else {
            fill(self)
        };
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
        if siblings.iter().any(|node| self.is_inner_test(*node)) {
            return None;
        }
        let mut attributes = Vec::new();
        let mut last = None;
        for node in siblings {
            match node.kind() {
                "line_comment" | "block_comment" => continue,
                "attribute_item" => {
                    attributes.push(node);
                    continue;
                }
                _ => {}
            }
            let is_test = attributes.iter().any(|attribute| self.is_test_only(*attribute));
            let of: Vec<Attribute> = attributes.drain(..).filter_map(|node| self.attribute(node)).collect();
            if !is_test {
                last = self.node(node, of).filter(|_| !is_statement(node));
            }
        }
        last
    }

    fn is_inner_test(&self, node: Node<'_>) -> bool {
        node.kind() == "inner_attribute_item" && self.is_test_only(node)
    }

    fn is_test_only(&self, attribute: Node<'_>) -> bool {
        children(attribute).first().is_some_and(|inner| is_test_text(&self.text(*inner)))
    }

    fn attribute(&self, node: Node<'_>) -> Option<Attribute> {
        let inner = children(node).into_iter().next()?;
        let text = self.text(inner);
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
            "struct_item" | "enum_item" | "union_item" => self.add(node, |reader| reader.structure(node, &attributes)),
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
            "extern_crate_declaration" => self.add(node, |reader| {
                let (name, alias) = (reader.field_text(node, "name"), reader.field_text(node, "alias"));
                let import = Import { name: Some(alias).filter(|alias| !alias.is_empty()), path: vec![name] };
                Kind::Use(import.name.is_some().then_some(import).into_iter().collect())
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
                is_public: before.trim_start().starts_with("pub"),
                has_receiver: parameters.iter().any(|part| part.kind() == "self_parameter"),
                attributes,
                body,
            }))
        })
    }

    fn structure(&mut self, node: Node<'_>, attributes: &[Attribute]) -> Kind {
        let body = node.child_by_field_name("body").map(children).unwrap_or_default();
        let named = body.iter().filter(|field| field.kind() == "field_declaration").map(|field| {
            let of = field.child_by_field_name("type").map(|of| self.outline(of)).unwrap_or_default();
            (self.field_text(*field, "name"), of)
        });
        let mut fields: Vec<_> = named.collect();
        let is_tuple = |of: &Node<'_>| of.kind() == "ordered_field_declaration_list";
        if let Some(types) = node.child_by_field_name("body").filter(is_tuple) {
            let types: Vec<_> = types.children_by_field_name("type", &mut types.walk()).collect();
            fields.extend(types.into_iter().enumerate().map(|(at, of)| (at.to_string(), self.outline(of))));
        }
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
