//! Joins what calls what: for each function and class, the calls that reach it.
//!
//! Calls are joined within a file. Calls to imported paths stay in [`crate::model::Callee::Path`].

use crate::model::{Call, Callee, ClassId, FanOut, FunctionId, Module};
use std::collections::HashMap;

/// The edges of one file, by target.
pub struct Links<'m> {
    callers: HashMap<FunctionId, Vec<&'m Call>>,
    constructions: HashMap<ClassId, Vec<&'m Call>>,
    runners: HashMap<FunctionId, Vec<&'m FanOut>>,
}

impl<'m> Links<'m> {
    /// Joins the calls of `module`.
    pub fn new(module: &'m Module) -> Self {
        let mut links = Links { callers: HashMap::new(), constructions: HashMap::new(), runners: HashMap::new() };
        for call in &module.calls {
            match call.callee {
                Callee::Function(function) => links.callers.entry(function).or_default().push(call),
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

    /// `functions` and all that they call, directly or not.
    pub fn reachable(&self, functions: &[FunctionId], module: &Module) -> Vec<FunctionId> {
        let mut reached = functions.to_vec();
        let mut at = 0;
        while let Some(&function) = reached.get(at) {
            let called = module.calls.iter().filter(|call| call.place.function == Some(function));
            for call in called {
                if let Callee::Function(callee) = call.callee
                    && !reached.contains(&callee)
                {
                    reached.push(callee);
                }
            }
            at += 1;
        }
        reached
    }
}
