//! What a name was set to, where the text tells.

use super::scopes::{Def, Index};
use super::tree::{peel, span};
use crate::model::Value;
use crate::source::words;
use std::collections::BTreeMap;
use tree_sitter::Node;

impl<'t> Index<'t> {
    /// What top-level names are set to, where another file may need it.
    pub(super) fn constants(&self) -> BTreeMap<String, Value> {
        let values = self.scopes[0].names.iter().filter_map(|(name, defs)| {
            let [Def::Value(value)] = defs.as_slice() else { return None };
            let shared = match self.setting(*value).value {
                number @ (Value::Int(_) | Value::Float(_) | Value::Bool(_)) => number,
                object @ Value::Object(_) => object,
                _ => return None,
            };
            Some(((*name).to_owned(), shared))
        });
        values.collect()
    }

    /// The value of a name.
    pub(super) fn name_value(&self, node: Node<'t>, steps: usize) -> Value {
        let name = self.ast.text(node);
        match self.defs(name, node) {
            [Def::Param { .. } | Def::Opaque] if self.receiver(node).is_none() => Value::Parameter(name.to_owned()),
            [Def::Import(path)] => Value::Imported(path.clone()),
            [Def::Value(value)] if self.is_changed(node, *value) => Value::Unknown,
            [Def::Value(value)] => self.value_in(*value, steps),
            [Def::Value(first), rest @ ..]
                if rest.iter().all(|def| match def {
                    Def::Value(next) => self.value_in(*next, steps) == self.value_in(*first, steps),
                    _ => false,
                }) =>
            {
                self.value_in(*first, steps)
            }
            _ => self.last_set(node).map_or(Value::Unknown, |value| self.value_in(value, steps)),
        }
    }

    /// What a name was surely set to last: by a statement before `name` in a block around it, with nothing between that
    /// may set it.
    fn last_set(&self, name: Node<'t>) -> Option<Node<'t>> {
        let text = self.ast.text(name);
        let before = self.defs(text, name).iter().filter_map(|def| match def {
            Def::Value(value) if value.end_byte() <= name.start_byte() => Some(*value),
            _ => None,
        });
        let value = before.max_by_key(Node::start_byte)?;
        let block = self.ast.ancestors(value).find(|at| matches!(at.kind(), "block" | "module"))?;
        let mut within = self.ast.ancestors(name).take_while(|at| at.id() != block.id());
        let sets = |at: Node<'t>| {
            let bound = at.child_by_field_name("left").filter(|_| at.kind() != "assignment");
            bound.is_some_and(|bound| {
                self.ast.text(bound).split(|at: char| !words::is_part(at)).any(|word| word == text)
            })
        };
        let is_around = span(block).contains(span(name)) && !within.any(sets);
        // `POOL += 1` sets it too, wherever it stands.
        let home =
            self.binding_scope(text, self.scope_of(name)).map_or("", |scope| self.ast.text(self.scopes[scope].node));
        let is_added_to = ["+=", "-=", "*=", "|=", "/="].iter().any(|sign| home.contains(&format!("{text} {sign}")));
        let plain = !is_added_to && self.ast.parent(value).is_some_and(|parent| parent.kind() == "assignment");
        (is_around && plain).then_some(value)
    }

    /// A mapping with a name that is added to, deleted from or updated somewhere.
    pub(super) fn is_changed(&self, name: Node<'t>, value: Node<'t>) -> bool {
        if peel(value).kind() != "dictionary" {
            return false;
        }
        let text = self.ast.text(name);
        let Some(scope) = self.binding_scope(text, self.scope_of(name)) else { return false };
        self.reads_of(text, scope).iter().any(|read| {
            let Some(parent) = self.ast.parent(*read) else { return false };
            let around = self.ast.parent(parent).map_or("", |around| around.kind());
            match parent.kind() {
                "subscript" => {
                    let stored = self.ast.parent(parent).is_some_and(|at| super::place::is_field(at, "left", parent));
                    around == "delete_statement" || (stored && matches!(around, "assignment" | "augmented_assignment"))
                }
                "attribute" => {
                    matches!(self.ast.field_text(parent, "attribute"), "update" | "pop" | "setdefault" | "clear")
                }
                _ => false,
            }
        })
    }
}
