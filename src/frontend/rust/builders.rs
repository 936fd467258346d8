//! Builders: what was set on them, in one chain, across statements and in branches.

use super::construct::{Construction, MAX_ARGUMENTS};
use super::index::Index;
use super::names::LocalId;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId};
use super::values::Level;
use crate::clients::Made;
use crate::model::{Object, Setting, SiteKind, Value};
use crate::source::Span;
use std::collections::BTreeMap;

/// A builder and what was set on it.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    symbol: String,
    arguments: BTreeMap<String, Setting>,
    open_ended: bool,
    inputs: Vec<NodeId>,
    /// The call that started it.
    begun: Option<NodeId>,
}

const MAX_STEPS: usize = 64;
/// Statements about one builder that are read.
const MAX_STATEMENTS: usize = 256;

impl Builder {
    /// Anything may be set on it, and to anything.
    fn unknown(mut self) -> Self {
        self.arguments.values_mut().for_each(|setting| setting.value = Value::Unknown);
        Self { open_ended: true, ..self }
    }

    /// Either of two: what is not the same in both may be either.
    fn or(mut self, other: Self) -> Self {
        for (name, setting) in &mut self.arguments {
            if other.arguments.get(name).is_none_or(|other| other.value != setting.value) {
                setting.value = Value::Unknown;
            }
        }
        for (name, setting) in other.arguments {
            self.arguments.entry(name).or_insert(Setting { value: Value::Unknown, ..setting });
        }
        self.inputs.extend(other.inputs);
        self.inputs.sort();
        self.inputs.dedup();
        self.begun = self.begun.filter(|begun| other.begun == Some(*begun));
        Self { open_ended: true, ..self }
    }
}

