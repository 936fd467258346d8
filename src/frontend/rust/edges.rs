//! Calls between the functions of a file.

use super::closures::Role;
use super::index::Index;
use super::resolve::Entity;
use super::sites::Sites;
use super::syntax::{Kind, NodeId, Tree};
use crate::model::{Call, Callee, Module};

impl Index<'_> {
    /// Lowers calls that are edges, and functions that are handed to what runs them.
    pub fn lower_edges(&self, sites: &Sites, module: &mut Module) {
        for id in self.tree.ids().filter(|id| !sites.nodes.contains_key(id)) {
            let callee = match self.tree.kind(id) {
                Kind::Call { function, .. } => self.tree.peel(*function),
                Kind::MethodCall { .. } => {
                    module.calls.extend(self.called_method(id).map(|callee| self.edge(id, callee)));
                    continue;
                }
                Kind::Path(_) => {
                    module.calls.extend(self.handed_edge(id));
                    continue;
                }
                _ => continue,
            };
            let callee = match self.resolve(callee) {
                Some(Entity::Function(function)) => Callee::Function(function),
                Some(Entity::Class(class)) => Callee::Class(class),
                Some(Entity::Local(local)) => match self.closure_in(local) {
                    Some(function) => Callee::Function(function),
                    None => continue,
                },
                Some(Entity::Path(path)) if self.may_link(&path) => Callee::Path(path),
                _ => continue,
            };
            module.calls.push(self.edge(id, callee));
        }
    }

    /// The method that a method call runs: one of this file, or of a type that another file defines.
    pub(super) fn called_method(&self, call: NodeId) -> Option<Callee> {
        if let Some(method) = self.method_of(call) {
            return Some(Callee::Function(method));
        }
        let Kind::MethodCall { receiver, name, .. } = self.tree.kind(call) else { return None };
        match self.type_of(*receiver)? {
            Entity::Path(path) if self.may_link(&path) => Some(Callee::Path(format!("{path}::{name}"))),
            _ => None,
        }
    }

    fn edge(&self, id: NodeId, callee: Callee) -> Call {
        let flow = self.flow(id);
        let given: &[NodeId] = match (&callee, self.tree.kind(id)) {
            (
                Callee::Function(_) | Callee::Path(_),
                Kind::Call { arguments, .. } | Kind::MethodCall { arguments, .. },
            ) => arguments.as_slice(),
            _ => &[],
        };
        let place = self.place(id);
        let (by_caller, by_turn) = (!self.passed(given, &place).is_empty(), !self.turned(given, &place).is_empty());
        let arguments = given.iter().enumerate().map(|(at, argument)| (at.to_string(), self.setting(*argument)));
        Call {
            callee,
            arguments: arguments.collect(),
            bindings: flow.bindings,
            scope: None,
            amortised: flow.amortised,
            guard: self.guard(id).or(flow.guard),
            by_caller,
            by_turn,
            place,
        }
    }

    /// A function that is handed by name to what runs it here.
    fn handed_edge(&self, id: NodeId) -> Option<Call> {
        let function = match self.resolve(id)? {
            Entity::Function(function) => function,
            Entity::Local(local) => self.closure_in(local)?,
            _ => return None,
        };
        let outer = self.tree.wrapped(id);
        let is_argument = match self.tree.kind(self.tree.parent(outer)?) {
            Kind::Call { arguments, .. } | Kind::MethodCall { arguments, .. } => arguments.contains(&outer),
            _ => false,
        };
        let role = self.closure_role(id);
        let runs = is_argument && !matches!(role, Role::Handed(_) | Role::Named(_));
        let mut call = runs.then(|| self.edge(id, Callee::Function(function)))?;
        if matches!(role, Role::Repeated) {
            call.place.repeats.push(self.repetition(id));
        }
        Some(call)
    }

    /// Whether a path may lead to another file: a bare name does where `*` brings names in.
    pub(super) fn may_link(&self, path: &str) -> bool {
        let is_bare = !path.contains("::") && !matches!(path, "Ok" | "Err" | "Some");
        is_foreign(path) || (is_bare && !self.names.globs(Tree::ROOT).is_empty())
    }

    /// The closure that a local holds.
    fn closure_in(&self, local: super::names::LocalId) -> Option<crate::model::FunctionId> {
        let value = self.names.local(local).value?;
        self.function_at(self.tree.peel(value))
    }
}

/// Whether a path may lead to another file of the project: all of them are known when files are linked.
pub(super) fn is_foreign(path: &str) -> bool {
    path.split_once("::").is_some_and(|(first, _)| !matches!(first, "std" | "core" | "alloc" | "tokio" | "futures"))
}
