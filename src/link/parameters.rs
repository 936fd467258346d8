//! Calls of parameters (`connect()`), joined to the functions that are handed in for them.

use super::{Edge, FunctionRef, Program, Target};
use crate::model::{Callee, Function, Repeat};
use std::collections::HashMap;

/// A parameter of a function.
type Parameter<'m> = (FunctionRef, &'m str);

impl<'m> Program<'m> {
    /// Makes edges of the calls of parameters to the functions that are handed in.
    pub(super) fn join_parameters(&mut self) {
        let mut calls: HashMap<Parameter<'m>, Vec<Edge<'m>>> = HashMap::new();
        for (file, module) in self.modules.iter().enumerate() {
            for call in &module.calls {
                let Callee::Parameter { function, name } = &call.callee else { continue };
                let of = (FunctionRef { file, id: *function }, name.as_str());
                calls.entry(of).or_default().push(Edge { file, call });
            }
        }
        if calls.is_empty() {
            return;
        }
        let handed: Vec<_> = (0..self.files()).flat_map(|file| self.handed_in(file)).collect();
        let mut targets: HashMap<Parameter<'m>, Vec<&Target>> = HashMap::new();
        for (parameter, target, _) in &handed {
            targets.entry(*parameter).or_default().push(target);
        }
        let is_only =
            |parameter: &Parameter<'m>| targets[parameter].iter().all(|target| *target == targets[parameter][0]);
        let mut joined = Vec::new();
        for (parameter, target, handing) in &handed {
            let edges = calls.get(parameter).into_iter().flatten();
            let runs = edges.filter_map(|edge| run_at(*edge, parameter.0, *handing, is_only(parameter)));
            joined.extend(runs.map(|edge| (edge, target.clone())));
        }
        for (edge, target) in joined {
            self.add(edge, target);
        }
    }

    /// The functions that a file hands in for parameters, and the calls that do.
    fn handed_in(&self, file: usize) -> Vec<(Parameter<'m>, Target, Option<Edge<'m>>)> {
        let module = self.modules[file];
        let found = module.handed.iter().filter_map(|handed| {
            let (into, slot) = handed.into.as_ref()?;
            let function = self.handed_into(file, into)?;
            let name = slot_name(self.function(function), slot)?;
            let target = self.target(file, &handed.target)?;
            let call = module.calls.iter().find(|call| call.place.span == handed.to.span && call.callee == *into);
            Some(((function, name), target, call.map(|call| Edge { file, call })))
        });
        found.collect()
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

/// What runs a function that the call `handing` gives `taker`, which calls it by `call`. `is_only`: nobody gives another.
fn run_at<'m>(call: Edge<'m>, taker: FunctionRef, handing: Option<Edge<'m>>, is_only: bool) -> Option<Edge<'m>> {
    let place = &call.call.place;
    match place.function == Some(taker.id) {
        true if place.repeats.iter().any(Repeat::is_real) => Some(call),
        // As often as it is handed in there: others hand in something else.
        true => handing,
        false => is_only.then_some(call),
    }
}

/// The parameter that an argument fills.
fn slot_name<'f>(function: &'f Function, slot: &str) -> Option<&'f str> {
    match slot.parse::<usize>() {
        Ok(at) => function.params.get(at).map(String::as_str),
        Err(_) => function.params.iter().find(|name| *name == slot).map(String::as_str),
    }
}
