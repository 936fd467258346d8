//! Chains of calls: what they begin with, and whether many values come out of them.

use super::index::Index;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId};

/// Methods and functions that an iterator or stream comes from.
const SOURCES: &[&str] = &[
    "iter",
    "into_iter",
    "iter_mut",
    "par_iter",
    "into_par_iter",
    "par_iter_mut",
    "par_bridge",
    "lines",
    "chars",
    "bytes",
    "keys",
    "values",
    "drain",
    "windows",
    "chunks",
    "par_chunks",
    "enumerate",
    "zip",
    "split_whitespace",
    "into_stream",
    "stream",
    "iter_ok",
    "flat_map",
    "filter_map",
    "buffered",
    "buffer_unordered",
    "into_values",
    "into_keys",
    "repeat",
    "repeat_with",
    "interval",
    "cycle",
    "step_by",
    "rev",
    "bytes_stream",
    "values_mut",
    "read_dir",
    "glob",
];

/// Sources that come as an outcome: `read_dir(path)?`.
const FALLIBLE_SOURCES: &[&str] = &["read_dir", "glob"];
/// Methods that make one value, or none, of many: what follows is no iteration.
const SINGLE: &[&str] = &[
    "next",
    "next_back",
    "first",
    "last",
    "nth",
    "find",
    "find_map",
    "max",
    "min",
    "max_by",
    "max_by_key",
    "min_by",
    "min_by_key",
    "position",
    "peek",
    "pop",
    "get",
    "reduce",
    "fold",
    "try_fold",
    "sum",
    "count",
    "collect",
    "try_collect",
];
/// Longer chains are generated.
const MAX_CHAIN: usize = 256;

impl Index<'_> {
    /// Whether an expression is an iterator or a stream, as far as its chain tells.
    pub fn is_iterator(&self, id: NodeId) -> bool {
        let mut next = id;
        for _ in 0..MAX_CHAIN {
            let (at, is_outcome) = self.taken_out(next);
            let of_outcome = |name: &str| !is_outcome || FALLIBLE_SOURCES.contains(&name);
            next = match self.tree.kind(at) {
                Kind::MethodCall { name, .. } if SOURCES.contains(&name.as_str()) => return of_outcome(name),
                Kind::MethodCall { name, .. } if SINGLE.contains(&name.as_str()) => return false,
                Kind::MethodCall { receiver, .. } => *receiver,
                Kind::Call { function, .. } => {
                    let last = self.tree.path(*function).and_then(<[String]>::last);
                    return last.is_some_and(|last| SOURCES.contains(&last.as_str()) && of_outcome(last));
                }
                Kind::Path(_) => match self.kept_chain(at) {
                    Some(value) => value,
                    None => return false,
                },
                _ => return self.is_range(at),
            };
        }
        false
    }

    /// Takes off `&`, `?`, `.await`, parentheses; whether it was an outcome, whose value a `?` or `.await` took out.
    fn taken_out(&self, mut id: NodeId) -> (NodeId, bool) {
        let mut is_outcome = false;
        while let Kind::Through(inner) = self.tree.kind(id) {
            is_outcome |= self.takes_out(id, *inner);
            id = *inner;
        }
        (id, is_outcome)
    }

    /// The chain of calls that a local was bound to before it is read at `read`.
    fn kept_chain(&self, read: NodeId) -> Option<NodeId> {
        let Entity::Local(local) = self.resolve(read)? else { return None };
        let value = self.names.local(local).value?;
        let is_chain = matches!(self.tree.kind(self.tree.peel(value)), Kind::MethodCall { .. });
        (is_chain && self.span(value).end <= self.span(read).start).then_some(value)
    }

    /// `0..n`, `1..`.
    fn is_range(&self, id: NodeId) -> bool {
        let children = &self.tree.node(id).children;
        let whole = self.span(id);
        let between = match children.as_slice() {
            [start, end] => (self.span(*start).end, self.span(*end).start),
            [start] => (self.span(*start).end, whole.end),
            _ => return false,
        };
        matches!(self.text.get(between.0..between.1).map(str::trim), Some(".." | "..="))
    }

    /// What a chain of calls begins with, through the locals that hold its parts.
    pub fn chain_root(&self, id: NodeId) -> NodeId {
        let mut at = self.tree.peel(id);
        for _ in 0..MAX_CHAIN {
            at = match self.tree.kind(at) {
                Kind::MethodCall { receiver, .. } => self.tree.peel(*receiver),
                Kind::Path(_) => match self.kept_chain(at) {
                    Some(value) => self.tree.peel(value),
                    None => return at,
                },
                _ => return at,
            };
        }
        at
    }
}
