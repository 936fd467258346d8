//! What callers hand in on the way up: it rules out a way, or shows that a client is the same each time.

use super::way::Way;
use crate::link::Edge;
use crate::model::{ClientSite, Condition, Function, Value};

/// What a client is built from.
#[derive(Default, Clone)]
pub enum Inputs {
    /// Nothing that is followed.
    #[default]
    Unknown,
    /// These parameters of the function where the search is.
    Parameters(Vec<String>),
    /// Literals that a caller on the way hands in: it is the same each time.
    Literals,
}

impl Inputs {
    /// What `site` is built from.
    pub fn of(site: &ClientSite) -> Self {
        match site.caller_values.as_slice() {
            [] => Inputs::Unknown,
            names => Inputs::Parameters(names.to_vec()),
        }
    }

    /// The same, seen from who calls `callee`.
    fn over<'m>(&self, edge: Edge<'m>, callee: &'m Function) -> Self {
        let Inputs::Parameters(names) = self else { return self.clone() };
        let mut passed = Vec::new();
        for name in names {
            match edge.handed(callee, name) {
                Some(Value::Parameter(of)) if !of.contains('.') => passed.push(of.clone()),
                Some(value) if value.is_literal() => {}
                _ => return Inputs::Unknown,
            }
        }
        if passed.is_empty() { Inputs::Literals } else { Inputs::Parameters(passed) }
    }
}

impl Way {
    /// The way on to who calls `callee`; `None` where what is handed in there keeps it from being gone.
    pub fn over<'m>(&self, edge: Edge<'m>, callee: &'m Function) -> Option<Way> {
        let mut way = self.clone();
        way.conditions.clear();
        for condition in &self.conditions {
            match edge.handed(callee, &condition.parameter) {
                Some(value) if condition.is_ruled_out_by(value) => return None,
                Some(Value::Parameter(of)) if !of.contains('.') => {
                    way.conditions.push(Condition { parameter: of.clone(), ..condition.clone() });
                }
                _ => {}
            }
        }
        way.inputs = self.inputs.over(edge, callee);
        Some(way)
    }
}
