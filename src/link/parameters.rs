//! Calls of parameters (`connect()`), joined to the functions that are handed in for them.

use super::{Edge, FunctionRef, Program, Target};
use crate::model::{Callee, Function};
use std::collections::HashMap;

/// Calls of each parameter.
type Calls<'m> = HashMap<(FunctionRef, &'m str), Vec<Edge<'m>>>;

impl<'m> Program<'m> {
    /// Makes an edge of each call of a parameter to each function that is handed in.
    pub(super) fn join_parameters(&mut self) {
        let mut calls = Calls::new();
        for (file, module) in self.modules.iter().enumerate() {
            for call in &module.calls {
                let Callee::Parameter { function, name } = &call.callee else { continue };
                let of = (FunctionRef { file, id: *function }, name.as_str());
                calls.entry(of).or_default().push(Edge { file, call });
            }
        }
        let joined: Vec<(Edge<'m>, Target)> = if calls.is_empty() {
            Vec::new()
        } else {
            (0..self.files()).flat_map(|file| self.joined(file, &calls)).collect()
        };
        for (edge, target) in joined {
            self.add(edge, target);
        }
    }

    /// The edges that the functions make which a file hands in.
    fn joined(&self, file: usize, calls: &Calls<'m>) -> Vec<(Edge<'m>, Target)> {
        let mut joined = Vec::new();
        for handed in &self.modules[file].handed {
            let Some((into, slot)) = &handed.into else { continue };
            let Some(function) = self.handed_into(file, into) else { continue };
            let edges = slot_name(self.function(function), slot).and_then(|name| calls.get(&(function, name)));
            if let Some(edges) = edges
                && let Some(target) = self.target(file, &handed.target)
            {
                joined.extend(edges.iter().map(|edge| (*edge, target.clone())));
            }
        }
        joined
    }

    fn target(&self, file: usize, callee: &Callee) -> Option<Target> {
        match callee {
            Callee::Function(id) => Some(Target::Function(FunctionRef { file, id: *id })),
            Callee::Class(id) => Some(Target::Class(super::ClassRef { file, id: *id })),
            Callee::Path(path) => self.names.resolve(file, path),
            Callee::Property(_) | Callee::Provider(_) | Callee::Parameter { .. } => None,
        }
    }

    /// The function that takes the arguments of a call.
    fn handed_into(&self, file: usize, callee: &Callee) -> Option<FunctionRef> {
        match self.target(file, callee)? {
            Target::Function(function) => Some(function),
            Target::Class(class) => self.ancestry(class).0.iter().find_map(|owner| {
                let id = *self.class(*owner).methods.get("__init__")?;
                Some(FunctionRef { file: owner.file, id })
            }),
            _ => None,
        }
    }
}

/// The parameter that an argument fills.
fn slot_name<'f>(function: &'f Function, slot: &str) -> Option<&'f str> {
    match slot.parse::<usize>() {
        Ok(at) => function.params.get(at).map(String::as_str),
        Err(_) => function.params.iter().find(|name| *name == slot).map(String::as_str),
    }
}
