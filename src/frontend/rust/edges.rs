//! Calls between the functions of a file.

use super::closures::Role;
use super::index::Index;
use super::resolve::Entity;
use super::sites::Sites;
use super::syntax::{Kind, NodeId};
use crate::model::{Call, Callee, Module};

impl Index<'_> {
    /// Lowers calls that are edges, and functions that are handed to what runs them.
    pub fn lower_edges(&self, sites: &Sites, module: &mut Module) {
        for id in self.tree.ids().filter(|id| !sites.nodes.contains_key(id)) {
            let callee = match self.tree.kind(id) {
                Kind::Call { function, .. } => self.tree.peel(*function),
                Kind::MethodCall { .. } => {
                    let method = self.method_of(id);
                    module.calls.extend(method.map(|method| self.edge(id, Callee::Function(method))));
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
                // What other files of the package define is linked when all of them are known.
                Some(Entity::Path(path)) if path.starts_with("crate::") || path.starts_with("super::") => {
                    Callee::Path(path)
                }
                _ => continue,
            };
            module.calls.push(self.edge(id, callee));
        }
    }

    fn edge(&self, id: NodeId, callee: Callee) -> Call {
        let flow = self.flow(id);
        let arguments = match (&callee, self.tree.kind(id)) {
            (Callee::Function(_), Kind::Call { arguments, .. } | Kind::MethodCall { arguments, .. }) => {
                arguments.as_slice()
            }
            _ => &[],
        };
        let arguments = arguments.iter().enumerate().map(|(at, argument)| (at.to_string(), self.setting(*argument)));
        Call {
            callee,
            arguments: arguments.collect(),
            place: self.place(id),
            bindings: flow.bindings,
            scope: None,
            amortised: flow.amortised,
            guarded: self.is_guarded(id),
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

    /// The closure that a local holds.
    fn closure_in(&self, local: super::names::LocalId) -> Option<crate::model::FunctionId> {
        let value = self.names.local(local).value?;
        self.function_at(self.tree.peel(value))
    }
}
