//! What is put by key into a mapping that is spread into a call: `arguments["http2"] = True`, and
//! `kwargs.setdefault("limits", LIMITS)`.

use super::scopes::Index;
use super::tree::{children, span};
use crate::model::{Spread, Value};
use tree_sitter::Node;

/// Values put into one mapping; no client takes half as many arguments, so that more are no arguments.
const MAX_VALUES: usize = 64;

/// Whose a mapping is: that of a scope, or of the objects of a class.
#[derive(PartialEq, Eq)]
enum Home {
    Scope(Option<usize>),
    Class(Option<usize>),
}

impl<'t> Index<'t> {
    /// What may be among the arguments of `call` by way of the mappings that are spread into it.
    pub(super) fn spread_in(&self, call: Node<'t>) -> Vec<Spread> {
        let list = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        let spread = list.into_iter().filter(|argument| argument.kind() == "dictionary_splat");
        let mappings = spread.filter_map(|spread| children(spread).first().copied());
        mappings.flat_map(|mapping| self.put_before(mapping, call)).collect()
    }

    /// What is put into `mapping`, as far as it may be there where `call` runs.
    fn put_before(&self, mapping: Node<'t>, call: Node<'t>) -> Vec<Spread> {
        let is_name = mapping.kind() == "identifier";
        let mut put = self.assigned_in(mapping);
        if put.len() > MAX_VALUES {
            return Vec::new();
        }
        put.extend(self.defaults_in(mapping));
        let removed = if is_name { self.removed_from(mapping) } else { Vec::new() };
        put.retain(|(key, value)| {
            let is_later = value.start_byte() > call.start_byte() && self.function_of(*value) == self.function_of(call);
            !(removed.contains(key) || is_name && is_later)
        });
        let spread = put.into_iter().map(|(key, value)| {
            let is_sure = !is_name || self.runs_before(value, call);
            Spread { key, setting: self.setting(value), is_sure }
        });
        spread.collect()
    }

    /// Whether what runs `call` has run `value` before.
    fn runs_before(&self, value: Node<'t>, call: Node<'t>) -> bool {
        let block = self.ast.ancestors(value).find(|at| matches!(at.kind(), "block" | "module"));
        let encloses = block.is_some_and(|block| span(block).contains(span(call)));
        encloses && value.start_byte() < call.start_byte()
    }

    /// `mapping.pop("key")`, `del mapping["key"]`.
    fn removed_from(&self, mapping: Node<'t>) -> Vec<String> {
        let name = self.ast.text(mapping);
        let scope = self.binding_scope(name, self.scope_of(mapping));
        let reads = scope.map_or(&[][..], |scope| self.reads_of(name, scope));
        let removed = reads.iter().filter_map(|read| {
            let parent = self.ast.parent(*read)?;
            let around = self.ast.parent(parent)?;
            match parent.kind() {
                "attribute" if self.ast.field_text(parent, "attribute") == "pop" => {
                    self.key(*children(around.child_by_field_name("arguments")?).first()?)
                }
                "subscript" => {
                    let mut around = self.ast.ancestors(parent).take(2);
                    around.find(|at| at.kind() == "delete_statement")?;
                    self.key(parent.child_by_field_name("subscript")?)
                }
                _ => None,
            }
        });
        removed.collect()
    }

    /// `mapping["key"] = value`.
    fn assigned_in(&self, mapping: Node<'t>) -> Vec<(String, Node<'t>)> {
        let values = self.items.get(self.ast.text(mapping)).into_iter().flatten();
        let put = values.filter_map(|value| {
            let target = self.ast.parent(*value)?.child_by_field_name("left")?;
            let container = target.child_by_field_name("value")?;
            let here = self.home(container) == self.home(mapping);
            let key = self.key(target.child_by_field_name("subscript")?)?;
            here.then_some((key, *value))
        });
        put.take(MAX_VALUES + 1).collect()
    }

    /// `mapping.setdefault("key", value)`.
    fn defaults_in(&self, mapping: Node<'t>) -> Vec<(String, Node<'t>)> {
        let name = self.ast.text(mapping);
        let scope = self.binding_scope(name, self.scope_of(mapping)).filter(|_| mapping.kind() == "identifier");
        let reads = scope.map_or(&[][..], |scope| self.reads_of(name, scope));
        let put = reads.iter().filter_map(|read| {
            let method =
                self.ast.parent(*read).filter(|parent| self.ast.field_text(*parent, "attribute") == "setdefault");
            let call = self.ast.parent(method?).filter(|parent| parent.kind() == "call")?;
            match children(call.child_by_field_name("arguments")?)[..] {
                [key, value] => Some((self.key(key)?, value)),
                _ => None,
            }
        });
        put.take(MAX_VALUES).collect()
    }

    fn home(&self, mapping: Node<'t>) -> Home {
        match mapping.kind() {
            "identifier" => Home::Scope(self.binding_scope(self.ast.text(mapping), self.scope_of(mapping))),
            _ => Home::Class(self.function_of(mapping).and_then(|at| self.functions[at.0].class).map(|class| class.0)),
        }
    }

    fn key(&self, node: Node<'t>) -> Option<String> {
        match self.setting(node).value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}
