//! Effective settings: the library's default for the locked version, overlaid with what the code sets, with origins.

use crate::clients::Clients;
use crate::clients::schema::{ClientSpec, Library, ObjectSpec};
use crate::model::{ClientUse, Object, Setting, Value};
use crate::source::Span;
use pep440_rs::Version;
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
        /// `httpx 0.28.1`, or `httpx` where the version is not known.
        library: String,
        /// Where the fact stands.
        source: String,
    },
    /// Not known.
    Unknown,
}

impl Effective {
    fn unknown() -> Self {
        Effective { value: Value::Unknown, origin: Origin::Unknown }
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
            Origin::Set(span) | Origin::Reset { span, .. } => Some(span),
            Origin::Default { .. } | Origin::Unknown => None,
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

/// Reads effective settings with the client knowledge and the locked versions.
pub struct Settings<'a> {
    /// Client knowledge.
    pub clients: &'a Clients,
    /// Locked version of a package.
    pub version: &'a dyn Fn(&str) -> Option<Version>,
}

impl Settings<'_> {
    /// The effective value of `setting` (a canonical name such as `keepalive-expiry`).
    pub fn of(&self, construction: Construction<'_>, setting: &str) -> Effective {
        let first = match construction.arguments.get("0").map(|setting| &setting.value) {
            Some(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        match self.clients.client_for(construction.symbol, first) {
            Some((library, spec)) => self.of_client(construction, library, spec, setting),
            None => Effective::unknown(),
        }
    }

    fn of_client(&self, at: Construction<'_>, library: &Library, spec: &ClientSpec, setting: &str) -> Effective {
        let places = spec.arguments.get(setting).or(library.arguments.get(setting));
        for place in places.into_iter().flatten() {
            if let Some(found) = self.read(at, spec, place) {
                return found;
            }
        }
        for carrier in &spec.carries {
            match at.argument(carrier, &spec.positional).map(|setting| &setting.value) {
                None | Some(Value::Nothing) => {}
                Some(Value::Object(object)) => return self.of(Construction::of_object(object), setting),
                Some(_) => return Effective::unknown(),
            }
        }
        if at.open_ended { Effective::unknown() } else { self.default(library, spec, setting) }
    }

    fn default(&self, library: &Library, spec: &ClientSpec, setting: &str) -> Effective {
        let version = (self.version)(&library.package);
        let Some(default) = self.clients.default_of(library, spec, setting, version.as_ref()) else {
            return Effective::unknown();
        };
        let library = match version {
            Some(version) => format!("{} {version}", library.library),
            None => library.library.clone(),
        };
        Effective {
            value: from_toml(&default.value),
            origin: Origin::Default { library, source: default.source.clone() },
        }
    }

    /// Reads one place of a setting: `http2`, `limits.max_connections`, `@mount.1.pool_maxsize`.
    fn read(&self, at: Construction<'_>, spec: &ClientSpec, place: &str) -> Option<Effective> {
        let (holder, field) = match place.rsplit_once('.') {
            Some((holder, field)) => (holder, Some(field)),
            None => (place, None),
        };
        let given = match holder.strip_prefix('@') {
            Some(later) => later_argument(at.uses, later)?,
            None => at.argument(holder, &spec.positional)?,
        };
        match (&given.value, field) {
            (Value::Nothing, Some(_)) => None,
            (_, None) => Some(Effective { value: given.value.clone(), origin: Origin::Set(given.span) }),
            (Value::Object(object), Some(field)) => self.field(object, field),
            (_, Some(_)) => Some(Effective::unknown()),
        }
    }

    /// A field of a settings object; `None` where the object says nothing of it.
    fn field(&self, object: &Object, field: &str) -> Option<Effective> {
        let Some((_, spec)) = self.clients.object(&object.symbol) else { return Some(Effective::unknown()) };
        if let Some(given) = Construction::of_object(object).argument(field, &spec.positional) {
            return Some(Effective { value: given.value.clone(), origin: Origin::Set(given.span) });
        }
        if object.open_ended {
            return Some(Effective::unknown());
        }
        let unset = spec.unset.get(field)?;
        let origin = Origin::Reset { span: object.span, symbol: object.symbol.clone() };
        Some(Effective { value: from_toml(unset), origin })
    }
}

/// The argument of a later call on the client: `mount.1` is the second positional argument of `.mount(..)`.
fn later_argument<'a>(uses: &[&'a ClientUse], later: &str) -> Option<&'a Setting> {
    let (method, argument) = later.rsplit_once('.')?;
    uses.iter().rev().find(|usage| usage.path == method).and_then(|usage| usage.arguments.get(argument))
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

/// Whether naming some fields of `object` but not `max_connections`-like caps resets those.
pub fn reset_fields<'s>(object: &Object, spec: &'s ObjectSpec) -> Vec<&'s str> {
    let construction = Construction::of_object(object);
    if object.open_ended || object.arguments.is_empty() {
        return Vec::new();
    }
    let missing = spec.resets.iter().filter(|field| construction.argument(field, &spec.positional).is_none());
    missing.map(String::as_str).collect()
}
