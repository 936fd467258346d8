//! What callers hand in on the way up: it rules out a way, or shows that a client is the same each time.

use super::way::Way;
use crate::link::Edge;
use crate::model::{ClientSite, Condition, Function, Subject, Value};

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
        let given = |of: &Subject| match of {
            Subject::Parameter(name) => (edge.handed(callee, name), callee.defaults.get(name)),
            Subject::Field(_) => (None, None),
        };
        let mut way = self.where_given(given)?;
        way.inputs = self.inputs.over(edge, callee);
        Some(way)
    }

    /// The way on to who constructs an object, whose arguments `initializer` takes; without one its fields do.
    pub fn over_construction<'m>(&self, edge: Edge<'m>, initializer: Option<&'m Function>) -> Option<Way> {
        let takes = |name: &&str| initializer.is_some_and(|initializer| initializer.params.iter().any(|of| of == name));
        let given = |of: &Subject| {
            let (Subject::Parameter(name) | Subject::Field(name)) = of;
            let parameter = [name.as_str(), name.trim_start_matches('_')].into_iter().find(takes);
            match (parameter, initializer) {
                (Some(name), Some(initializer)) => (edge.handed(initializer, name), initializer.defaults.get(name)),
                _ => (edge.named(name), Some(&Value::Nothing)),
            }
        };
        self.where_given(given)
    }

    /// The way on to where what it depends on is given, as `given` tells, with the default of that; `None` where that rules
    /// it out.
    fn where_given<'m>(&self, given: impl Fn(&Subject) -> (Option<&'m Value>, Option<&'m Value>)) -> Option<Way> {
        let mut way = self.clone();
        way.conditions.clear();
        for condition in &self.conditions {
            match given(&condition.of) {
                (Some(value), _) if condition.is_ruled_out_by(value) => return None,
                (Some(Value::Parameter(of)), _) if !of.contains('.') => {
                    way.conditions.push(Condition { of: Subject::Parameter(of.clone()), ..condition.clone() });
                }
                (Some(value), default) => way.supplied |= is_something(value) && condition.asks_for_nothing(default),
                (None, _) => {}
            }
        }
        Some(way)
    }
}

/// Whether a value that is handed in is more than nothing, as far as can be told; what a parameter holds depends on callers,
/// what a variable of the environment does on who runs it.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Parameter(_) | Value::Env { .. } => false,
        Value::Map(map) => !map.is_empty(),
        value => !value.is_literal(),
    }
}
