//! What runs at once: streams with a width, joins, tasks and threads started in loops.

use super::index::Index;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId};
use crate::model::{FanOut, FanOutKind, FunctionId, Module, Place, Value};

/// Stream adaptors that take their width.
const WIDE: &[&str] = &[
    "buffer_unordered",
    "buffered",
    "try_buffer_unordered",
    "try_buffered",
    "for_each_concurrent",
    "try_for_each_concurrent",
];
const JOINS: &[&str] = &["join_all", "try_join_all"];
const PARALLEL: &[&str] = &["par_iter", "into_par_iter", "par_iter_mut", "par_bridge"];

impl Index<'_> {
    /// Lowers fan-outs.
    pub fn lower_fan_outs(&self, module: &mut Module) {
        for id in self.tree.ids() {
            let fan_out = match self.tree.kind(id) {
                Kind::MethodCall { name, arguments, .. } if WIDE.contains(&name.as_str()) => {
                    let width = arguments.first().and_then(|width| self.width(*width));
                    Some(self.fan_out(id, name, FanOutKind::Tasks, width, id))
                }
                Kind::MethodCall { name, .. } if PARALLEL.contains(&name.as_str()) => {
                    Some(self.fan_out(self.chain_end(id), name, FanOutKind::Threads, None, id))
                }
                Kind::MethodCall { name, .. } if name == "spawn" || name == "spawn_blocking" => {
                    self.spawned(id, name, &["spawn".to_owned()])
                }
                Kind::Call { function, arguments } => {
                    let words = self.tree.path(*function).unwrap_or_default();
                    match words.last() {
                        Some(last) if JOINS.contains(&last.as_str()) => {
                            let width = arguments.first().and_then(|list| self.range_width(*list));
                            Some(self.fan_out(id, last, FanOutKind::Tasks, width, id))
                        }
                        Some(last) if last == "spawn" || last == "spawn_blocking" => {
                            self.spawned(id, &words.join("::"), words)
                        }
                        _ => None,
                    }
                }
                _ => None,
            };
            module.fan_outs.extend(fan_out);
        }
    }

    fn fan_out(&self, whole: NodeId, name: &str, kind: FanOutKind, width: Option<i64>, at: NodeId) -> FanOut {
        let text = match width {
            Some(width) => format!("{name}({width})"),
            None => name.to_owned(),
        };
        let place = Place { span: self.span(whole), ..self.place(at) };
        FanOut { text, kind, width, place, runs: self.functions_in(whole), each: true }
    }

    /// A task or thread that is started in each turn of a loop.
    fn spawned(&self, id: NodeId, name: &str, words: &[String]) -> Option<FanOut> {
        let place = self.place(id);
        let turns = place.repeats.iter().rfind(|repeat| repeat.is_real() && !repeat.pauses)?;
        let head = self.text.get(turns.head.start..turns.head.end).unwrap_or("");
        let kind = if words.iter().any(|word| word == "thread" || word == "rayon") {
            FanOutKind::Threads
        } else {
            FanOutKind::Tasks
        };
        let whole = self.tree.parent(id).unwrap_or(id);
        let (text, width) = (format!("{name}(..) in a loop"), literal_range(head));
        Some(FanOut { text, kind, width, runs: self.functions_in(whole), place, each: false })
    }

    fn width(&self, id: NodeId) -> Option<i64> {
        match self.setting(id).value {
            Value::Int(width) => Some(width),
            _ => None,
        }
    }

    /// The length of the range that a list is made from: `(0..20).map(..)`.
    fn range_width(&self, id: NodeId) -> Option<i64> {
        let mut at = self.tree.peel(id);
        while let Kind::MethodCall { receiver, .. } = self.tree.kind(at) {
            at = self.tree.peel(*receiver);
        }
        if let Some(Entity::Local(local)) = self.resolve(at) {
            let value = self.names.local(local).value?;
            return if self.span(value).end <= self.span(at).start { self.range_width(value) } else { None };
        }
        literal_range(self.slice(at))
    }

    /// The outermost call of the chain that `id` begins.
    fn chain_end(&self, id: NodeId) -> NodeId {
        let mut at = id;
        loop {
            let outer = self.tree.wrapped(at);
            match self.tree.parent(outer).map(|parent| (parent, self.tree.kind(parent))) {
                Some((parent, Kind::MethodCall { receiver, .. })) if *receiver == outer => at = parent,
                _ => return at,
            }
        }
    }

    /// Functions of this file that are called or named within a node.
    fn functions_in(&self, id: NodeId) -> Vec<FunctionId> {
        let mut found: Vec<FunctionId> = self
            .tree
            .descendants(id)
            .into_iter()
            .filter_map(|at| match self.tree.kind(at) {
                Kind::MethodCall { .. } => self.method_of(at),
                Kind::Path(_) => match self.resolve(at)? {
                    Entity::Function(function) => Some(function),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

/// The length of the first `a..b` of literals in a text.
fn literal_range(text: &str) -> Option<i64> {
    let (before, after) = text.split_once("..")?;
    let digits = |text: &str| text.chars().all(|at| at.is_ascii_digit()) && !text.is_empty();
    let start = before.rsplit(|at: char| !at.is_ascii_digit()).next().filter(|text| digits(text))?;
    let (inclusive, after) = after.strip_prefix('=').map_or((0, after), |after| (1, after));
    let end = after.split(|at: char| !at.is_ascii_digit()).next().filter(|text| digits(text))?;
    let (start, end) = (start.parse::<i64>().ok()?, end.parse::<i64>().ok()?);
    (end > start).then(|| end - start + inclusive)
}
