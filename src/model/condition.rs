//! What has to hold of a function's parameters for an expression of it to run.

use super::Value;

/// A test of a parameter of the enclosing function.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The parameter.
    pub parameter: String,
    /// What it is tested for.
    pub test: Test,
    /// The expression runs where the test succeeds, or where it fails.
    pub holds: bool,
}

/// What a value is tested for.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `if use_cache:`
    Truth,
    /// `if method == "post"`, `if method in ("post", "put")`, `if session is None`: one of these literals.
    OneOf(Vec<Value>),
}

impl Condition {
    /// The expression runs only where the test comes out the other way.
    pub fn negated(self) -> Self {
        Self { holds: !self.holds, ..self }
    }

    /// The expression does not run where the parameter has this value.
    pub fn is_ruled_out_by(&self, value: &Value) -> bool {
        let outcome = match &self.test {
            Test::Truth => value.truth(),
            Test::OneOf(values) => value.is_literal().then(|| values.contains(value)),
        };
        outcome == Some(!self.holds)
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Test};
    use crate::model::Value;

    #[test]
    fn only_a_value_that_is_known_rules_out() {
        let text = |text: &str| Value::Text(text.to_owned());
        let posts = |holds| Condition { parameter: "method".to_owned(), test: Test::OneOf(vec![text("post")]), holds };
        let set = Condition { parameter: "cache".to_owned(), test: Test::Truth, holds: true };
        for (condition, value, expected) in [
            (posts(true), text("get"), true),
            (posts(true), text("post"), false),
            (posts(false), text("post"), true),
            (posts(true), Value::Nothing, true),
            (posts(true), Value::Unknown, false),
            (posts(true), Value::Parameter("method".to_owned()), false),
            (set.clone(), Value::Bool(false), true),
            (set.clone(), Value::Nothing, true),
            (set.clone(), text(""), true),
            (set.clone(), text("a"), false),
            (set.clone().negated(), Value::Bool(true), true),
            (set, Value::Imported("settings.CACHE".to_owned()), false),
        ] {
            assert_eq!(condition.is_ruled_out_by(&value), expected, "{condition:?} of {value:?}");
        }
    }
}
