//! What runs at once: streams with a width, joins, tasks and threads started in loops.

use super::index::Index;
use super::names::Bound;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId};
use crate::model::{Callee, FanOut, FanOutKind, FunctionId, Module, Place, Repeat, RepeatKind, Value};
use std::collections::HashSet;

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

/// Rayon runs as many items at once as the machine has cores, which the source does not tell: of a longer range, nothing is
/// known.
const CORES: i64 = 16;

/// What in a file keeps a fan-out narrower than the number of its items.
#[derive(Debug, Default)]
struct Limits {
    /// Functions that wait for a permit.
    waiting: HashSet<FunctionId>,
    /// Permits of the file's semaphore, where it has one whose number is known.
    permits: Option<i64>,
    /// Threads of rayon's pool for the whole process, where the file builds it.
    threads: Option<i64>,
}

impl Index<'_> {
    /// Lowers fan-outs.
    pub fn lower_fan_outs(&self, module: &mut Module) {
        let limits = self.limits();
        let found = self.tree.ids().filter_map(|id| self.fan_out_at(id, &limits));
        module.fan_outs.extend(found.map(|fan_out| limited(fan_out, &limits)));
    }

    fn fan_out_at(&self, id: NodeId, limits: &Limits) -> Option<FanOut> {
        match self.tree.kind(id) {
            Kind::MethodCall { name, arguments, .. } if WIDE.contains(&name.as_str()) => {
                let width = arguments.first().and_then(|width| self.width(*width));
                Some(self.fan_out(id, name, FanOutKind::Tasks, width, id))
            }
            Kind::MethodCall { receiver, name, .. } if PARALLEL.contains(&name.as_str()) => {
                let width = self.parallel_width(id, *receiver, limits);
                Some(self.fan_out(self.chain_end(id), name, FanOutKind::Threads, width, id))
            }
            Kind::MethodCall { receiver, name, .. } if name == "block_on" && self.is_new_runtime(*receiver) => {
                Some(FanOut { each: false, ..self.fan_out(id, name, FanOutKind::Loop, None, id) })
            }
            Kind::MethodCall { receiver, name, arguments } if name == "spawn" || name == "spawn_blocking" => {
                let threads = self.is_thread_scope(*receiver);
                self.spawned(id, name, arguments, threads)
            }
            Kind::Call { function, arguments } => {
                let words = self.tree.path(*function).unwrap_or_default();
                match words.last() {
                    Some(last) if JOINS.contains(&last.as_str()) => {
                        let width = arguments.first().and_then(|list| self.range_width(*list));
                        Some(self.fan_out(id, last, FanOutKind::Tasks, width, id))
                    }
                    Some(last) if last == "spawn" || last == "spawn_blocking" => {
                        let threads = words.iter().any(|word| word == "thread" || word == "rayon");
                        self.spawned(id, &words.join("::"), arguments, threads)
                    }
                    _ => None,
                }
            }
            _ => None,
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

    /// A runtime that this function makes: `Runtime::new()?.block_on(..)`.
    fn is_new_runtime(&self, receiver: NodeId) -> bool {
        let made = self.followed(receiver);
        self.function_around(made) == self.function_around(receiver)
            && ["Runtime::new", "Builder::new_current_thread", "Builder::new_multi_thread"]
                .iter()
                .any(|maker| self.slice(made).contains(maker))
    }

    /// A task or thread that is started in each turn of a loop. It runs what it is given, not what stands around it.
    fn spawned(&self, id: NodeId, name: &str, arguments: &[NodeId], threads: bool) -> Option<FanOut> {
        let place = self.place(id);
        let turns = place.repeats.iter().rfind(|repeat| repeat.is_real() && !repeat.pauses)?;
        let kind = if threads { FanOutKind::Threads } else { FanOutKind::Tasks };
        let (text, width) = (format!("{name}(..) in a loop"), self.turns(id, turns));
        let given = arguments.iter().flat_map(|argument| self.functions_in(self.followed(*argument)));
        Some(FanOut { text, kind, width, runs: given.collect(), place, each: false })
    }

    /// How many turns a loop over a range takes.
    fn turns(&self, id: NodeId, repeat: &Repeat) -> Option<i64> {
        match repeat.kind {
            RepeatKind::Comprehension => {
                let closure = self.tree.ancestors(id).find(|&up| self.span(up) == repeat.span)?;
                let call = self.tree.parent(self.tree.wrapped(closure))?;
                let Kind::MethodCall { receiver, .. } = self.tree.kind(call) else { return None };
                self.range_width(*receiver)
            }
            _ => self.range(self.text.get(repeat.head.start..repeat.head.end)?, id),
        }
    }

    /// The value of a local, or the expression itself.
    fn followed(&self, id: NodeId) -> NodeId {
        match self.resolve(self.tree.peel(id)) {
            Some(Entity::Local(local)) => self.names.local(local).value.unwrap_or(id),
            _ => id,
        }
    }

    /// Whether a value starts threads: what `thread::scope` hands to its closure.
    fn is_thread_scope(&self, id: NodeId) -> bool {
        let Some(Entity::Local(local)) = self.resolve(self.tree.peel(id)) else { return false };
        let local = self.names.local(local);
        if local.bound != Bound::ClosureParam {
            return false;
        }
        let closure = std::iter::once(local.node).chain(self.tree.ancestors(local.node));
        let closure = closure.into_iter().find(|&up| matches!(self.tree.kind(up), Kind::Closure { .. }));
        let call = closure.and_then(|closure| self.tree.parent(self.tree.wrapped(closure)));
        let Some(Kind::Call { function, .. }) = call.map(|call| self.tree.kind(call)) else { return false };
        match self.resolve(self.tree.peel(*function)) {
            Some(Entity::Path(path)) => {
                path.ends_with("::scope") && ["thread", "rayon", "crossbeam"].iter().any(|owner| path.contains(owner))
            }
            _ => false,
        }
    }

    /// How many items rayon runs at once: as many as its pool has threads, where that is in sight.
    fn parallel_width(&self, id: NodeId, items: NodeId, limits: &Limits) -> Option<i64> {
        let threads = self.pool_around(id).map_or(limits.threads, |pool| self.pool_threads(pool));
        match (threads, self.range_width(items)) {
            (Some(threads), items) => Some(items.map_or(threads, |items| threads.min(items))),
            (None, items) => items.filter(|items| *items <= CORES),
        }
    }

    /// The pool whose `install` runs `id`.
    fn pool_around(&self, id: NodeId) -> Option<NodeId> {
        self.tree.ancestors(id).find_map(|up| match self.tree.kind(up) {
            Kind::MethodCall { receiver, name, .. } if name == "install" => Some(*receiver),
            _ => None,
        })
    }

    /// The threads of a pool that `ThreadPoolBuilder::new().num_threads(16)` builds.
    fn pool_threads(&self, id: NodeId) -> Option<i64> {
        let (mut at, mut threads) = (self.tree.peel(self.followed(id)), None);
        while let Kind::MethodCall { receiver, name, arguments } = self.tree.kind(at) {
            if name == "num_threads" {
                threads = arguments.first().and_then(|threads| self.width(*threads));
            }
            at = self.tree.peel(*receiver);
        }
        threads.filter(|threads| *threads > 0)
    }

    fn limits(&self) -> Limits {
        let (mut limits, mut semaphores) = (Limits::default(), Vec::new());
        // Pools of other things have the method too.
        let gated = self.text.contains("Semaphore");
        for id in self.tree.ids() {
            match self.tree.kind(id) {
                Kind::MethodCall { name, .. }
                    if gated && (name.starts_with("acquire") || name.starts_with("try_acquire")) =>
                {
                    limits.waiting.extend(self.function_around(id));
                }
                Kind::MethodCall { name, .. } if name == "build_global" => limits.threads = self.pool_threads(id),
                Kind::Call { function, arguments } => {
                    let words = self.tree.path(*function).unwrap_or_default();
                    if let [.., owner, name] = words
                        && owner == "Semaphore"
                        && (name == "new" || name == "const_new")
                    {
                        semaphores.push(arguments.first().and_then(|permits| self.width(*permits)));
                    }
                }
                _ => {}
            }
        }
        limits.permits = if let [permits] = semaphores[..] { permits } else { None };
        limits
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
        self.range(self.slice(at), at)
    }

    /// The length of the first `a..b` in a text that stands at `at`; `b` may be a constant.
    fn range(&self, text: &str, at: NodeId) -> Option<i64> {
        let (before, after) = text.split_once("..")?;
        let word = |at: char| at.is_ascii_alphanumeric() || at == '_';
        let start = before.rsplit(|at| !word(at)).next()?;
        let (inclusive, after) = after.strip_prefix('=').map_or((0, after), |after| (1, after));
        let name = after.split(|at| !word(at)).next()?;
        // More of an expression follows: a path, a call.
        let goes_on = after.get(name.len()..)?.starts_with(['.', ':', '(']);
        let end = match (literal(name), self.value_of_name(name, at)) {
            (Some(end), _) => end,
            (None, Value::Int(end)) if !goes_on => end,
            _ => return None,
        };
        let start = literal(start)?;
        (end > start).then(|| end - start + inclusive)
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

    /// Functions that are called or named within a node.
    fn functions_in(&self, id: NodeId) -> Vec<Callee> {
        let mut found: Vec<Callee> = self
            .tree
            .descendants(id)
            .into_iter()
            .filter_map(|at| match self.tree.kind(at) {
                Kind::MethodCall { .. } => self.called_method(at),
                Kind::Path(_) => match self.resolve(at)? {
                    Entity::Function(function) => Some(Callee::Function(function)),
                    Entity::Path(path) if self.may_link(&path) => Some(Callee::Path(path)),
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

/// The number that a literal such as `1_000u32` begins with.
fn literal(word: &str) -> Option<i64> {
    let digits = word.split(|at: char| !at.is_ascii_digit() && at != '_').next()?;
    digits.replace('_', "").parse().ok()
}

/// What waits for a permit runs as often as there are permits.
fn limited(mut fan_out: FanOut, limits: &Limits) -> FanOut {
    let runs = fan_out.runs.iter().filter_map(|callee| match callee {
        Callee::Function(function) => Some(function),
        _ => None,
    });
    if runs.chain(&fan_out.place.function).any(|function| limits.waiting.contains(function)) {
        fan_out.width = match (fan_out.width, limits.permits) {
            (Some(width), Some(permits)) => Some(width.min(permits)),
            (None, permits) => permits,
            (Some(_), None) => None,
        };
    }
    fan_out
}
