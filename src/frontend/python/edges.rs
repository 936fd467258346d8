//! Calls between the functions and classes of a file, and to what it imports.

use super::resolve::Entity;
use super::scopes::Index;
use super::sites::Sites;
use super::tree::children;
use crate::model::{Binding, Call, Callee, FunctionId, Module, Place};
use std::collections::BTreeMap;
use tree_sitter::Node;

impl<'t> Index<'t> {
    /// Lowers calls that are edges.
    pub fn lower_edges(&self, calls: &[Node<'t>], sites: &Sites, module: &mut Module) {
        for &call in calls {
            if sites.contains_key(&call.id()) {
                continue;
            }
            if let Some(callee) = call.child_by_field_name("function").and_then(|function| self.callee(function)) {
                module.calls.push(self.edge(call, callee, self.place(call)));
            }
            if let Some((function, place)) = self.dependency(call) {
                // It stands in a default, yet its result lives for one call.
                let edge = self.edge(call, Callee::Function(function), place);
                module.calls.push(Call { bindings: vec![Binding::Local], ..edge });
            }
        }
        self.property_reads(module);
    }

    fn edge(&self, node: Node<'t>, callee: Callee, place: Place) -> Call {
        let flow = self.flow(node);
        let is_own = matches!(callee, Callee::Function(_)) && node.kind() == "call";
        Call {
            callee,
            arguments: if is_own { self.arguments(node).0 } else { BTreeMap::new() },
            place,
            bindings: flow.bindings,
            scope: flow.scope,
            amortised: flow.amortised,
            guarded: self.is_guarded(node),
        }
    }

    fn callee(&self, function: Node<'t>) -> Option<Callee> {
        match self.resolve(function)? {
            Entity::Function(function) => Some(Callee::Function(function)),
            Entity::Class(class) => Some(Callee::Class(class)),
            Entity::Path(path) => Some(Callee::Path(path)),
            Entity::Instance(_) | Entity::Object(_) => None,
        }
    }

    /// `param = Depends(make_client)`: run for each call of the function that has the parameter.
    fn dependency(&self, call: Node<'t>) -> Option<(FunctionId, Place)> {
        let path = self.path_of(call.child_by_field_name("function")?)?;
        if !matches!(path.as_str(), "fastapi.Depends" | "fastapi.param_functions.Depends" | "fastapi.Security") {
            return None;
        }
        let first = call.child_by_field_name("arguments").and_then(|list| children(list).first().copied())?;
        let dependency = self.named_function(first)?;
        let owner = self.ast.ancestors(call).find(|node| node.kind() == "function_definition")?;
        let function = self.function_nodes.iter().position(|node| node.id() == owner.id()).map(FunctionId)?;
        Some((dependency, Place { function: Some(function), ..self.place(call) }))
    }

    /// Reading a property runs its function.
    fn property_reads(&self, module: &mut Module) {
        for &name in &self.reads {
            let Some(attribute) = self.ast.parent(name).filter(|parent| parent.kind() == "attribute") else { continue };
            let class = match self.resolve(name) {
                Some(Entity::Object(class)) => class,
                _ => continue,
            };
            let method = self.method(class, self.ast.field_text(attribute, "attribute"));
            if let Some(method) = method.filter(|&method| self.is_property(method)) {
                module.calls.push(self.edge(attribute, Callee::Function(method), self.place(attribute)));
            }
        }
    }
}
