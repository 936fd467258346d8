//! Where an expression runs: function, loops, guards, executors.

use super::closures::Role;
use super::index::Index;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId};
use crate::frontend::pauses;
use crate::model::{Place, Repeat, RepeatKind};
use crate::source::Span;

/// Words in a loop's head that say that it repeats after failures.
const RETRIES: &[&str] = &["attempt", "attempts", "retry", "retries", "tries", "redirect", "redirects", "backoff"];
/// Functions and methods whose closures run on threads of their own, where blocking is no harm.
const OWN_THREADS: &[&str] =
    &["spawn_blocking", "block_in_place", "unblock", "spawn_thread", "scope_and_block", "install", "blocking"];

/// Modules and crates whose `spawn` makes or takes a thread.
const THREADS: &[&str] = &["thread", "rayon"];

/// What matters of a block's statements.
#[derive(Debug, Clone, Copy, Default)]
pub struct Block {
    last_return: Option<NodeId>,
    last_break: Option<NodeId>,
    /// The first statement that hands back what was kept: `if let Some(kept) = .. { return kept }`.
    pub(super) first_guard: Option<NodeId>,
}

/// What is left for certain once a statement is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    None,
    /// The nearest loop: it does not come round again.
    Loop,
    Function,
}

impl Index<'_> {
    /// The place of an expression.
    pub fn place(&self, id: NodeId) -> Place {
        let mut place = Place {
            span: self.span(id),
            function: self.function_around(id),
            is_async: self.is_async(id),
            ..Place::default()
        };
        let (mut child, mut exit) = (id, Exit::None);
        for up in self.tree.ancestors(id) {
            match self.tree.kind(up) {
                Kind::Function(_) => break,
                // Wherever a static stands, its value is made once.
                Kind::Static { .. } => return Place { function: None, repeats: Vec::new(), is_async: false, ..place },
                Kind::Closure { .. } => match self.closure_role(up) {
                    Role::Named(_) | Role::Handed(_) => break,
                    Role::Repeated if exit == Exit::None => place.repeats.push(self.repetition(up)),
                    // What a closure leaves is the closure.
                    _ => exit = Exit::None,
                },
                Kind::Async => exit = Exit::None,
                Kind::Return(_) => exit = Exit::Function,
                Kind::Break => exit = exit.max(Exit::Loop),
                Kind::Block { .. } => exit = exit.max(self.exit_behind(up, child)),
                _ => {
                    let repeat = self.repeat(up, child);
                    match (repeat, exit) {
                        (Some(_), Exit::Loop) => exit = Exit::None,
                        (Some(repeat), Exit::None) => place.repeats.push(repeat),
                        _ => {}
                    }
                }
            }
            child = up;
        }
        place.repeats.reverse();
        place
    }

    /// What the statements behind `child` leave.
    fn exit_behind(&self, block: NodeId, child: NodeId) -> Exit {
        let facts = self.block(block);
        let behind = |last: Option<NodeId>| last.filter(|&last| last > child);
        let (exit, last) = match (behind(facts.last_return), behind(facts.last_break)) {
            (Some(last), _) => (Exit::Function, last),
            (None, Some(last)) => (Exit::Loop, last),
            (None, None) => return Exit::None,
        };
        // `if done { continue; }` on the way comes round again.
        let statements = self.tree.node(block).children.iter().filter(|&&at| at > child && at < last);
        let comes_round = statements.copied().any(|at| self.continues(at));
        if comes_round { Exit::None } else { exit }
    }

    fn continues(&self, statement: NodeId) -> bool {
        let below = self.tree.descendants(statement);
        below.into_iter().any(|id| {
            let own =
                || self.tree.ancestors(id).take_while(|&up| up != statement).all(|up| !is_loop(self.tree.kind(up)));
            matches!(self.tree.kind(id), Kind::Continue) && !is_loop(self.tree.kind(statement)) && own()
        })
    }

    /// What matters of a block's statements.
    pub(super) fn block(&self, id: NodeId) -> Block {
        if let Some(&known) = self.blocks.borrow().get(&id) {
            return known;
        }
        let mut block = Block::default();
        for &statement in &self.tree.node(id).children {
            match self.tree.kind(statement) {
                Kind::Return(_) => block.last_return = Some(statement),
                Kind::Break => block.last_break = Some(statement),
                _ => {}
            }
        }
        // What is kept is asked for its own place, which may be in this block.
        self.blocks.borrow_mut().insert(id, block);
        let mut statements = self.tree.node(id).children.iter().copied();
        block.first_guard = statements
            .find(|&statement| matches!(self.tree.kind(statement), Kind::If { .. }) && self.hands_back_kept(statement));
        self.blocks.borrow_mut().insert(id, block);
        block
    }

    /// The repetition that `node` makes of its part `child`.
    fn repeat(&self, node: NodeId, child: NodeId) -> Option<Repeat> {
        let (binds, body) = match self.tree.kind(node) {
            Kind::For { pattern, body, .. } if *body == child => (pattern.names.clone(), *body),
            Kind::While { body, .. } => (self.condition_names(node), *body),
            Kind::Loop { body } => (Vec::new(), *body),
            _ => return None,
        };
        let span = self.span(node);
        let head = self.text.get(span.start..self.span(body).start).unwrap_or("").trim_end();
        let (kind, pauses) = self.loop_facts(node, head, body);
        Some(Repeat { kind, head: Span::new(span.start, span.start + head.len()), span, binds, pauses })
    }

    fn condition_names(&self, node: NodeId) -> Vec<String> {
        let Kind::While { condition, .. } = self.tree.kind(node) else { return Vec::new() };
        match self.tree.kind(*condition) {
            Kind::LetCondition { pattern, .. } => pattern.names.clone(),
            _ => Vec::new(),
        }
    }

    /// The loop's kind, and whether it sleeps in each turn.
    fn loop_facts(&self, node: NodeId, head: &str, body: NodeId) -> (RepeatKind, bool) {
        if let Some(&known) = self.loops.borrow().get(&node) {
            return known;
        }
        let text = self.slice(body);
        let pauses = ["sleep(", ".tick()", "sleep_until(", "throttle("].iter().any(|word| text.contains(word));
        // An interval is made before the loop that waits for its ticks.
        let around = self.tree.ancestors(node).find(|&up| self.function_at(up).is_some());
        let made = around.filter(|_| text.contains(".tick()")).map_or("", |function| self.slice(function));
        let is_long = pauses::is_long(text, &["sleep("]) || pauses::is_long(made, &["interval("]);
        let kind = if is_long { RepeatKind::Paced } else { self.loop_kind(node, head, body) };
        let facts = (kind, pauses);
        self.loops.borrow_mut().insert(node, facts);
        facts
    }

    /// A loop that leaves once its attempt succeeded repeats only after failures.
    fn loop_kind(&self, node: NodeId, head: &str, body: NodeId) -> RepeatKind {
        let head = head.to_ascii_lowercase();
        let mut words = head.split(|at: char| !at.is_alphanumeric());
        if words.any(|word| RETRIES.contains(&word)) {
            return RepeatKind::Retry;
        }
        let text = self.slice(body);
        if text.contains("read_line(") || text.contains(".readline(") || text.contains(".interact(") {
            return RepeatKind::Paced;
        }
        let leaves = self.tree.descendants(body).into_iter().any(|id| match self.tree.kind(id) {
            Kind::Arm { pattern, body, .. } => pattern.variant.as_deref() == Some("Ok") && self.leaves(*body, node),
            Kind::If { condition, then, .. } => match self.tree.kind(*condition) {
                Kind::LetCondition { pattern, .. } => {
                    pattern.variant.as_deref() == Some("Ok") && self.leaves(*then, node)
                }
                _ => false,
            },
            _ => false,
        });
        // What goes through a list leaves early where it found what it looked for; only an endless loop tries again.
        let endless = matches!(self.tree.kind(node), Kind::Loop { .. });
        if leaves && endless { RepeatKind::Retry } else { RepeatKind::Loop }
    }

    /// Whether a branch is sure to leave `repeat`.
    fn leaves(&self, branch: NodeId, repeat: NodeId) -> bool {
        match self.tree.kind(branch) {
            Kind::Return(_) | Kind::Break => {
                self.tree.ancestors(branch).find(|&up| is_loop(self.tree.kind(up))) == Some(repeat)
            }
            Kind::Block { .. } => {
                self.tree.node(branch).children.iter().any(|&statement| self.leaves(statement, repeat))
            }
            _ => false,
        }
    }

    /// What an iterator does to its closure.
    pub fn repetition(&self, closure: NodeId) -> Repeat {
        let call = self.tree.parent(self.tree.wrapped(closure)).unwrap_or(closure);
        let (name, span) = match self.tree.kind(call) {
            Kind::MethodCall { receiver, .. } => {
                let (start, end) = (self.span(*receiver).end, self.span(closure).start);
                let between = self.text.get(start..end).unwrap_or("");
                let dot = between.find('.').map_or(0, |dot| dot + 1);
                (Span::new(start + dot, start + between.trim_end_matches(['(', ' ', '\n']).len()), self.span(closure))
            }
            _ => (self.span(call), self.span(call)),
        };
        let binds = match self.tree.kind(closure) {
            Kind::Closure { params, .. } => params.iter().flat_map(|pattern| pattern.names.clone()).collect(),
            _ => Vec::new(),
        };
        Repeat { kind: RepeatKind::Comprehension, head: name, span, binds, pauses: false }
    }

    /// Whether what blocks at `id` blocks an executor.
    fn is_async(&self, id: NodeId) -> bool {
        for up in self.tree.ancestors(id) {
            match self.tree.kind(up) {
                Kind::Async => return true,
                Kind::Closure { is_async: true, .. } => return true,
                Kind::Closure { .. } if self.has_own_thread(up) => return false,
                // Where a named closure is not called here, somebody else decides where it runs.
                Kind::Closure { .. } if matches!(self.closure_role(up), Role::Named(_)) && !self.is_called_here(up) => {
                    return false;
                }
                Kind::Function(function) => return function.is_async,
                _ => {}
            }
        }
        false
    }

    fn has_own_thread(&self, closure: NodeId) -> bool {
        let Some(call) = self.tree.parent(self.tree.wrapped(closure)) else { return false };
        match self.tree.kind(call) {
            Kind::MethodCall { name, .. } => {
                OWN_THREADS.contains(&name.as_str()) || (name == "spawn" && !self.is_task(closure))
            }
            Kind::Call { function, .. } => {
                let function = self.tree.peel(*function);
                let path = match self.resolve(function) {
                    Some(Entity::Path(path)) => path,
                    _ => self.tree.path(function).map_or(String::new(), |words| words.join("::")),
                };
                let last = path.rsplit("::").next().unwrap_or("");
                OWN_THREADS.contains(&last) || (last == "spawn" && path.split("::").any(|word| THREADS.contains(&word)))
            }
            _ => false,
        }
    }

    /// Whether the local that holds a closure is called in the function that holds it.
    fn is_called_here(&self, closure: NodeId) -> bool {
        let locals = self.names.bound_to(closure);
        locals.iter().flat_map(|&local| &self.names.local(local).reads).any(|&read| {
            let call = self.tree.parent(self.tree.wrapped(read)).map(|call| self.tree.kind(call));
            matches!(call, Some(Kind::Call { function, .. }) if self.tree.peel(*function) == read)
        })
    }

    /// A spawned closure that makes a future runs on the executor.
    fn is_task(&self, closure: NodeId) -> bool {
        matches!(self.tree.kind(closure), Kind::Closure { body, .. } if matches!(self.tree.kind(self.tree.peel(*body)), Kind::Async))
    }
}

pub fn is_loop(kind: &Kind) -> bool {
    matches!(kind, Kind::For { .. } | Kind::While { .. } | Kind::Loop { .. })
}
