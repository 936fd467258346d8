//! What fan-outs run, directly or not.

use super::{FunctionRef, Program};
use crate::model::{FanOut, Module};
use std::collections::{HashMap, HashSet};

impl<'m> Program<'m> {
    /// Each fan-out of a file with the functions that it runs, directly or not.
    pub fn fan_outs(&self, file: usize) -> impl Iterator<Item = (&'m FanOut, &HashSet<FunctionRef>)> {
        self.modules[file].fan_outs.iter().zip(&self.reached[file])
    }

    pub(super) fn all_reached(&self) -> Vec<Vec<HashSet<FunctionRef>>> {
        let mut runs: HashMap<*const FanOut, Vec<FunctionRef>> = HashMap::new();
        for (function, runners) in &self.runners {
            for (_, fan_out) in runners {
                runs.entry(std::ptr::from_ref(*fan_out)).or_default().push(*function);
            }
        }
        let reached = |fan_out: &FanOut| runs.get(&std::ptr::from_ref(fan_out)).map(|runs| self.reachable(runs));
        let of_file =
            |module: &&Module| module.fan_outs.iter().map(|fan_out| reached(fan_out).unwrap_or_default()).collect();
        self.modules.iter().map(of_file).collect()
    }

    fn reachable(&self, functions: &[FunctionRef]) -> HashSet<FunctionRef> {
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
