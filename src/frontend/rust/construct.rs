//! What makes a client: constructors, builder chains across statements, `Default` in all its forms, constructors as values.

use super::index::Index;
use super::names::LocalId;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId};
use crate::clients::Made;
use crate::model::{ClassId, FunctionId, Object, Setting, SiteKind, Value};
use crate::source::Span;
use std::collections::BTreeMap;

/// A construction of a client, or a one-shot request.
#[derive(Debug, Clone)]
pub struct Construction {
    pub symbol: String,
    /// `new`, `build`, `default`.
    pub constructor: String,
    pub kind: SiteKind,
    pub arguments: BTreeMap<String, Setting>,
    pub open_ended: bool,
    /// Nodes of the arguments, wherever they stand.
    pub inputs: Vec<NodeId>,
    /// Where its builder began, where that is another statement.
    pub begun: Option<NodeId>,
}

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

impl Index<'_> {
    /// What `id` constructs, if it does.
    pub fn construction(&self, id: NodeId) -> Option<Construction> {
        match self.tree.kind(id) {
            Kind::Call { function, arguments } => self.called_constructor(id, *function, arguments),
            Kind::MethodCall { receiver, name, arguments } => self
                .finished(*receiver, name, arguments)
                .or_else(|| (name == "unwrap_or_default").then(|| self.default_of(self.type_of(*receiver)?)).flatten()),
            Kind::Path(_) if self.is_handed_over(id) => match self.resolve(id)? {
                Entity::Path(path) => self.made(&path, BTreeMap::new(), Vec::new()),
                Entity::Member(class, name) if name == "default" => self.derived_default(class),
                _ => None,
            },
            _ => None,
        }
    }

    fn called_constructor(&self, id: NodeId, function: NodeId, arguments: &[NodeId]) -> Option<Construction> {
        match self.resolve(self.tree.peel(function))? {
            Entity::Path(path) if path == "Default::default" || path.ends_with("::Default::default") => {
                self.default_of(self.expected_type(id)?)
            }
            Entity::Path(path) => {
                let (settings, inputs) = self.positional(arguments);
                self.made(&path, settings, inputs)
            }
            Entity::Member(class, name) if name == "default" => self.derived_default(class),
            _ => None,
        }
    }

    fn made(&self, path: &str, arguments: BTreeMap<String, Setting>, inputs: Vec<NodeId>) -> Option<Construction> {
        let constructor = path.rsplit("::").next().unwrap_or(path).to_owned();
        let (symbol, kind) = match self.clients.made_by(path) {
            Some(Made::Client(symbol)) => (symbol, SiteKind::Client),
            Some(Made::Builder(_)) => return None,
            None => (self.clients.one_shot(path).map(|_| path.to_owned())?, SiteKind::OneShot),
        };
        Some(Construction { symbol, constructor, kind, arguments, open_ended: false, inputs, begun: None })
    }

    /// `Default::default()` where a client is expected.
    fn default_of(&self, of: Entity) -> Option<Construction> {
        match of {
            Entity::Path(path) => self.made(&format!("{path}::default"), BTreeMap::new(), Vec::new()),
            Entity::Class(class) => self.derived_default(class),
            _ => None,
        }
    }

    /// `Api::default()` where `Api` derives it and holds a client.
    fn derived_default(&self, class: ClassId) -> Option<Construction> {
        let node = *self.class_nodes.get(&class)?;
        let Kind::Struct(of) = self.tree.kind(node) else { return None };
        if !of.derives.iter().any(|name| name == "Default") {
            return None;
        }
        of.fields.iter().filter(|(_, of)| of.name() != "Option").find_map(|(_, of)| {
            let Entity::Path(path) = self.type_named(of, node)? else { return None };
            self.made(&format!("{path}::default"), BTreeMap::new(), Vec::new())
        })
    }

    /// The type that the place of an expression asks for.
    fn expected_type(&self, id: NodeId) -> Option<Entity> {
        let outer = self.tree.wrapped(id);
        let parent = self.tree.parent(outer)?;
        match self.tree.kind(parent) {
            Kind::Let { of: Some(of), .. } | Kind::Static { of: Some(of), .. } => self.type_named(of, parent),
            Kind::StructLiteral { path, fields } => {
                let (name, _) = fields.iter().find(|(_, value)| *value == outer)?;
                let Entity::Class(class) = self.resolve_words(path, parent)? else { return None };
                let node = *self.class_nodes.get(&class)?;
                let Kind::Struct(of) = self.tree.kind(node) else { return None };
                let (_, of) = of.fields.iter().find(|(field, _)| field == name)?;
                self.type_named(of, node)
            }
            _ => None,
        }
    }

    /// A method that ends a builder.
    fn finished(&self, receiver: NodeId, name: &str, arguments: &[NodeId]) -> Option<Construction> {
        let any_ends = self.clients.ends_builder(name);
        let builder = self.builder(receiver, MAX_STEPS).filter(|_| any_ends)?;
        if !self.ends(&builder, name) {
            return None;
        }
        let (positional, more) = self.positional(arguments);
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
    fn builder(&self, id: NodeId, steps: usize) -> Option<Builder> {
        let steps = steps.checked_sub(1)?;
        let id = self.tree.peel(id);
        if let Some(known) = self.builders.borrow().get(&id) {
            return known.clone();
        }
        self.builders.borrow_mut().insert(id, None);
        let found = self.find_builder(id, steps);
        self.builders.borrow_mut().insert(id, found.clone());
        found
    }

    fn find_builder(&self, id: NodeId, steps: usize) -> Option<Builder> {
        match self.tree.kind(id) {
            Kind::Call { function, arguments } => match self.resolve(self.tree.peel(*function))? {
                Entity::Path(path) => {
                    let symbol = self.begun_by(&path)?;
                    let (arguments, inputs) = self.positional(arguments);
                    Some(Builder { symbol, arguments, open_ended: false, inputs, begun: Some(id) })
                }
                Entity::Function(function) => {
                    let returned = self.returned(function);
                    let built = returned.into_iter().find_map(|value| self.builder(value, steps))?;
                    Some(Builder { inputs: arguments.clone(), begun: None, ..built })
                }
                _ => None,
            },
            Kind::MethodCall { receiver, name, .. } => {
                if let Some(method) = self.method_of(id) {
                    return self.returned(method).into_iter().find_map(|value| self.builder(value, steps));
                }
                let builder = self.builder(*receiver, steps)?;
                // What ends it makes a client, and a client's methods build requests: `client.get(url).build()`.
                if self.ends(&builder, name) {
                    return None;
                }
                Some(if super::flow::hands_through(name) { builder } else { self.with_call(builder, id) })
            }
            Kind::Path(_) => match self.resolve(id)? {
                Entity::Local(local) => self.local_builder(local, id, steps),
                _ => None,
            },
            Kind::Block { tail: Some(tail) } => self.builder(*tail, steps),
            Kind::If { then, otherwise, .. } => {
                let found = self.builder(*then, steps).or_else(|| self.builder((*otherwise)?, steps))?;
                Some(Builder { open_ended: true, ..found })
            }
            Kind::Match { arms, .. } => {
                let found = arms.iter().find_map(|arm| match self.tree.kind(*arm) {
                    Kind::Arm { body, .. } => self.builder(*body, steps),
                    _ => None,
                })?;
                Some(Builder { open_ended: true, ..found })
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
        let Builder { symbol, arguments, open_ended, .. } = self.builder(id, MAX_STEPS)?;
        Some(Object { symbol, arguments, open_ended, span: self.span(id) })
    }

    /// A builder in a local: what it began as, and what was called on it before `at`.
    fn local_builder(&self, id: LocalId, at: NodeId, steps: usize) -> Option<Builder> {
        let local = self.names.local(id);
        let given = local.value.and_then(|value| self.builder(value, steps));
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
        for &read in local.reads.iter().filter(|&&read| self.span(read).start < self.span(at).start) {
            builder = self.calls_on(builder, read, local.node, at);
        }
        Some(builder)
    }

    /// Adds what the chain that begins at `read` sets `before` a place; `b = b.x(1)` and `b.x(1)` alike.
    fn calls_on(&self, mut builder: Builder, read: NodeId, defined: NodeId, before: NodeId) -> Builder {
        let limit = self.span(before).start;
        let mut at = self.tree.wrapped(read);
        let home = self.tree.parent(defined);
        let conditional = self
            .tree
            .ancestors(read)
            .take_while(|up| Some(*up) != home)
            .any(|up| matches!(self.tree.kind(up), Kind::If { .. } | Kind::Match { .. } | Kind::Closure { .. }));
        while let Some(parent) = self.tree.parent(at)
            && let Kind::MethodCall { receiver, name, .. } = self.tree.kind(parent)
            && *receiver == at
            && self.span(parent).end <= limit
        {
            let earlier = builder.arguments.get(name).cloned();
            builder = self.with_call(builder, parent);
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
    fn with_call(&self, mut builder: Builder, call: NodeId) -> Builder {
        let Kind::MethodCall { receiver, name, arguments } = self.tree.kind(call) else { return builder };
        for (at, argument) in arguments.iter().enumerate() {
            let key = if at == 0 { name.clone() } else { format!("{name}.{at}") };
            builder.arguments.insert(key, self.setting(*argument));
            builder.inputs.push(*argument);
        }
        if arguments.is_empty() {
            let (start, end) = (self.span(*receiver).end, self.span(call).end);
            let dot = self.text.get(start..end).and_then(|text| text.find('.')).map_or(start, |dot| start + dot + 1);
            builder.arguments.insert(name.clone(), Setting { value: Value::Bool(true), span: Span::new(dot, end) });
        }
        builder
    }

    fn positional(&self, arguments: &[NodeId]) -> (BTreeMap<String, Setting>, Vec<NodeId>) {
        let settings = arguments.iter().enumerate().map(|(at, argument)| (at.to_string(), self.setting(*argument)));
        (settings.collect(), arguments.to_vec())
    }

    /// A path that is an argument, not what is called.
    fn is_handed_over(&self, id: NodeId) -> bool {
        let outer = self.tree.wrapped(id);
        self.tree.parent(outer).is_some_and(|parent| match self.tree.kind(parent) {
            Kind::Call { arguments, .. } | Kind::MethodCall { arguments, .. } => arguments.contains(&outer),
            _ => false,
        })
    }

    /// What a function returns: its tail and its `return`s, outcomes of branches included.
    pub fn returned(&self, function: FunctionId) -> Vec<NodeId> {
        let node = self.function_nodes[function.0];
        let body = match self.tree.kind(node) {
            Kind::Function(of) => of.body,
            Kind::Closure { body, .. } => Some(*body),
            _ => None,
        };
        let Some(body) = body else { return Vec::new() };
        let explicit = self.tree.descendants(body).into_iter().filter_map(|id| match self.tree.kind(id) {
            Kind::Return(Some(value)) if self.function_around(id) == Some(function) => Some(*value),
            _ => None,
        });
        std::iter::once(body).chain(explicit).collect()
    }
}
