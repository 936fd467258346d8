//! Effective settings: the library's default for the locked version, overlaid with what the code sets, with origins.

mod endpoint;
mod given;
mod mounts;
mod settings;

pub use settings::Settings;

use crate::clients::resolved::{Dated, Resolved};
use crate::clients::schema::{Library, ObjectSpec};
use crate::clients::versions::{bounds, words};
use crate::model::{ClientUse, Object, Setting, Value};
use crate::source::Span;
use std::collections::BTreeMap;

/// A setting's value and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// The value; [`Value::Nothing`] is "no limit", [`Value::Unknown`] is not known.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a setting's value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// The code sets it here.
    Set(Span),
    /// A settings object was given that leaves this field out.
    Reset {
        /// The object's construction.
        span: Span,
        /// Its class.
        symbol: String,
    },
    /// Default of the library at the version.
    Default {
        /// `httpx 0.28.1`, or `httpx, newest version assumed`.
        library: String,
        /// Where the fact stands.
        source: String,
    },
    /// Default of the library, which is not the same in all versions that the project may run with: each value with the
    /// versions that have it.
    Depends(Vec<(Value, String)>),
    /// What the code or the library would have it be is lost.
    Lost {
        /// Why, a clause: ``transport=` is given``.
        why: String,
        /// What makes it so.
        span: Span,
    },
    /// Not known.
    Unknown,
}

impl Origin {
    /// Defaults of which each holds for some versions only.
    fn depends(found: &[Dated<'_>]) -> Self {
        let before = std::iter::once(None).chain(found.iter().map(|dated| bounds(&dated.range).1));
        let in_words = |(dated, before): (&Dated<'_>, _)| (from_toml(&dated.fact.value), words(&dated.range, before));
        let all: Vec<_> = found.iter().zip(before).map(in_words).collect();
        if all.is_empty() { Self::Unknown } else { Self::Depends(all) }
    }

    fn default_of(resolved: &Resolved, library: &Library, source: &str) -> Self {
        Origin::Default { library: resolved.stated(library.told()), source: source.to_owned() }
    }
}

impl Effective {
    fn unknown() -> Self {
        Effective { value: Value::Unknown, origin: Origin::Unknown }
    }

    /// The value that holds instead of `lost`, because of what the argument `carrier` at `span` gives.
    fn at_the_cost_of(self, lost: &Effective, carrier: &str, span: Span) -> Self {
        let says_it = matches!(self.origin, Origin::Set(_) | Origin::Lost { .. } | Origin::Unknown);
        if says_it || lost.value == Value::Unknown || lost.value == self.value {
            return self;
        }
        let argument = carrier.split('.').next().unwrap_or(carrier);
        Effective { origin: Origin::Lost { why: format!("`{argument}=` is given"), span }, ..self }
    }

    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        number(&self.value)
    }

    /// Whether it is known to be `true`.
    pub fn is_true(&self) -> bool {
        self.value == Value::Bool(true)
    }

    /// Whether the library's default holds.
    pub fn is_default(&self) -> bool {
        matches!(self.origin, Origin::Default { .. })
    }

    /// Where the code sets it.
    pub fn set_at(&self) -> Option<Span> {
        match self.origin {
            Origin::Set(span) => Some(span),
            _ => None,
        }
    }
}

/// The number in a value.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

/// The service or model that a construction names: `boto3.client("s3")`, `boto3.client(service_name="s3")`.
pub fn service(arguments: &BTreeMap<String, Setting>) -> Option<&str> {
    match arguments.get("0").or(arguments.get("service_name")).or(arguments.get("model")).map(|setting| &setting.value)
    {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// What other files, and the classes of the project, say.
pub trait Elsewhere {
    /// The value of a name that another file sets once: `app.config.LIMITS`.
    fn constant(&self, path: &str) -> Option<Value>;
    /// What a class of the project derives from and adds nothing to when it is constructed: `httpx.HTTPTransport`.
    fn base(&self, symbol: &str) -> Option<String>;
}

/// What settings are read from: a client's or an object's construction.
#[derive(Clone, Copy)]
pub struct Construction<'a> {
    /// Resolved symbol.
    pub symbol: &'a str,
    /// Its arguments.
    pub arguments: &'a BTreeMap<String, Setting>,
    /// More arguments are spread in.
    pub open_ended: bool,
    /// What is done with it afterwards.
    pub uses: &'a [&'a ClientUse],
}

impl<'a> Construction<'a> {
    fn of_object(object: &'a Object) -> Self {
        Self { symbol: &object.symbol, arguments: &object.arguments, open_ended: object.open_ended, uses: &[] }
    }

    /// The argument `name`, by keyword or by its position.
    pub fn argument(&self, name: &str, positional: &[String]) -> Option<&'a Setting> {
        self.arguments.get(name).or_else(|| {
            let position = positional.iter().position(|at| at == name)?;
            self.arguments.get(&position.to_string())
        })
    }
}

/// A value of a knowledge file.
pub fn from_toml(value: &toml::Value) -> Value {
    match value {
        toml::Value::Boolean(value) => Value::Bool(*value),
        toml::Value::Integer(value) => Value::Int(*value),
        toml::Value::Float(value) => Value::Float(*value),
        toml::Value::String(text) if text == "unlimited" => Value::Nothing,
        toml::Value::String(text) => Value::Text(text.clone()),
        _ => Value::Unknown,
    }
}

/// The fields that a given `object` leaves out and so resets, where the first of them, the cap of all, is among them.
pub fn reset_fields<'s>(object: &Object, spec: &'s ObjectSpec) -> Vec<&'s str> {
    let construction = Construction::of_object(object);
    // Positional arguments without a known order may be any field.
    let positional = spec.positional.is_empty() && object.arguments.contains_key("0");
    if object.open_ended || object.arguments.is_empty() || positional {
        return Vec::new();
    }
    let missing = |field: &&String| construction.argument(field, &spec.positional).is_none();
    if !spec.resets.first().as_ref().is_some_and(missing) {
        return Vec::new();
    }
    let changed = |field: &&String| spec.unset.get(*field) != spec.library_defaults.get(*field);
    spec.resets.iter().filter(missing).filter(changed).map(String::as_str).collect()
}
