//! What is put by key into a mapping that is spread into a call: `arguments["http2"] = True`, and
//! `kwargs.setdefault("limits", LIMITS)`.

use super::scopes::Index;
use super::tree::children;
use crate::model::{Setting, Value};
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use tree_sitter::Node;

/// Keys of one mapping; no client takes half as many arguments.
const MAX_KEYS: usize = 64;

/// Whose a mapping is: that of a scope, or of the objects of a class.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Home {
    Scope(Option<usize>),
    Class(Option<usize>),
}

/// A mapping: how it is written, and whose it is.
type Mapping<'t> = (&'t str, Home);

/// What is put into mappings. Many calls may spread the same one.
#[derive(Default)]
pub(super) struct Mappings<'t> {
    /// Values put under keys of each.
    values: OnceCell<HashMap<Mapping<'t>, Vec<Node<'t>>>>,
    /// What each that is spread holds by key.
    settings: RefCell<HashMap<Mapping<'t>, Rc<[(String, Setting)]>>>,
}

impl<'t> Index<'t> {
    /// What may be among the arguments of `call` by way of the mappings that are spread into it.
    pub(super) fn spread_in(&self, call: Node<'t>) -> Vec<(String, Setting)> {
        let list = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        let spread = list.into_iter().filter(|argument| argument.kind() == "dictionary_splat");
        let mappings = spread.filter_map(|spread| children(spread).first().copied());
        mappings.flat_map(|mapping| self.put_into(mapping).to_vec()).collect()
    }

    /// The first of what is put under each key of a mapping.
    fn put_into(&self, mapping: Node<'t>) -> Rc<[(String, Setting)]> {
        let id = (self.ast.text(mapping), self.home(mapping));
        if let Some(known) = self.mappings.settings.borrow().get(&id) {
            return Rc::clone(known);
        }
        let mut keys = HashSet::new();
        let put = self.assigned_in(id).into_iter().chain(self.defaults_in(mapping));
        let put: Rc<[_]> = put.filter(|(key, _)| keys.insert(key.clone())).take(MAX_KEYS).collect();
        self.mappings.settings.borrow_mut().insert(id, Rc::clone(&put));
        put
    }

    /// `mapping["key"] = value`.
    fn assigned_in(&self, mapping: Mapping<'t>) -> Vec<(String, Setting)> {
        let values = self.mappings.values.get_or_init(|| self.values_by_mapping());
        let put = values.get(&mapping).into_iter().flatten().filter_map(|value| {
            let key =
                self.key(self.ast.parent(*value)?.child_by_field_name("left")?.child_by_field_name("subscript")?)?;
            Some((key, self.setting(*value)))
        });
        put.collect()
    }

    fn values_by_mapping(&self) -> HashMap<Mapping<'t>, Vec<Node<'t>>> {
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        for (text, values) in &self.items {
            for value in values {
                let target = self.ast.parent(*value).and_then(|parent| parent.child_by_field_name("left"));
                if let Some(container) = target.and_then(|target| target.child_by_field_name("value")) {
                    found.entry((*text, self.home(container))).or_default().push(*value);
                }
            }
        }
        found
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
