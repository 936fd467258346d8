//! What a construction is made of: what the caller, the loop or another client brings into it, and what it reads.

use super::construct::Construction;
use super::index::Index;
use super::names::{Bound, Local, LocalId};
use super::syntax::{Kind, NodeId};
use crate::model::{Place, Read, SiteKind, Value};
use crate::source::Span;
use std::collections::HashSet;

/// Locals that a value is made of; real code has few.
const MAX_ORIGINS: usize = 64;

/// Words in the names of what puts an HTTP client into another client.
const CLIENT_CARRIERS: &[&str] = &["client", "reqwest", "service"];

impl Index<'_> {
    /// What is put into a client once it is made: `Client::with_config(config).with_http_client(http)`.
    pub fn add_injected(&self, id: NodeId, built: &mut Construction) {
        let Some((_, spec)) = self.clients.client(&built.symbol) else { return };
        let mut at = self.tree.wrapped(id);
        while let Some(parent) = self.tree.parent(at)
            && let Kind::MethodCall { receiver, name, arguments } = self.tree.kind(parent)
            && *receiver == at
        {
            if let Some(&argument) = arguments.first().filter(|_| spec.carries.contains(name)) {
                built.arguments.insert(name.clone(), self.setting(argument));
                built.inputs.push(argument);
            }
            at = self.tree.wrapped(parent);
        }
    }

    /// Parameters of the enclosing function that the arguments read, time-outs and the like left out.
    pub fn caller_values(&self, built: &Construction, place: &Place) -> Vec<String> {
        if built.kind == SiteKind::OneShot {
            return Vec::new();
        }
        let inputs: Vec<NodeId> = built.inputs.iter().copied().filter(|&input| !self.is_plain_setting(input)).collect();
        self.passed(&inputs, place)
    }

    /// Parameters of the enclosing function that values read.
    pub(super) fn passed(&self, values: &[NodeId], place: &Place) -> Vec<String> {
        let handed = |node| self.function_at(node) == place.function && place.function.is_some();
        let is_passed = |local: &&Local| match local.bound {
            Bound::Param => true,
            Bound::ClosureParam => handed(local.node),
            Bound::Value | Bound::Loop => false,
        };
        self.names_behind(values.to_vec(), is_passed)
    }

    /// Sorted names of the wanted locals among those that make up values.
    fn names_behind(&self, values: Vec<NodeId>, wanted: impl Fn(&&Local) -> bool) -> Vec<String> {
        let origins = self.origins(values).into_iter().map(|local| self.names.local(local));
        let mut names: Vec<String> = origins.filter(wanted).map(|local| local.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Locals that values are made of, through other locals and through what is put into these
    /// (`headers.insert(AUTHORIZATION, token)`).
    fn origins(&self, values: Vec<NodeId>) -> HashSet<LocalId> {
        let (mut todo, mut seen) = (values, HashSet::new());
        while let Some(value) = todo.pop() {
            for id in self.locals_in(value) {
                if seen.len() >= MAX_ORIGINS || !seen.insert(id) {
                    continue;
                }
                let local = self.names.local(id);
                todo.extend(local.value.filter(|_| local.bound == Bound::Value));
                todo.extend(&local.assigned);
                todo.extend(local.called.iter().flat_map(|&read| self.put_into(read)));
            }
        }
        seen
    }

    /// What a method that is called on a read puts into the value.
    fn put_into(&self, read: NodeId) -> Vec<NodeId> {
        let call = self.tree.parent(self.tree.wrapped(read)).map(|call| self.tree.kind(call));
        let Some(Kind::MethodCall { arguments, .. }) = call else { return Vec::new() };
        arguments.iter().copied().filter(|&argument| !self.is_plain_setting(argument)).collect()
    }

    /// An argument of a setter that differs from caller to caller without a need for another client.
    fn is_plain_setting(&self, input: NodeId) -> bool {
        let setter = self.tree.parent(input).map(|parent| self.tree.kind(parent));
        matches!(setter, Some(Kind::MethodCall { name, .. }) if name.contains("timeout") || name.contains("user_agent") || name.contains("keepalive") || name.starts_with("pool_"))
    }

    fn locals_in(&self, id: NodeId) -> Vec<LocalId> {
        let parts = self.tree.descendants(id).into_iter();
        parts.flat_map(|at| self.names.local_at(at).into_iter().chain(self.captured(at))).collect()
    }

    /// Locals that the text of a macro names: `format!("{page}")`.
    fn captured(&self, id: NodeId) -> Vec<LocalId> {
        if !matches!(self.tree.kind(id), Kind::Macro { .. }) {
            return Vec::new();
        }
        let pieces = self.slice(id).split('{').skip(1);
        let names = pieces.filter_map(|piece| piece.split(['}', ':']).next());
        let plain = names.filter(|name| !name.is_empty() && name.chars().all(|at| at.is_alphanumeric() || at == '_'));
        plain.filter_map(|name| self.names.lookup(&self.tree, name, id)).collect()
    }

    /// Names bound by enclosing loops that the arguments are made of.
    pub fn loop_values(&self, built: &Construction, place: &Place) -> Vec<String> {
        self.turned(&built.inputs, place)
    }

    /// Names bound by enclosing loops that values are made of.
    pub(super) fn turned(&self, values: &[NodeId], place: &Place) -> Vec<String> {
        let bound = |local: &&Local| place.repeats.iter().any(|repeat| repeat.binds.contains(&local.name));
        if place.repeats.is_empty() { Vec::new() } else { self.names_behind(values.to_vec(), bound) }
    }

    /// Whether it has the connections of another client, or a state (cookies) that is meant to be its own.
    pub fn is_apart(&self, built: &Construction) -> bool {
        let spec = self.clients.client(&built.symbol).map(|(_, spec)| spec);
        // Others carry settings: a configuration, an endpoint.
        let carriers = spec.into_iter().flat_map(|spec| &spec.carries);
        let of_clients = carriers.filter(|name| CLIENT_CARRIERS.iter().any(|word| name.contains(word)));
        let shared = of_clients
            .filter_map(|name| built.arguments.get(name))
            .any(|setting| !matches!(setting.value, Value::Nothing | Value::Object(_)));
        shared || ["cookie_store", "cookie_provider"].iter().any(|name| built.arguments.contains_key(*name))
    }

    /// What the construction reads that exists only in the function.
    pub fn reads(&self, id: NodeId, built: &Construction) -> Vec<Read> {
        let begun = built.begun.map_or(self.span(id), |begun| Span::new(self.span(begun).start, self.span(id).end));
        // Where the builder is a local, that local is no input.
        let whole = Some(id).filter(|_| built.begun.is_none());
        let parts: Vec<NodeId> = whole.into_iter().chain(built.inputs.iter().copied()).collect();
        let mut reads: Vec<Read> = parts.iter().flat_map(|&part| self.reads_of_receiver(part)).collect();
        let locals: HashSet<LocalId> = parts.iter().flat_map(|&part| self.locals_in(part)).collect();
        for local in locals
            .into_iter()
            .map(|local| self.names.local(local))
            .filter(|local| !self.span(id).contains(self.span(local.node)))
        {
            let changes = local.assigned.iter().chain(local.called.iter().filter(|read| self.is_changed_at(**read)));
            let outside = changes.filter(|&&at| !begun.contains(self.span(at)));
            let bound = std::iter::once(&local.node).chain(outside).map(|&node| self.span(node));
            reads.extend(bound.map(|bound| Read { name: local.name.clone(), bound }));
        }
        reads.sort_by(|a, b| (&a.name, a.bound).cmp(&(&b.name, b.bound)));
        reads.dedup();
        reads
    }

    /// `headers.insert(..)` gives `headers` another value.
    fn is_changed_at(&self, read: NodeId) -> bool {
        const CHANGES: &[&str] = &["insert", "append", "push", "push_str", "extend", "remove", "clear", "set"];
        let parent = self.tree.parent(read).map(|parent| self.tree.kind(parent));
        matches!(parent, Some(Kind::MethodCall { receiver, name, .. }) if *receiver == read && CHANGES.contains(&name.as_str()))
    }

    /// `self.config` where `self` is read for that field.
    fn reads_of_receiver(&self, part: NodeId) -> Vec<Read> {
        let is_receiver = |at: &NodeId| matches!(self.tree.kind(*at), Kind::Path(words) if *words == ["self"]);
        let read = |at: NodeId| {
            let outer = self.tree.wrapped(at);
            let name = match self.tree.parent(outer).map(|parent| self.tree.kind(parent)) {
                Some(Kind::Field { base, name }) if *base == outer => format!("self.{name}"),
                _ => "self".to_owned(),
            };
            Read { name, bound: self.span(at) }
        };
        self.tree.descendants(part).into_iter().filter(is_receiver).map(read).collect()
    }

    /// The innermost closure or async block around `id`.
    pub fn block_around(&self, id: NodeId) -> Option<Span> {
        let within = self.tree.ancestors(id).take_while(|up| !matches!(self.tree.kind(*up), Kind::Function(_)));
        let mut blocks = within.filter(|up| matches!(self.tree.kind(*up), Kind::Closure { .. } | Kind::Async));
        blocks.next().map(|block| self.span(block))
    }
}
