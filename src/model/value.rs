//! Values as far as the text tells them.

use crate::source::Span;
use std::collections::BTreeMap;

/// One argument with the place that sets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The value.
    pub value: Value,
    /// Where the value stands, after constants were followed.
    pub span: Span,
}

/// A value as far as it can be known without running anything.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `None`.
    Nothing,
    /// `True`, `False`.
    Bool(bool),
    /// Integer literal.
    Int(i64),
    /// Floating-point literal.
    Float(f64),
    /// String literal.
    Text(String),
    /// A string put together from parts: an f-string, a concatenation.
    Joined(Vec<Value>),
    /// Mapping with literal keys.
    Map(BTreeMap<String, Setting>),
    /// Environment variable with its default.
    Env {
        /// Variable name.
        name: String,
        /// Default where the code gives one.
        default: Option<Box<Value>>,
    },
    /// A call: a settings object or another client.
    Object(Object),
    /// A parameter of the enclosing function, or what a loop binds: another value each time.
    Parameter(String),
    /// An attribute of the receiver.
    SelfField(String),
    /// A name that another file defines (`settings.API_URL`): fixed, but not known here.
    Imported(String),
    /// Cannot be known. Never fires a rule.
    Unknown,
}

/// A constructed value: `httpx.Limits(max_connections=20)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Resolved path of what is called.
    pub symbol: String,
    /// Arguments as in [`ClientSite::arguments`].
    pub arguments: BTreeMap<String, Setting>,
    /// Spread arguments: any may be given.
    pub open_ended: bool,
    /// The whole call.
    pub span: Span,
}

/// What is put under a key of a mapping that is spread into a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// The key.
    pub key: String,
    /// The value.
    pub setting: Setting,
    /// It is there whenever the call runs, and not in a branch only. Of a mapping that objects hold this is not known, and
    /// assumed.
    pub is_sure: bool,
}

impl Value {
    /// The value as another file refers to it: at `span` there, as a whole. What it refers to itself from its own file
    /// cannot be followed from there.
    pub fn placed(&self, span: Span) -> Value {
        let all = |settings: &BTreeMap<String, Setting>| {
            let placed =
                settings.iter().map(|(name, given)| (name.clone(), Setting { value: given.value.placed(span), span }));
            placed.collect::<BTreeMap<_, _>>()
        };
        match self {
            Value::Map(map) => Value::Map(all(map)),
            Value::Object(object) => {
                Value::Object(Object { arguments: all(&object.arguments), span, ..object.clone() })
            }
            Value::Imported(path) if path.starts_with('.') => Value::Unknown,
            value => value.clone(),
        }
    }

    /// Written out, and of a kind that is compared by what it is.
    pub fn is_literal(&self) -> bool {
        matches!(self, Value::Nothing | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_))
    }

    /// An object of a class, as far as the class's name tells: a function might return nothing.
    pub fn is_instance(&self) -> bool {
        let Value::Object(object) = self else { return false };
        let name = object.symbol.rsplit(['.', ':']).next().unwrap_or_default();
        name.trim_start_matches('_').starts_with(char::is_uppercase)
    }

    /// What it counts for in a condition, where that is known.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Value::Nothing => Some(false),
            Value::Bool(value) => Some(*value),
            Value::Int(number) => Some(*number != 0),
            Value::Text(text) => Some(!text.is_empty()),
            _ => None,
        }
    }
}
