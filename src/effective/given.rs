//! What arguments give, before anything is made of it.

use super::number;
use crate::clients::schema::ObjectSpec;
use crate::model::{ClientUse, Setting, Value};
use crate::source::Span;

/// What an argument, or a field of one, gives, and where.
pub struct Given {
    /// Its value.
    pub value: Value,
    /// Where it is given.
    pub span: Span,
}

/// An argument of a later call on the client, the last one. Calls for plain HTTP count only where some request is one.
pub fn later_argument<'a>(uses: &[&'a ClientUse], method: &str, argument: &str) -> Option<&'a Setting> {
    let is_plain = |usage: &ClientUse| {
        let first = usage.arguments.get("0").map(|first| &first.value);
        matches!(first, Some(Value::Text(text)) if text.starts_with("http://"))
    };
    let sends_plain = uses.iter().any(|usage| usage.path != method && is_plain(usage));
    let mut calls = uses.iter().rev().filter(|usage| usage.path == method && (sends_plain || !is_plain(usage)));
    calls.find_map(|usage| usage.arguments.get(argument))
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
