//! Calls of parameters (`connect()`), joined to the functions that are handed in for them.

use super::{Edge, FunctionRef, Program, Target};
use crate::model::{Call, Callee, Function, Repeat};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// A parameter of a function.
type Parameter<'m> = (FunctionRef, &'m str);

/// Where a parameter is called.
#[derive(Default)]
struct Called<'m> {
    /// In loops of the function that has it.
    in_turns: Vec<Edge<'m>>,
    /// Elsewhere in that function.
    is_plain: bool,
    /// In other functions: it is kept in a field, or read by an inner function.
    elsewhere: Vec<Edge<'m>>,
}

impl<'m> Program<'m> {
    /// Makes edges of the calls of parameters to the functions that are handed in.
    pub(super) fn join_parameters(&mut self) {
        let mut calls: HashMap<Parameter<'m>, Called<'m>> = HashMap::new();
        for (file, module) in self.modules.iter().enumerate() {
            for call in &module.calls {
                let Callee::Parameter { function, name } = &call.callee else { continue };
                let of = (FunctionRef { file, id: *function }, name.as_str());
                calls.entry(of).or_default().add(of.0, Edge { file, call, hands_over: false });
            }
        }
        if calls.is_empty() {
            return;
        }
        let handed: Vec<_> = (0..self.files()).flat_map(|file| self.handed_in(file)).collect();
        let mut targets: HashMap<Parameter<'m>, HashSet<&Target>> = HashMap::new();
        for (parameter, target, _) in &handed {
            targets.entry(*parameter).or_default().insert(target);
        }
        let (mut joined, mut seen) = (Vec::new(), HashSet::new());
        for (parameter, target, handing) in &handed {
            let Some(called) = calls.get(parameter) else { continue };
            // As often as it is handed in there: others hand in something else.
            joined.extend(handing.filter(|_| called.is_plain).map(|edge| (edge, target.clone())));
            if seen.insert((*parameter, target)) {
                let elsewhere = called.elsewhere.iter().filter(|_| targets[parameter].len() == 1);
                joined.extend(called.in_turns.iter().chain(elsewhere).map(|edge| (*edge, target.clone())));
            }
        }
        for (edge, target) in joined {
            self.add(edge, target);
        }
    }

    /// The functions that a file hands in for parameters, and the calls that do.
    fn handed_in(&self, file: usize) -> Vec<(Parameter<'m>, Target, Option<Edge<'m>>)> {
        let module = self.modules[file];
        let mut calls: HashMap<Span, Vec<&Call>> = HashMap::new();
        for call in &module.calls {
            calls.entry(call.place.span).or_default().push(call);
        }
        let found = module.handed.iter().filter_map(|handed| {
            let (into, slot) = handed.into.as_ref()?;
            let function = self.handed_into(file, into)?;
            let name = slot_name(self.function(function), slot)?;
            let target = self.target(file, &handed.target)?;
            let call = calls.get(&handed.to.span).into_iter().flatten().find(|call| call.callee == *into);
            Some(((function, name), target, call.map(|call| Edge { file, call, hands_over: true })))
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
            Target::Class(class) => self.initializer(class),
            _ => None,
        }
    }
}

impl<'m> Called<'m> {
    fn add(&mut self, taker: FunctionRef, edge: Edge<'m>) {
        let place = &edge.call.place;
        match place.function == Some(taker.id) {
            true if place.repeats.iter().any(Repeat::is_real) => self.in_turns.push(edge),
            true => self.is_plain = true,
            false => self.elsewhere.push(edge),
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
