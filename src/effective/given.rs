//! What arguments give, before anything is made of it.

use super::number;
use crate::clients::schema::ObjectSpec;
use crate::model::Value;
use crate::source::Span;

/// What an argument, or a field of one, gives, and where.
pub struct Given {
    /// Its value.
    pub value: Value,
    /// Where it is given.
    pub span: Span,
}

/// `limit=0` of some objects means no limit.
pub fn without_limit(value: &Value, field: &str, spec: Option<&ObjectSpec>) -> Value {
    let zero = *value == Value::Int(0) && spec.is_some_and(|spec| spec.zero_is_unlimited.iter().any(|at| at == field));
    if zero { Value::Nothing } else { value.clone() }
}

/// A number of milliseconds as seconds. What 0 means is not the same in all SDKs.
pub fn in_seconds(value: &Value) -> Value {
    match number(value) {
        Some(0.0) => Value::Unknown,
        Some(milliseconds) => Value::Float(milliseconds / 1000.0),
        None => value.clone(),
    }
}
