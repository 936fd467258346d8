//! Effective settings: the library's default for the locked version, overlaid with what the code sets, with origins.

use crate::clients::Clients;
use crate::clients::places::SettingPlace;
use crate::clients::resolved::{Dated, Resolved};
use crate::clients::schema::{ClientSpec, Library, ObjectSpec};
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
            Origin::Set(span) => Some(span),
            Origin::Reset { .. } | Origin::Default { .. } | Origin::Depends(_) | Origin::Unknown => None,
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
    /// What the project resolves a package to.
    pub resolved: &'a dyn Fn(&Library) -> Resolved,
}

impl Settings<'_> {
    /// The effective value of `setting` (a canonical name such as `keepalive-expiry`).
    pub fn of(&self, construction: Construction<'_>, setting: &str) -> Effective {
        match self.clients.client_for(construction.symbol, service(construction.arguments)) {
            Some((library, spec)) => self.of_client(construction, library, spec, setting),
            None => Effective::unknown(),
        }
    }

    fn of_client(&self, at: Construction<'_>, library: &Library, spec: &ClientSpec, setting: &str) -> Effective {
        let places = spec.arguments.get(setting).or(library.arguments.get(setting)).map_or(&[][..], Vec::as_slice);
        if setting != "headers"
            && let Some(carried) = self.carried(at, spec, places, setting)
        {
            return carried;
        }
        let given = places.iter().find_map(|place| self.read(at, &spec.positional, place));
        given.unwrap_or_else(|| if at.open_ended { Effective::unknown() } else { self.default(library, spec, setting) })
    }

    /// The setting of a client, transport or session that was handed over: nothing else counts then.
    fn carried(&self, at: Construction<'_>, spec: &ClientSpec, places: &[String], setting: &str) -> Option<Effective> {
        spec.carries.iter().find_map(|carrier| {
            let handed = self.read(at, &spec.positional, carrier)?;
            let below = places
                .iter()
                .filter(|place| place.strip_prefix(carrier.as_str()).is_some_and(|rest| rest.starts_with('.')));
            Some(match &handed.value {
                // A text is an address, and hands over nothing.
                Value::Nothing | Value::Text(_) => return None,
                Value::Object(object) if self.clients.object(&object.symbol).is_some() => {
                    let mut found = below.filter_map(|place| self.read(at, &spec.positional, place));
                    found.next().unwrap_or_else(Effective::unknown)
                }
                Value::Object(object) => self.of(Construction::of_object(object), setting),
                _ => Effective::unknown(),
            })
        })
    }

    fn default(&self, library: &Library, spec: &ClientSpec, setting: &str) -> Effective {
        let resolved = (self.resolved)(library);
        let Some(default) = library.default_of(spec, setting, &resolved) else {
            return Effective {
                value: Value::Unknown,
                origin: depends(&library.defaults_of(spec, setting, &resolved)),
            };
        };
        let origin = Origin::Default { library: resolved.stated(library.told()), source: default.source.clone() };
        Effective { value: from_toml(&default.value), origin }
    }

    /// Reads one place of a setting; `None` where it is not given.
    pub fn read(&self, at: Construction<'_>, positional: &[String], place: &str) -> Option<Effective> {
        let place = SettingPlace::parse(place)?;
        let given = match place.method {
            Some(method) => later_argument(at.uses, method, place.argument)?,
            None => at.argument(place.argument, positional)?,
        };
        match place.field {
            None => Some(Effective { value: given.value.clone(), origin: Origin::Set(given.span) }),
            Some(field) => self.below(&given.value, field),
        }
    }

    /// A field below a value; `None` where the value says nothing of it.
    fn below(&self, value: &Value, fields: &str) -> Option<Effective> {
        let (field, rest) = fields.split_once('.').map_or((fields, None), |(field, rest)| (field, Some(rest)));
        let (given, object) = match value {
            Value::Nothing => return None,
            Value::Map(map) => (map.get(field), None),
            Value::Object(object) => match self.clients.object(&object.symbol) {
                Some((_, spec)) => {
                    (Construction::of_object(object).argument(field, &spec.positional), Some((object, spec)))
                }
                None if self.clients.client(&object.symbol).is_some_and(|(_, spec)| spec.holder)
                    && !object.open_ended =>
                {
                    (Construction::of_object(object).argument(field, &[]), None)
                }
                None => return Some(Effective::unknown()),
            },
            _ => return Some(Effective::unknown()),
        };
        match (given, rest, object) {
            (Some(given), None, object) => Some(Effective {
                value: without_limit(&given.value, field, object.map(|(_, spec)| spec)),
                origin: Origin::Set(given.span),
            }),
            (Some(given), Some(rest), _) if given.value != Value::Nothing => self.below(&given.value, rest),
            (_, _, Some((object, _))) if object.open_ended => Some(Effective::unknown()),
            (_, _, Some((object, spec))) => {
                let origin = Origin::Reset { span: object.span, symbol: object.symbol.clone() };
                spec.unset.get(fields).map(|unset| Effective { value: from_toml(unset), origin })
            }
            (_, _, None) => None,
        }
    }
}

/// Defaults of which each holds for some versions only.
fn depends(found: &[Dated<'_>]) -> Origin {
    let before = std::iter::once(None).chain(found.iter().map(|dated| bounds(&dated.range).1));
    let in_words = |(dated, before): (&Dated<'_>, _)| (from_toml(&dated.fact.value), words(&dated.range, before));
    let all: Vec<_> = found.iter().zip(before).map(in_words).collect();
    if all.is_empty() { Origin::Unknown } else { Origin::Depends(all) }
}

/// `limit=0` of some objects means no limit.
fn without_limit(value: &Value, field: &str, spec: Option<&ObjectSpec>) -> Value {
    let zero = *value == Value::Int(0) && spec.is_some_and(|spec| spec.zero_is_unlimited.iter().any(|at| at == field));
    if zero { Value::Nothing } else { value.clone() }
}

/// An argument of a later call on the client.
fn later_argument<'a>(uses: &[&'a ClientUse], method: &str, argument: &str) -> Option<&'a Setting> {
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
