//! What is put by key into a mapping that is spread into a call: `arguments["http2"] = True`, and
//! `kwargs.setdefault("limits", LIMITS)`.

use super::scopes::Index;
use super::tree::children;
use crate::model::{Setting, Value};
use tree_sitter::Node;

/// Whose a mapping is: that of a scope, or of the objects of a class.
#[derive(PartialEq, Eq)]
enum Home {
    Scope(Option<usize>),
    Class(Option<usize>),
}

impl<'t> Index<'t> {
    /// What may be among the arguments of `call` by way of the mappings that are spread into it.
    pub(super) fn spread_in(&self, call: Node<'t>) -> Vec<(String, Setting)> {
        let list = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        let spread = list.into_iter().filter(|argument| argument.kind() == "dictionary_splat");
        let mappings = spread.filter_map(|spread| children(spread).first().copied());
        mappings.flat_map(|mapping| self.assigned_in(mapping).into_iter().chain(self.defaults_in(mapping))).collect()
    }

    /// `mapping["key"] = value`.
    fn assigned_in(&self, mapping: Node<'t>) -> Vec<(String, Setting)> {
        let values = self.items.get(self.ast.text(mapping)).into_iter().flatten();
        let put = values.filter_map(|value| {
            let target = self.ast.parent(*value)?.child_by_field_name("left")?;
            let container = target.child_by_field_name("value")?;
            let here = self.home(container) == self.home(mapping);
            let key = self.key(target.child_by_field_name("subscript")?)?;
            here.then(|| (key, self.setting(*value)))
        });
        put.collect()
    }

    /// `mapping.setdefault("key", value)`.
    fn defaults_in(&self, mapping: Node<'t>) -> Vec<(String, Setting)> {
        let name = self.ast.text(mapping);
        let scope = self.binding_scope(name, self.scope_of(mapping)).filter(|_| mapping.kind() == "identifier");
        let reads = scope.map_or(&[][..], |scope| self.reads_of(name, scope));
        let put = reads.iter().filter_map(|read| {
            let method =
                self.ast.parent(*read).filter(|parent| self.ast.field_text(*parent, "attribute") == "setdefault");
            let call = self.ast.parent(method?).filter(|parent| parent.kind() == "call")?;
            match children(call.child_by_field_name("arguments")?)[..] {
                [key, value] => Some((self.key(key)?, self.setting(value))),
                _ => None,
            }
        });
        put.collect()
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
