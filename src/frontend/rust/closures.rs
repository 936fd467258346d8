//! Closures: who runs them, and how often. In Rust they stand where other languages have statements.

use super::edges::is_foreign;
use super::index::Index;
use super::keepers::keeps;
use super::resolve::Entity;
use super::syntax::{Kind, Literal, NodeId};
use crate::frameworks::Frameworks;
use crate::model::{Callee, Decorator};

/// Who runs a closure.
#[derive(Debug, Clone)]
pub enum Role {
    /// What it is handed to runs it at once, or once: `unwrap_or_else`, `spawn`.
    Inline,
    /// An iterator or stream runs it for each of its items.
    Repeated,
    /// Runs once, and its result is kept: `LazyLock::new`, `get_or_init`.
    Kept,
    /// It has a name to be called by.
    Named(String),
    /// Somebody else has it; what it was handed to, where that is a call.
    Handed(Option<Decorator>),
}

/// Methods that run a closure once at most, here and now (or once in another task).
const INLINE: &[&str] = &[
    "unwrap_or_else",
    "map_err",
    "or_else",
    "ok_or_else",
    "map_or",
    "map_or_else",
    "is_some_and",
    "is_ok_and",
    "with",
    "spawn",
    "spawn_blocking",
    "spawn_local",
    "spawn_on",
    "block_on",
    "scope",
    "install",
    "in_scope",
    "instrument",
    "tap",
    "then_some",
    "and_then",
    "map",
    "then",
    "filter",
    "inspect",
    "inspect_err",
    "unwrap_or_default",
    "with_context",
    "context",
    "run_until",
    "with_mut",
    "modify",
    "update",
    "max_by_key",
    "sort_by",
    "sort_by_key",
    "min_by_key",
    "expect",
    "transpose",
    "finally",
];
/// Functions that run a closure once.
const INLINE_FUNCTIONS: &[&str] = &[
    "spawn",
    "spawn_blocking",
    "spawn_local",
    "block_on",
    "block_in_place",
    "catch_unwind",
    "timeout",
    "poll_fn",
    "scope",
    "spawn_named",
    "run",
];
/// Methods that only iterators, streams and their parallel kin have.
const REPEATED: &[&str] = &[
    "for_each",
    "for_each_concurrent",
    "try_for_each",
    "try_for_each_concurrent",
    "filter_map",
    "flat_map",
    "fold",
    "try_fold",
    "scan",
    "map_while",
    "take_while",
    "skip_while",
    "partition",
    "and_then_concurrent",
    "for_each_init",
    "map_init",
    "map_with",
    "for_each_with",
    "par_map",
    "find_map",
    "try_filter_map",
    "flat_map_iter",
];
const REPEATED_FUNCTIONS: &[&str] = &["unfold", "try_unfold", "repeat_with", "from_fn"];
/// Types whose `new` takes what makes their value.
const KEEPERS: &[&str] = &["LazyLock", "Lazy", "LazyCell", "AsyncOnce", "AsyncLazy", "OnceCell", "Memo"];
impl Index<'_> {
    /// Who runs the closure at `id`, or the function that is named there instead of one.
    pub fn closure_role(&self, id: NodeId) -> Role {
        let outer = self.tree.wrapped(id);
        let Some(parent) = self.tree.parent(outer) else { return Role::Handed(None) };
        match self.tree.kind(parent) {
            Kind::Let { pattern, .. } => match pattern.names.first() {
                Some(name) => Role::Named(name.clone()),
                None => Role::Inline,
            },
            Kind::MethodCall { receiver, name, .. } if *receiver != outer => self.method_role(parent, *receiver, name),
            Kind::Call { function, .. } if *function == outer => Role::Inline,
            Kind::Call { function, .. } => self.function_role(parent, *function),
            Kind::Macro { .. } => Role::Inline,
            _ => Role::Handed(None),
        }
    }

    fn method_role(&self, call: NodeId, receiver: NodeId, name: &str) -> Role {
        if keeps(name) {
            return Role::Kept;
        }
        if REPEATED.contains(&name) {
            return Role::Repeated;
        }
        // A framework that has a method of this name (`warp::path(..).and_then(handler)`) comes before the usual meaning.
        let receiver_of = self.receiver_of(call);
        if receiver_of.as_ref().is_some_and(|found| found.resolved && Frameworks::embedded().decorator(found).is_some())
        {
            return Role::Handed(receiver_of);
        }
        if INLINE.contains(&name) {
            return if self.is_iterator(receiver) { Role::Repeated } else { Role::Inline };
        }
        Role::Handed(receiver_of)
    }

    fn function_role(&self, call: NodeId, function: NodeId) -> Role {
        let Some(words) = self.tree.path(function) else { return Role::Handed(None) };
        let last = words.last().map_or("", String::as_str);
        let owner = words.iter().rev().nth(1).map_or("", String::as_str);
        if (last == "new" || last == "const_new" || last == "force") && KEEPERS.contains(&owner) {
            return Role::Kept;
        }
        if INLINE_FUNCTIONS.contains(&last) {
            return Role::Inline;
        }
        // As for methods: `axum::middleware::from_fn(handler)` is none of the standard library's.
        let receiver_of = self.receiver_of(call);
        let is_framework = |found: &Decorator| found.resolved && Frameworks::embedded().decorator(found).is_some();
        if REPEATED_FUNCTIONS.contains(&last) && !receiver_of.as_ref().is_some_and(is_framework) {
            return Role::Repeated;
        }
        Role::Handed(receiver_of)
    }

    /// The text of a node.
    pub fn slice(&self, id: NodeId) -> &str {
        let span = self.tree.span(id);
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// What a call hands its arguments to, as a decorator of them: `axum::routing::get`, `actix_web::web::get.to`.
    fn receiver_of(&self, call: NodeId) -> Option<Decorator> {
        let (path, resolved) = self.called_path(call)?;
        let arguments = match self.tree.kind(call) {
            Kind::Call { arguments, .. } | Kind::MethodCall { arguments, .. } => arguments.as_slice(),
            _ => &[],
        };
        let text = |id: &NodeId| match self.tree.kind(self.tree.peel(*id)) {
            Kind::Literal(Literal::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let first_text = arguments.first().and_then(text).or_else(|| self.route_around(call));
        Some(Decorator { path, resolved, first_text, span: self.tree.span(call), ..Decorator::default() })
    }

    /// `"/chat"` of `.route("/chat", get(..))`.
    fn route_around(&self, call: NodeId) -> Option<String> {
        let outer = self.tree.parent(self.tree.wrapped(call))?;
        let Kind::MethodCall { arguments, .. } = self.tree.kind(outer) else { return None };
        match self.tree.kind(self.tree.peel(*arguments.first()?)) {
            Kind::Literal(Literal::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// The path of what is called, and whether it was resolved: for a method `receiver's call.method`, `?.method`.
    fn called_path(&self, call: NodeId) -> Option<(String, bool)> {
        match self.tree.kind(call) {
            Kind::Call { function, .. } => match self.resolve(self.tree.peel(*function))? {
                Entity::Path(path) => Some((path, true)),
                Entity::Function(function) => Some((self.functions.get(function.0)?.name.clone(), false)),
                _ => None,
            },
            Kind::MethodCall { receiver, name, .. } => {
                let root = self.chain_root(*receiver);
                let called = match self.tree.kind(root) {
                    Kind::Call { .. } => self.called_path(root),
                    // `warp::path!("plan" / String)`
                    Kind::Macro { path } if path.len() > 1 => Some((self.path_text(path, root), true)),
                    _ => None,
                };
                Some(match called {
                    Some((path, true)) => (format!("{path}.{name}"), true),
                    _ => (format!("?.{name}"), false),
                })
            }
            _ => None,
        }
    }

    /// Functions that are handed to a call by name, with what they are handed to.
    pub fn handed_functions(&self) -> Vec<(Callee, Decorator)> {
        let paths = self.tree.ids().filter(|&id| matches!(self.tree.kind(id), Kind::Path(_)));
        paths
            .filter_map(|id| {
                let function = match self.resolve(id)? {
                    Entity::Function(function) => Callee::Function(function),
                    Entity::Path(path) if is_foreign(&path) => Callee::Path(path),
                    _ => return None,
                };
                let outer = self.tree.wrapped(id);
                let call = self.tree.parent(outer)?;
                match self.tree.kind(call) {
                    Kind::Call { function: callee, .. } if *callee == outer => None,
                    Kind::MethodCall { receiver, .. } if *receiver == outer => None,
                    Kind::Call { .. } | Kind::MethodCall { .. } => Some((function, self.receiver_of(call)?)),
                    _ => None,
                }
            })
            .collect()
    }
}
