//! Where a value goes: followed through wrappers, names, literals and closures to what keeps it.

use super::closures::Role;
use super::index::Index;
use super::keepers::{is_eager, keeps};
use super::names::LocalId;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId};
use crate::model::{Binding, ClassId, FunctionId, Guard};

/// What becomes of a value.
#[derive(Debug, Default)]
pub struct Flow {
    pub bindings: Vec<Binding>,
    /// First name that holds it.
    pub name: Option<String>,
    pub amortised: bool,
    pub injectable: bool,
    /// Calls that it is handed to, which may be constructions of other clients.
    pub owners: Vec<NodeId>,
    /// Names that hold it.
    pub locals: Vec<LocalId>,
    /// Fields of this file's types that hold it.
    pub fields: Vec<(ClassId, String)>,
    /// Statics that hold it.
    pub statics: Vec<NodeId>,
    /// Functions that return it.
    pub functions: Vec<FunctionId>,
    /// It lies in an object of this file's types, or in a wrapper that a type's own function makes.
    held: bool,
    /// What makes it is handed to what runs that only while nothing is kept.
    pub guard: Option<Guard>,
    /// It is a future, which builds it when it is awaited.
    lazy: bool,
}

impl Flow {
    fn bind(&mut self, binding: Binding) {
        if !self.bindings.contains(&binding) {
            self.bindings.push(binding);
        }
    }
}

const MAX_STEPS: usize = 64;

/// Whether a method gives its receiver in other clothes.
pub fn hands_through(name: &str) -> bool {
    const SAME: &[&str] = &[
        "unwrap",
        "expect",
        "unwrap_or",
        "unwrap_or_else",
        "unwrap_or_default",
        "map_err",
        "context",
        "with_context",
        "clone",
        "cloned",
        "into",
        "ok",
        "ok_or",
        "ok_or_else",
        "to_owned",
        "boxed",
        "as_ref",
        "as_mut",
        "into_inner",
        "wrap_err",
        "wrap_err_with",
        "change_context",
        "inspect_err",
        "borrow",
        "deref",
        "as_deref",
        "or",
        "or_else",
        "into_diagnostic",
        "into_box",
        "inner",
        "copied",
        "boxed_local",
        "into_shared",
        "await",
        "try_into",
        "report",
        "expect_or_log",
        "lock",
        "read",
    ];
    SAME.contains(&name)
}

/// Methods and functions that put a value where it outlives the call.
const STORES: &[&str] = &[
    "with_state",
    "manage",
    "app_data",
    "layer",
    "data",
    "insert",
    "push",
    "set",
    "insert_resource",
    "provide",
    "entry",
    "replace",
    "store",
    "leak",
    "add_extension",
    "extension",
    "insert_if_absent",
    "put",
    "push_back",
    "add_data",
    "with_data",
    "swap",
    "state",
    "global_data",
    "forget",
];

