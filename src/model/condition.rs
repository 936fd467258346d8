//! What has to hold of what a function is given for an expression of it to run.

use super::Value;

/// A test of what the enclosing function is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What is tested.
    pub of: Subject,
    /// What it is tested for.
    pub test: Test,
    /// The expression runs where the test succeeds, or where it fails.
    pub holds: bool,
}

/// What is tested.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A parameter of the enclosing function.
    Parameter(String),
    /// A field of its receiver.
    Field(String),
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

    /// The expression does not run where what is tested has this value.
    pub fn is_ruled_out_by(&self, value: &Value) -> bool {
        let outcome = match &self.test {
            Test::Truth => value.truth().or(value.is_instance().then_some(true)),
            Test::OneOf(values) if value.is_literal() => match values.contains(value) {
                // `1 == True` holds in Python, `1 is True` does not.
                false if values.iter().any(|other| is_same_number(other, value)) => None,
                is_one => Some(is_one),
            },
            Test::OneOf(values) => (value.is_instance() && values.iter().all(Value::is_literal)).then_some(false),
        };
        outcome == Some(!self.holds)
    }

    /// The expression runs where nothing is given for what is tested, which has this default.
    pub fn asks_for_nothing(&self, default: Option<&Value>) -> bool {
        match &self.test {
            // Of what may be something by default, it may ask for `False`.
            Test::Truth => !self.holds && default == Some(&Value::Nothing),
            Test::OneOf(values) => self.holds && *values == [Value::Nothing],
        }
    }
}

fn is_same_number(one: &Value, other: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    };
    number(one).is_some_and(|one| number(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::{Condition, Subject, Test};
    use crate::model::{Object, Value};
    use crate::source::Span;
    use std::collections::BTreeMap;

    fn object(symbol: &str) -> Value {
        let arguments = BTreeMap::new();
        Value::Object(Object { symbol: symbol.to_owned(), arguments, open_ended: false, span: Span::default() })
    }

    #[test]
    fn only_a_value_that_is_known_rules_out() {
        let text = |text: &str| Value::Text(text.to_owned());
        let of = |name: &str| Subject::Parameter(name.to_owned());
        let posts = |holds| Condition { of: of("method"), test: Test::OneOf(vec![text("post")]), holds };
        let first = |holds| Condition { of: of("attempt"), test: Test::OneOf(vec![Value::Int(1)]), holds };
        let set = Condition { of: of("cache"), test: Test::Truth, holds: true };
        let unset = Condition { of: of("reader"), test: Test::OneOf(vec![Value::Nothing]), holds: true };
        for (condition, value, expected) in [
            (posts(true), text("get"), true),
            (posts(true), text("post"), false),
            (posts(false), text("post"), true),
            (first(true), Value::Bool(true), false),
            (first(true), Value::Float(1.0), false),
            (first(false), Value::Bool(true), false),
            (first(true), Value::Bool(false), true),
            (first(true), Value::Float(1.5), true),
            (posts(true), Value::Nothing, true),
            (posts(true), Value::Unknown, false),
            (posts(true), Value::Parameter("method".to_owned()), false),
            (set.clone(), Value::Bool(false), true),
            (set.clone(), Value::Nothing, true),
            (set.clone(), text(""), true),
            (set.clone(), text("a"), false),
            (set.clone().negated(), Value::Bool(true), true),
            (set.clone(), Value::Imported("settings.CACHE".to_owned()), false),
            (set.negated(), object("zips.Reader"), true),
            (unset.clone(), object("zips.Reader"), true),
            (unset, object("zips.find_reader"), false),
        ] {
            assert_eq!(condition.is_ruled_out_by(&value), expected, "{condition:?} of {value:?}");
        }
    }

    #[test]
    fn only_what_is_nothing_by_default_is_asked_for_by_its_truth() {
        let of = || Subject::Parameter("session".to_owned());
        let unset = Condition { of: of(), test: Test::Truth, holds: false };
        let none = Condition { of: of(), test: Test::OneOf(vec![Value::Nothing]), holds: true };
        assert!(unset.asks_for_nothing(Some(&Value::Nothing)));
        assert!(!unset.asks_for_nothing(Some(&Value::Bool(true))));
        assert!(!unset.asks_for_nothing(None));
        assert!(none.asks_for_nothing(None));
        assert!(!none.negated().asks_for_nothing(None));
    }
}
