//! Joins what calls what: for each function and class, the calls that reach it.
//!
//! Calls are joined within a file. Calls to imported paths stay in [`crate::model::Callee::Path`].

use crate::model::{Call, Callee, ClassId, FanOut, FunctionId, Module};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The edges of one file, by target.
pub struct Links<'m> {
    callers: HashMap<FunctionId, Vec<&'m Call>>,
    constructions: HashMap<ClassId, Vec<&'m Call>>,
    runners: HashMap<FunctionId, Vec<&'m FanOut>>,
    callees: HashMap<FunctionId, Vec<FunctionId>>,
    fan_outs: &'m [FanOut],
    /// What each fan-out runs, directly or not, once somebody asked.
    reached: Vec<OnceLock<HashSet<FunctionId>>>,
}

impl<'m> Links<'m> {
    /// Joins the calls of `module`.
    pub fn new(module: &'m Module) -> Self {
        let mut links = Links {
            callers: HashMap::new(),
            constructions: HashMap::new(),
            runners: HashMap::new(),
            callees: HashMap::new(),
            fan_outs: &module.fan_outs,
            reached: module.fan_outs.iter().map(|_| OnceLock::new()).collect(),
        };
        for call in &module.calls {
            match call.callee {
                Callee::Function(function) => {
                    links.callers.entry(function).or_default().push(call);
                    if let Some(caller) = call.place.function {
                        links.callees.entry(caller).or_default().push(function);
                    }
                }
                Callee::Class(class) => links.constructions.entry(class).or_default().push(call),
                Callee::Path(_) => {}
            }
        }
        for fan_out in &module.fan_outs {
            for &function in &fan_out.runs {
                links.runners.entry(function).or_default().push(fan_out);
            }
        }
        links
    }

    /// Calls of `function`.
    pub fn callers(&self, function: FunctionId) -> &[&'m Call] {
        self.callers.get(&function).map_or(&[], Vec::as_slice)
    }

    /// Constructions of `class`.
    pub fn constructions(&self, class: ClassId) -> &[&'m Call] {
        self.constructions.get(&class).map_or(&[], Vec::as_slice)
    }

    /// Fan-outs that run `function`.
    pub fn runners(&self, function: FunctionId) -> &[&'m FanOut] {
        self.runners.get(&function).map_or(&[], Vec::as_slice)
    }

    /// Each fan-out with the functions that it runs, directly or not.
    pub fn fan_outs(&self) -> impl Iterator<Item = (&'m FanOut, &HashSet<FunctionId>)> {
        let all = self.fan_outs.iter().zip(&self.reached);
        all.map(|(fan_out, reached)| (fan_out, reached.get_or_init(|| self.reachable(&fan_out.runs))))
    }

    fn reachable(&self, functions: &[FunctionId]) -> HashSet<FunctionId> {
        let mut todo = functions.to_vec();
        let mut reached = HashSet::new();
        while let Some(function) = todo.pop() {
            if reached.insert(function) {
                todo.extend(self.callees.get(&function).into_iter().flatten());
            }
        }
        reached
    }
}