impl Index<'_> {
    /// Where the value of `id` goes.
    pub fn flow(&self, id: NodeId) -> Flow {
        let mut flow = Flow::default();
        match self.tree.kind(id) {
            // A constructor that is handed over by name is a closure in short.
            Kind::Path(_) => self.follow_result(id, &mut flow, MAX_STEPS),
            _ => self.follow(id, &mut flow, MAX_STEPS),
        }
        flow
    }

    fn follow(&self, id: NodeId, flow: &mut Flow, steps: usize) {
        let Some(steps) = steps.checked_sub(1) else { return flow.bind(Binding::Local) };
        let outer = self.tree.wrapped(id);
        let Some(parent) = self.tree.parent(outer) else { return flow.bind(Binding::Dropped) };
        match self.tree.kind(parent) {
            Kind::Let { .. } | Kind::LetCondition { .. } => self.follow_names(outer, flow, steps),
            Kind::Match { scrutinee, .. } if *scrutinee == outer => self.follow_names(outer, flow, steps),
            Kind::Async => {
                flow.lazy = true;
                self.follow(parent, flow, steps);
            }
            Kind::Match { .. } | Kind::List => self.follow(parent, flow, steps),
            Kind::Arm { body, .. } if *body == outer => self.follow(parent, flow, steps),
            Kind::If { condition, .. } if *condition != outer => self.follow(parent, flow, steps),
            Kind::Block { tail } if *tail == Some(outer) => self.follow(parent, flow, steps),
            Kind::Function(_) => self.returned_by(parent, flow),
            Kind::Return(_) => match self.tree.ancestors(parent).find(|&up| self.function_at(up).is_some()) {
                Some(function) => self.returned_by(function, flow),
                None => flow.bind(Binding::Returned),
            },
            Kind::Break => {
                match self.tree.ancestors(parent).find(|&up| matches!(self.tree.kind(up), Kind::Loop { .. })) {
                    Some(repeat) => self.follow(repeat, flow, steps),
                    None => flow.bind(Binding::Local),
                }
            }
            Kind::Static { name, .. } => {
                flow.statics.push(parent);
                flow.bind(Binding::Global(name.clone()));
            }
            Kind::StructLiteral { path, fields } => {
                flow.held = true;
                let field = fields.iter().find(|(_, value)| *value == outer).map(|(name, _)| name.clone());
                if let Some(field) = field.as_ref().filter(|field| !field.starts_with(|at: char| at.is_ascii_digit())) {
                    flow.name.get_or_insert_with(|| field.clone());
                }
                if let (Some(Entity::Class(class)), Some(field)) = (self.resolve_words(path, parent), field) {
                    flow.fields.push((class, field));
                }
                self.follow(parent, flow, steps);
            }
            Kind::Assign { target, value } if *value == outer => self.follow_target(*target, outer, flow, steps),
            Kind::MethodCall { receiver, name, .. } if *receiver == outer => {
                match hands_through(name) || name.starts_with("with_") {
                    true => self.follow(parent, flow, steps),
                    false => flow.bind(Binding::Dropped),
                }
            }
            Kind::MethodCall { receiver, name, .. } => {
                self.follow_argument(outer, parent, *receiver, name, flow, steps)
            }
            Kind::Call { function, .. } if *function != outer => {
                self.follow_call(outer, parent, *function, flow, steps)
            }
            Kind::Closure { .. } => self.follow_result(parent, flow, steps),
            Kind::Macro { path } if path.last().is_some_and(|name| name == "vec") => self.follow(parent, flow, steps),
            Kind::Block { .. } | Kind::File | Kind::Module { .. } => flow.bind(Binding::Dropped),
            _ => flow.bind(Binding::Local),
        }
    }

    fn returned_by(&self, function: NodeId, flow: &mut Flow) {
        let Some(id) = self.function_at(function) else { return flow.bind(Binding::Returned) };
        flow.functions.push(id);
        match self.made_by(function, id).filter(|_| flow.held) {
            Some(class) => {
                let field = flow.fields.iter().rev().find(|(of, _)| *of == class).map_or("0", |(_, name)| name);
                flow.bind(Binding::SelfField(field.to_owned()));
            }
            None => flow.bind(Binding::Returned),
        }
    }

    /// The class whose object a function without a receiver returns, whatever it is called.
    fn made_by(&self, node: NodeId, id: FunctionId) -> Option<ClassId> {
        let function = &self.functions[id.0];
        let Kind::Function(of) = self.tree.kind(node) else { return function.constructs };
        let own = || self.class_of_type(of.output.as_ref()?, node).filter(|&class| Some(class) == function.class);
        function.constructs.or_else(|| own().filter(|_| !function.has_receiver))
    }

    /// Names that are bound to the value.
    fn follow_names(&self, value: NodeId, flow: &mut Flow, steps: usize) {
        let locals = self.names.bound_to(self.tree.peel(value));
        flow.bind(if locals.is_empty() { Binding::Dropped } else { Binding::Local });
        for &local in locals {
            self.follow_local(local, value, flow, steps);
        }
    }

    fn follow_local(&self, id: LocalId, origin: NodeId, flow: &mut Flow, steps: usize) {
        if flow.locals.contains(&id) {
            return;
        }
        flow.locals.push(id);
        let local = self.names.local(id);
        flow.name.get_or_insert_with(|| local.name.clone());
        // Another value takes its place later: `let mut client = Client::new(); if .. { client = special(); }`.
        let is_first = local.value.is_some_and(|value| self.tree.peel(value) == self.tree.peel(origin));
        flow.injectable |= is_first && local.assigned.iter().any(|&value| !self.reads_local(value, id));
        let home = self.function_around(local.node);
        for &read in &local.reads {
            let turns = self.place(read).repeats;
            let inside = turns.iter().any(|repeat| repeat.is_real() && !repeat.span.contains(self.span(origin)));
            flow.amortised |= inside && self.function_around(read) == home;
            let mut seen = Flow { locals: std::mem::take(&mut flow.locals), lazy: flow.lazy, ..Flow::default() };
            self.follow(read, &mut seen, steps);
            flow.locals = seen.locals;
            flow.owners.extend(seen.owners);
            flow.fields.extend(seen.fields);
            flow.statics.extend(seen.statics);
            flow.amortised |= seen.amortised;
            flow.guard = flow.guard.or(seen.guard);
            let here = self.function_around(read) == home;
            flow.functions.extend(seen.functions.into_iter().filter(|_| here));
            let goes = seen.bindings.into_iter().filter(|binding| match binding {
                Binding::Local | Binding::Dropped => false,
                Binding::Returned | Binding::SelfField(_) => here,
                _ => true,
            });
            goes.for_each(|binding| flow.bind(binding));
        }
    }

    /// Whether an assignment in a branch of a loop exchanges what was built before the loop.
    fn is_exchanged(&self, local: LocalId, target: NodeId) -> bool {
        let place = self.place(target);
        let before = self.span(self.names.local(local).node);
        let Some(turn) = place.repeats.iter().find(|repeat| !repeat.span.contains(before)) else { return false };
        let within = self.tree.ancestors(target).take_while(|up| turn.span.contains(self.span(*up)));
        within.into_iter().any(|up| matches!(self.tree.kind(up), Kind::If { .. } | Kind::Arm { .. }))
    }

    fn reads_local(&self, value: NodeId, local: LocalId) -> bool {
        self.tree.descendants(value).into_iter().any(|at| self.names.local_at(at) == Some(local))
    }

    fn follow_target(&self, target: NodeId, value: NodeId, flow: &mut Flow, steps: usize) {
        let target = self.tree.peel(target);
        let binding = match self.tree.kind(target) {
            Kind::Path(words) => match self.resolve(target) {
                Some(Entity::Local(local)) => {
                    flow.bind(Binding::Local);
                    flow.injectable |= self.is_exchanged(local, target);
                    return self.follow_local(local, value, flow, steps);
                }
                Some(Entity::Static(item)) => {
                    flow.statics.push(item);
                    Binding::Global(words.join("::"))
                }
                _ => Binding::Stored(words.join("::")),
            },
            Kind::Field { base, name } if self.tree.path(*base).is_some_and(|path| path == ["self"]) => {
                flow.fields.extend(self.class_around(target).map(|class| (class, name.clone())));
                Binding::SelfField(name.clone())
            }
            Kind::Other if self.slice(target) == "_" => Binding::Dropped,
            _ => Binding::Stored(self.slice(target).to_owned()),
        };
        flow.bind(binding);
    }

    /// The value is an argument of a method.
    fn follow_argument(
        &self,
        outer: NodeId,
        call: NodeId,
        receiver: NodeId,
        name: &str,
        flow: &mut Flow,
        steps: usize,
    ) {
        flow.owners.push(call);
        if keeps(name) && (flow.lazy || !is_eager(name)) {
            return self.keep(call, receiver, name, flow, steps);
        }
        if (STORES.contains(&name) || is_eager(name)) && !self.is_borrowed(outer) {
            match self.guard(call) {
                None if is_eager(name) => flow.bind(Binding::Argument(name.to_owned())),
                None if self.own_field(receiver).is_some() => self.keep_behind(Guard::Keyed, receiver, name, flow),
                None => flow.bind(Binding::Stored(name.to_owned())),
                Some(guard) => self.keep_behind(guard, receiver, name, flow),
            }
            return;
        }
        let is_setter = name.starts_with("with_") || name.contains("client") || name.contains("http");
        match is_setter && !self.is_borrowed(outer) {
            true => self.follow(call, flow, steps),
            false => flow.bind(Binding::Argument(name.to_owned())),
        }
    }

    /// The value is an argument of a function: what a type's own function makes of it holds it.
    fn follow_call(&self, outer: NodeId, call: NodeId, function: NodeId, flow: &mut Flow, steps: usize) {
        flow.owners.push(call);
        let words = self.tree.path(function).unwrap_or_default();
        let last = words.last().map_or("", String::as_str);
        let owner = words.iter().rev().nth(1).map_or("", String::as_str);
        // A function of this file says itself what it does with it.
        let is_own = matches!(self.resolve(self.tree.peel(function)), Some(Entity::Function(_)));
        if STORES.contains(&last) && !is_own && !self.is_borrowed(outer) {
            return flow.bind(Binding::Stored(words.join("::")));
        }
        let is_type = |word: &str| word.starts_with(char::is_uppercase);
        if !(is_type(last) || is_type(owner)) || self.is_borrowed(outer) {
            return flow.bind(Binding::Argument(words.join("::")));
        }
        let wrapper = matches!(last, "Some" | "Ok" | "Err")
            || matches!(owner, "Arc" | "Rc" | "Box" | "Mutex" | "RwLock" | "Cell" | "RefCell");
        flow.held |= !wrapper;
        if let Some(Entity::Class(class)) = self.resolve_words(words, call) {
            flow.fields.push((class, "0".to_owned()));
        }
        self.follow(call, flow, steps);
    }

    /// A method keeps what the value makes: `cell.get_or_init(..)`.
    fn keep(&self, call: NodeId, receiver: NodeId, name: &str, flow: &mut Flow, steps: usize) {
        match self.forgetful_local(receiver) {
            Some(local) => {
                self.follow_local(local, call, flow, steps);
                self.follow(call, flow, steps);
            }
            None => self.keep_behind(Guard::Slot, receiver, name, flow),
        }
    }

    /// A method keeps the value where none is kept, or under a key of the object, as long as that lives.
    fn keep_behind(&self, guard: Guard, receiver: NodeId, name: &str, flow: &mut Flow) {
        flow.guard = Some(guard);
        flow.bind(match self.own_field(receiver) {
            Some(field) => Binding::SelfField(field),
            None => Binding::Stored(name.to_owned()),
        });
    }

    fn is_borrowed(&self, outer: NodeId) -> bool {
        self.slice(outer).starts_with('&')
    }

    /// The value is what a closure makes.
    fn follow_result(&self, closure: NodeId, flow: &mut Flow, steps: usize) {
        let Some(steps) = steps.checked_sub(1) else { return flow.bind(Binding::Local) };
        let outer = self.tree.wrapped(closure);
        let call = self.tree.parent(outer);
        match (self.closure_role(closure), call) {
            (Role::Inline, Some(call)) => {
                let or_else = matches!(self.tree.kind(call), Kind::MethodCall { name, .. } if name.contains("or"));
                flow.injectable |= or_else;
                self.follow(call, flow, steps);
            }
            (Role::Kept, Some(call)) => match self.tree.kind(call) {
                Kind::MethodCall { receiver, name, .. } => self.keep(call, *receiver, name, flow, steps),
                _ => self.follow(call, flow, steps),
            },
            (Role::Repeated, _) => flow.bind(Binding::Local),
            (Role::Named(_), _) => {
                flow.functions.extend(self.function_at(closure));
                flow.bind(Binding::Returned);
            }
            (Role::Handed(Some(_)), _) if self.function_at(closure).is_some() => flow.bind(Binding::Returned),
            _ => flow.bind(Binding::Deferred),
        }
    }
}
