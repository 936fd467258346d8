//! Calls between the functions of a file.

use super::closures::Role;
use super::index::Index;
use super::resolve::Entity;
use super::sites::Sites;
use super::syntax::{Kind, NodeId, Tree};
use crate::model::{Call, Callee, ClassId, FunctionId, Module};

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
                Some(Entity::Path(path)) if path == "Default::default" => match self.of_wanted(id, "default") {
                    Some(callee) => callee,
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
        let Kind::MethodCall { receiver, name, arguments } = self.tree.kind(call) else { return None };
        let converted = converting(name).filter(|_| arguments.is_empty());
        if let Some(callee) = converted.and_then(|from| self.of_wanted(call, from)) {
            return Some(callee);
        }
        match self.type_of(*receiver)? {
            Entity::Path(path) if self.may_link(&path) => Some(Callee::Path(format!("{path}::{name}"))),
            Entity::Class(class) => self.method_of_trait(class, name),
            _ => None,
        }
    }

    /// A method that a trait of this file only declares: whoever implements it, and be it in another file, has it run.
    fn method_of_trait(&self, class: ClassId, name: &str) -> Option<Callee> {
        let node = *self.class_nodes.get(&class)?;
        let Kind::Trait { name: of } = self.tree.kind(node) else { return None };
        let modules = self.modules_to(node).join("::");
        let below = if modules.is_empty() { "self".to_owned() } else { format!("self::{modules}") };
        Some(Callee::Path(format!("{below}::{of}::{name}")))
    }

    /// The function `name` of the type that is wanted where `id` stands: what `Default::default()` and `.into()` run.
    fn of_wanted(&self, id: NodeId, name: &str) -> Option<Callee> {
        match self.wanted_type(id)? {
            Entity::Class(class) => {
                // Of several conversions, the types of what is converted decide, and they are not all known.
                let mut own = (0..self.functions.len()).filter(|&at| {
                    let function = &self.functions[at];
                    function.class == Some(class) && function.name == name
                });
                own.next().filter(|_| own.next().is_none()).map(|at| Callee::Function(FunctionId(at)))
            }
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
        // What the guard asks for is of the object or static, not one of several things to do.
        let guard = self.guard(id).or(flow.guard);
        Call {
            callee,
            arguments: arguments.collect(),
            open_ended: given.is_empty(),
            bindings: flow.bindings,
            scope: None,
            amortised: flow.amortised,
            deferred: false,
            fills: guard.is_some(),
            stands_in: false,
            guard,
            by_caller,
            by_turn,
            place,
        }
    }

    /// A function that is handed by name to what runs it here.
    fn handed_edge(&self, id: NodeId) -> Option<Call> {
        let function = match self.resolve(id)? {
            Entity::Function(function) => Callee::Function(function),
            Entity::Local(local) => Callee::Function(self.closure_in(local)?),
            Entity::Path(path) if is_foreign(&path) => Callee::Path(path),
            _ => return None,
        };
        let outer = self.tree.wrapped(id);
        let is_argument = match self.tree.kind(self.tree.parent(outer)?) {
            Kind::Call { arguments, .. } | Kind::MethodCall { arguments, .. } => arguments.contains(&outer),
            _ => false,
        };
        let role = self.closure_role(id);
        let runs = is_argument && !matches!(role, Role::Handed(_) | Role::Named(_));
        let mut call = runs.then(|| self.edge(id, function))?;
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

/// What a type has for a method that makes it of something else.
fn converting(method: &str) -> Option<&'static str> {
    match method {
        "into" => Some("from"),
        "try_into" => Some("try_from"),
        "parse" => Some("from_str"),
        _ => None,
    }
}

/// Whether a path may lead to another file of the project: all of them are known when files are linked.
pub(super) fn is_foreign(path: &str) -> bool {
    path.split_once("::").is_some_and(|(first, _)| !matches!(first, "std" | "core" | "alloc" | "tokio" | "futures"))
}
