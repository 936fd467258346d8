//! What keeps a value longer than a call does: statics, fields of `self`, what comes from elsewhere; no fresh local.

use super::flow::hands_through;
use super::index::Index;
use super::names::{Bound, LocalId};
use super::place::is_loop;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId};

/// Methods that keep what a closure or future makes, beside all `get_or_..`.
const KEPT: &[&str] = &[
    "or_insert_with",
    "or_insert_with_key",
    "or_try_insert_with",
    "or_optionally_insert_with",
    "call_once",
    "get_with",
    "get_with_by_ref",
    "optionally_get_with",
    "cache_get_or_set_with",
    "cache_try_get_or_set_with",
    "or_default",
    "entry",
];
/// Methods that take the value itself, which is built in each call and kept from the first.
const EAGER: &[&str] = &["or_insert", "get_or_insert"];
/// Methods on the way from a keeper to what is asked of it, beside those that hand it through.
const OPENS: &[&str] = &[
    "write",
    "entry",
    "borrow_mut",
    "get_mut",
    "blocking_lock",
    "blocking_read",
    "blocking_write",
    "as_deref_mut",
    "iter",
];
/// Types that are filled once.
const CELLS: &[&str] = &["OnceLock", "OnceCell", "Option"];
/// Types whose copies are the same thing.
const SHARED: &[&str] = &["Arc", "Rc", "Weak"];

const MAX_STEPS: usize = 16;

/// Whether a method keeps what it makes with its closure.
pub fn keeps(name: &str) -> bool {
    let name = name.strip_prefix("try_").unwrap_or(name);
    name.starts_with("get_or_") || KEPT.contains(&name)
}

/// Whether a method needs the value before it knows whether it keeps it.
pub fn is_eager(name: &str) -> bool {
    EAGER.contains(&name)
}

impl Index<'_> {
    /// The local in which a value lies, where nothing but what stands there has filled it in this call of the function.
    pub fn forgetful_local(&self, id: NodeId) -> Option<LocalId> {
        let root = self.keeper_root(id, MAX_STEPS);
        let Some(Entity::Local(at)) = self.resolve(root) else { return None };
        let (local, start) = (self.names.local(at), self.span(root).start);
        let is_empty = local.is_plain && local.value.is_some_and(|value| self.is_empty_cell(value));
        let mut others = local.reads.iter().chain(&local.assigned);
        let is_first = others.all(|&other| self.span(other).start >= start);
        // The turns of a loop, and the calls of a closure, share what is declared before it. Asking for the place would ask for
        // guards, and they ask here.
        let home = self.span(local.node);
        let mut between = self.tree.ancestors(root).take_while(|&up| !self.span(up).contains(home));
        let is_shared =
            between.any(|up| is_loop(self.tree.kind(up)) || matches!(self.tree.kind(up), Kind::Closure { .. }));
        (is_empty && is_first && !is_shared).then_some(at)
    }

    /// The field of `self` in which a value lies, where it belongs to the object alone.
    pub fn own_field(&self, id: NodeId) -> Option<String> {
        let root = self.keeper_root(id, MAX_STEPS);
        let Kind::Field { base, name } = self.tree.kind(root) else { return None };
        self.tree.path(*base).filter(|path| *path == ["self"])?;
        let node = *self.class_nodes.get(&self.class_around(root)?)?;
        let Kind::Struct(of) = self.tree.kind(node) else { return None };
        let (_, of) = of.fields.iter().find(|(field, _)| field == name)?;
        let is_borrowed = self.slice(node).contains(&format!("{name}: &"));
        (!SHARED.contains(&of.name()) && !is_borrowed && !self.is_passed_in(node, name)).then(|| name.clone())
    }

    /// Whether objects of a type are made with a field that the caller has, too.
    fn is_passed_in(&self, class: NodeId, field: &str) -> bool {
        self.tree.ids().any(|id| {
            let Kind::StructLiteral { path, fields } = self.tree.kind(id) else { return false };
            let given = fields.iter().filter(|(name, _)| name == field).any(|(_, value)| self.is_parameter(*value));
            let of = || self.resolve_words(path, id);
            given && matches!(of(), Some(Entity::Class(of)) if self.class_nodes.get(&of) == Some(&class))
        })
    }

    fn is_parameter(&self, value: NodeId) -> bool {
        match self.resolve(self.keeper_root(value, MAX_STEPS)) {
            Some(Entity::Local(local)) => self.names.local(local).bound != Bound::Value,
            _ => false,
        }
    }

    /// What is locked, borrowed or asked: `self.clients` of `self.clients.lock().unwrap().entry(key)`.
    fn keeper_root(&self, id: NodeId, steps: usize) -> NodeId {
        let id = self.tree.peel(id);
        let Some(steps) = steps.checked_sub(1) else { return id };
        let next = match self.tree.kind(id) {
            Kind::MethodCall { receiver, name, .. } if hands_through(name) || OPENS.contains(&name.as_str()) => {
                Some(*receiver)
            }
            Kind::Path(_) => match self.resolve(id) {
                Some(Entity::Local(local)) => {
                    let local = self.names.local(local);
                    local
                        .value
                        .filter(|&value| local.bound == Bound::Value && local.is_whole && !self.is_empty_cell(value))
                }
                _ => None,
            },
            _ => None,
        };
        next.map_or(id, |next| self.keeper_root(next, steps))
    }

    /// `None`, `OnceCell::new()`.
    fn is_empty_cell(&self, value: NodeId) -> bool {
        match self.tree.kind(self.tree.peel(value)) {
            Kind::Path(words) => words.last().is_some_and(|word| word == "None"),
            Kind::Call { function, .. } => match self.tree.path(*function).unwrap_or_default() {
                [.., owner, name] => {
                    CELLS.contains(&owner.as_str()) && matches!(name.as_str(), "new" | "const_new" | "default")
                }
                _ => false,
            },
            _ => false,
        }
    }
}