impl Index<'_> {
    /// A method that ends a builder.
    pub fn finished(&self, receiver: NodeId, name: &str, arguments: &[NodeId], level: Level) -> Option<Construction> {
        if !self.clients.ends_builder(name) {
            return None;
        }
        let builder = self.builder(receiver, MAX_STEPS, level)?;
        if !self.ends(&builder, name) {
            return None;
        }
        let (positional, more) = self.positional(arguments, level);
        let Builder { symbol, arguments: mut set, open_ended, mut inputs, begun } = builder;
        let begun = begun.filter(|&begun| self.span(begun).end < self.span(receiver).start);
        set.extend(positional);
        inputs.extend(more);
        let (constructor, kind) = (name.to_owned(), SiteKind::Client);
        Some(Construction { symbol, constructor, kind, arguments: set, open_ended, inputs, begun })
    }

    /// Whether the method `name` ends a builder.
    fn ends(&self, builder: &Builder, name: &str) -> bool {
        let spec = self.clients.client(&builder.symbol);
        spec.is_some_and(|(_, spec)| spec.finish.iter().any(|finish| finish == name))
    }

    /// The builder that an expression is, with everything set on it.
    fn builder(&self, id: NodeId, steps: usize, level: Level) -> Option<Builder> {
        let steps = steps.checked_sub(1)?;
        let key = (self.tree.peel(id), level);
        if let Some(known) = self.builders.borrow().get(&key) {
            return known.clone();
        }
        self.builders.borrow_mut().insert(key, None);
        let found = self.find_builder(key.0, steps, level);
        self.builders.borrow_mut().insert(key, found.clone());
        found
    }

    fn find_builder(&self, id: NodeId, steps: usize, level: Level) -> Option<Builder> {
        match self.tree.kind(id) {
            Kind::Call { function, arguments } => self.begun_builder(id, *function, arguments, steps, level),
            Kind::MethodCall { receiver, name, .. } => {
                if let Some(method) = self.method_of(id) {
                    return self.returned(method).into_iter().find_map(|value| self.builder(value, steps, level));
                }
                let builder = self.builder(*receiver, steps, level)?;
                // What ends it makes a client, and a client's methods build requests: `client.get(url).build()`.
                if self.ends(&builder, name) {
                    return None;
                }
                Some(if super::flow::hands_through(name) { builder } else { self.with_call(builder, id, level) })
            }
            Kind::Path(_) => match self.resolve(id)? {
                Entity::Local(local) => self.local_builder(local, id, steps, level),
                _ => None,
            },
            Kind::Block { tail: Some(tail) } => self.builder(*tail, steps, level),
            Kind::If { then, otherwise, .. } => {
                self.one_of(std::iter::once(*then).chain(*otherwise).collect(), steps, level)
            }
            Kind::Match { arms, .. } => {
                let bodies = arms.iter().filter_map(|arm| match self.tree.kind(*arm) {
                    Kind::Arm { body, .. } => Some(*body),
                    _ => None,
                });
                self.one_of(bodies.collect(), steps, level)
            }
            _ => None,
        }
    }

    fn begun_builder(
        &self,
        id: NodeId,
        function: NodeId,
        arguments: &[NodeId],
        steps: usize,
        level: Level,
    ) -> Option<Builder> {
        match self.resolve(self.tree.peel(function))? {
            Entity::Path(path) => {
                let symbol = self.begun_by(&path)?;
                let (arguments, inputs) = self.positional(arguments, level);
                Some(Builder { symbol, arguments, open_ended: false, inputs, begun: Some(id) })
            }
            Entity::Function(function) => {
                let returned = self.returned(function);
                let built = returned.into_iter().find_map(|value| self.builder(value, steps, level))?;
                Some(Builder { inputs: arguments.to_vec(), begun: None, ..built })
            }
            _ => None,
        }
    }

    /// What the function `path` begins to build: a client, or a settings object, whose own setters configure it.
    fn begun_by(&self, path: &str) -> Option<String> {
        match self.clients.made_by(path) {
            Some(Made::Builder(symbol)) => Some(symbol),
            Some(Made::Client(_)) => None,
            None => {
                let (symbol, name) = path.rsplit_once("::")?;
                let begins = matches!(name, "new" | "default" | "builder");
                self.clients.object(symbol).filter(|_| begins).map(|_| symbol.to_owned())
            }
        }
    }

    /// A settings object, or a builder that is handed over as it is, with everything set on it.
    pub fn settings_object(&self, id: NodeId) -> Option<Object> {
        let Builder { symbol, arguments, open_ended, .. } = self.builder(id, MAX_STEPS, Level::Inner)?;
        Some(Object { symbol, arguments, open_ended, span: self.span(id) })
    }

    /// What one of several branches gives. Those that leave give nothing.
    fn one_of(&self, branches: Vec<NodeId>, steps: usize, level: Level) -> Option<Builder> {
        let given = branches.into_iter().filter(|branch| !self.diverges(*branch));
        let given: Vec<_> = given.map(|branch| self.builder(branch, steps, level)).collect();
        let all_known = given.iter().all(Option::is_some);
        let joined = given.into_iter().flatten().reduce(Builder::or)?;
        Some(if all_known { Builder { open_ended: true, ..joined } } else { joined.unknown() })
    }

    /// Whether a branch is sure to leave.
    fn diverges(&self, branch: NodeId) -> bool {
        match self.tree.kind(branch) {
            Kind::Return(_) | Kind::Break | Kind::Continue => true,
            Kind::Macro { path } => {
                let name = path.last().map_or("", String::as_str);
                matches!(name, "panic" | "bail" | "unreachable" | "todo" | "unimplemented")
            }
            Kind::Block { .. } => self.tree.node(branch).children.iter().any(|child| self.diverges(*child)),
            _ => false,
        }
    }

    /// A builder in a local: what it began as, and what became of it before `at`.
    fn local_builder(&self, id: LocalId, at: NodeId, steps: usize, level: Level) -> Option<Builder> {
        let local = self.names.local(id);
        let given = local.value.and_then(|value| self.builder(value, steps, level));
        let mut builder = match (given, &local.of) {
            (Some(builder), _) => builder,
            (None, Some(of)) => {
                // A builder that the caller hands in: anything may be set on it.
                let Entity::Path(path) = self.type_named(of, local.node)? else { return None };
                let Made::Builder(symbol) = self.clients.made_by(&format!("{path}::new"))? else { return None };
                Builder { symbol, open_ended: true, ..Builder::default() }
            }
            (None, None) => return None,
        };
        let limit = self.span(at).start;
        let read = local.reads.iter().map(|&read| (self.span(read).start, read, false));
        let assigned = local.assigned.iter().map(|&value| (self.span(value).end, value, true));
        let mut events: Vec<_> =
            read.chain(assigned).filter(|event| event.0 < limit).take(MAX_STATEMENTS + 1).collect();
        if events.len() > MAX_STATEMENTS {
            return Some(builder.unknown());
        }
        events.sort_by_key(|event| event.0);
        for (_, event, is_assigned) in events {
            builder = match is_assigned {
                true => self.assigned(builder, id, event, at, steps, level),
                false => self.calls_on(builder, event, local.node, at, level),
            };
        }
        Some(builder)
    }

    /// Another builder takes its place: `b = other()`. That of `b = b.x(1)` is the same.
    fn assigned(
        &self,
        builder: Builder,
        of: LocalId,
        value: NodeId,
        at: NodeId,
        steps: usize,
        level: Level,
    ) -> Builder {
        let mut root = self.tree.peel(value);
        while let Kind::MethodCall { receiver, .. } = self.tree.kind(root) {
            root = self.tree.peel(*receiver);
        }
        if self.names.local_at(root) == Some(of) {
            return builder;
        }
        match self.builder(value, steps, level) {
            Some(other) if self.is_conditional(value, self.names.local(of).node, at) => builder.or(other),
            Some(other) => other,
            None => builder.unknown(),
        }
    }

    /// Whether `id` may be passed over between the definition of a local and a later place.
    fn is_conditional(&self, id: NodeId, defined: NodeId, later: NodeId) -> bool {
        let (home, later) = (self.tree.parent(defined), self.span(later));
        let mut child = id;
        for up in self.tree.ancestors(id).take_while(|up| Some(*up) != home) {
            let branches = match self.tree.kind(up) {
                Kind::If { condition, .. } | Kind::While { condition, .. } => *condition != child,
                Kind::Match { scrutinee, .. } => *scrutinee != child,
                Kind::For { iterated, .. } => *iterated != child,
                Kind::Closure { .. } | Kind::Loop { .. } => true,
                _ => false,
            };
            if branches && !self.span(child).contains(later) {
                return true;
            }
            child = up;
        }
        false
    }

    /// Adds what the chain that begins at `read` sets `before` a place; `b = b.x(1)` and `b.x(1)` alike.
    fn calls_on(&self, mut builder: Builder, read: NodeId, defined: NodeId, before: NodeId, level: Level) -> Builder {
        let limit = self.span(before).start;
        let mut at = self.tree.wrapped(read);
        let conditional = self.is_conditional(read, defined, before);
        while let Some(parent) = self.tree.parent(at)
            && let Kind::MethodCall { receiver, name, .. } = self.tree.kind(parent)
            && *receiver == at
            && self.span(parent).end <= limit
        {
            let earlier = builder.arguments.get(name).cloned();
            builder = self.with_call(builder, parent, level);
            if conditional && let Some(setting) = builder.arguments.get_mut(name) {
                // Set in one branch: it may be either.
                setting.value = Value::Unknown;
                setting.span = earlier.map_or(setting.span, |earlier| earlier.span);
            }
            at = self.tree.wrapped(parent);
        }
        builder
    }

    /// Adds a call on the builder.
    fn with_call(&self, mut builder: Builder, call: NodeId, level: Level) -> Builder {
        let Kind::MethodCall { receiver, name, arguments } = self.tree.kind(call) else { return builder };
        for (at, argument) in arguments.iter().take(MAX_ARGUMENTS).enumerate() {
            let key = if at == 0 { name.clone() } else { format!("{name}.{at}") };
            builder.arguments.insert(key, self.setting_at(*argument, level));
            builder.inputs.push(*argument);
        }
        if let ("insert" | "append", [key, value]) = (name.as_str(), arguments.as_slice())
            && let Some(entry) = entry_name(&self.setting_at(*key, level).value)
        {
            builder.arguments.insert(entry, self.setting_at(*value, level));
        }
        if arguments.is_empty() {
            let (start, end) = (self.span(*receiver).end, self.span(call).end);
            let dot = self.text.get(start..end).and_then(|text| text.find('.')).map_or(start, |dot| start + dot + 1);
            builder.arguments.insert(name.clone(), Setting { value: Value::Bool(true), span: Span::new(dot, end) });
        }
        builder
    }
}

/// What an entry of a map is known by: `connection`, for the constant `CONNECTION` too.
fn entry_name(key: &Value) -> Option<String> {
    match key {
        Value::Text(name) => Some(name.to_ascii_lowercase()),
        Value::Imported(path) => path.rsplit("::").next().map(|name| name.to_ascii_lowercase().replace('_', "-")),
        _ => None,
    }
}
