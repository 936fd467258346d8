//! Reads what a client is set to: from its arguments, from what was handed to it, or else from the library's defaults.

use super::given::{Given, in_seconds, without_limit};
use super::mounts::{Mounted, mounted};
use super::{Construction, Effective, Elsewhere, Origin, from_toml, service};
use crate::clients::Clients;
use crate::clients::places::SettingPlace;
use crate::clients::resolved::Resolved;
use crate::clients::schema::{ClientSpec, IgnoredSpec, Library, ObjectSpec};
use crate::model::{Object, Setting, Value};
use std::borrow::Cow;

/// Reads effective settings with the client knowledge and the locked versions.
pub struct Settings<'a> {
    /// Client knowledge.
    pub clients: &'a Clients,
    /// What the project resolves a package to.
    pub resolved: &'a dyn Fn(&Library) -> Resolved,
    /// What other files, and the classes of this one, say.
    pub elsewhere: &'a dyn Elsewhere,
}

/// Whose a setting is, where a client is given a transport, a connector or another client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// The client's own, whatever it is given.
    Client,
    /// The client's own, or else what is said where the given one is made.
    Both,
    /// That of what is given: it holds the connections.
    Connections,
}

impl Owner {
    fn of(setting: &str) -> Self {
        match setting {
            "headers" => Self::Client,
            "timeout" | "connect-timeout" => Self::Both,
            _ => Self::Connections,
        }
    }
}

/// A transport, connector or client that a client is given.
struct Handed<'s> {
    /// The place that gives it: `transport`.
    carrier: &'s str,
    given: Given,
}

impl Handed<'_> {
    /// Whether it is a client, which waits by itself, and no more than a part of one.
    fn waits(&self) -> bool {
        !["transport", "mounts", "connector"].contains(&self.carrier.split('.').next().unwrap_or_default())
    }
}

impl Settings<'_> {
    /// The effective value of `setting` (a canonical name such as `keepalive-expiry`).
    pub fn of(&self, construction: Construction<'_>, setting: &str) -> Effective {
        let client = self.clients.client_for(construction.symbol, service(construction.arguments));
        match (client, setting) {
            (Some((library, spec)), "base-url") => self.base_url(construction, library, spec),
            (Some((library, spec)), "region") => self.region(construction, library, spec),
            (Some((library, spec)), _) => self.of_client(construction, library, spec, setting),
            (None, _) => Effective::unknown(),
        }
    }

    fn of_client(&self, at: Construction<'_>, library: &Library, spec: &ClientSpec, setting: &str) -> Effective {
        let places = spec.arguments.get(setting).or(library.arguments.get(setting)).map_or(&[][..], Vec::as_slice);
        let own = self.own(at, spec, places);
        let default = || match at.open_ended {
            true => Effective::unknown(),
            false => self.default_in(self.chosen(at, library, spec), library, spec, setting),
        };
        let ignored = own.as_ref().and_then(Effective::set_at).zip(self.ignored(library, spec, places));
        if let Some((span, why)) = ignored {
            return Effective { origin: Origin::Lost { why: why.to_owned(), span }, ..default() };
        }
        let owner = Owner::of(setting);
        let handed = self.handed(at, spec).filter(|handed| match owner {
            Owner::Client => false,
            Owner::Both => handed.waits() && !spec.own_timeouts,
            Owner::Connections => true,
        });
        match (owner, handed) {
            (Owner::Connections, Some(handed)) => {
                let holds = self.held_by(&handed, at, spec, places, setting);
                holds.at_the_cost_of(&own.unwrap_or_else(default), handed.carrier, handed.given.span)
            }
            (Owner::Both, Some(handed)) => {
                own.or_else(|| self.said_by(&handed, setting)).unwrap_or_else(|| match default() {
                    Effective { origin: Origin::Unknown, .. } => self.held_by(&handed, at, spec, places, setting),
                    default => default,
                })
            }
            _ => own.unwrap_or_else(default),
        }
    }

    /// What the client's arguments say, those left out that hand something over.
    pub(super) fn own(&self, at: Construction<'_>, spec: &ClientSpec, places: &[String]) -> Option<Effective> {
        let own = places.iter().filter(|place| !spec.carries.iter().any(|carrier| is_below(place, carrier)));
        own.into_iter().find_map(|place| {
            let read = self.read(at, &spec.positional, place)?;
            let value = if spec.milliseconds.contains(place) { in_seconds(&read.value) } else { read.value };
            Some(Effective { value, ..read })
        })
    }

    /// The reason why what the client's arguments say does nothing in the version, where it is so.
    fn ignored<'s>(&self, library: &Library, spec: &'s ClientSpec, places: &[String]) -> Option<&'s str> {
        let names = |ignored: &&IgnoredSpec| {
            let named = |place: &String| ignored.arguments.iter().any(|name| name == place || is_below(place, name));
            ignored.beside.is_none() && places.iter().any(named)
        };
        let mut naming = spec.ignored.iter().filter(names);
        naming.find(|ignored| ignored.holds(&(self.resolved)(library))).map(|ignored| ignored.why.as_str())
    }

    /// The transport, connector or client that the client is given.
    fn handed<'s>(&self, at: Construction<'_>, spec: &'s ClientSpec) -> Option<Handed<'s>> {
        spec.carries.iter().find_map(|carrier| {
            let given = self.given(at, &spec.positional, carrier)?;
            // A text is an address, and hands over nothing.
            let gives = !matches!(given.value, Value::Nothing | Value::Text(_));
            gives.then_some(Handed { carrier, given })
        })
    }

    /// The setting of what was handed over.
    fn held_by(
        &self,
        handed: &Handed<'_>,
        at: Construction<'_>,
        spec: &ClientSpec,
        places: &[String],
        setting: &str,
    ) -> Effective {
        match &handed.given.value {
            Value::Object(object) if self.object(object).is_some() => {
                // It takes the arguments that the client has itself, unless places of its own are named.
                let below = places.iter().map(|place| match is_below(place, handed.carrier) {
                    true => place.clone(),
                    false => format!("{}.{place}", handed.carrier),
                });
                let found = below.into_iter().find_map(|place| self.read(at, &spec.positional, &place));
                found.unwrap_or_else(Effective::unknown)
            }
            Value::Object(object) => self.of(Construction::of_object(object), setting),
            _ => Effective::unknown(),
        }
    }

    /// What is said where the client that was handed over is made: SDKs put their own value in the place of a default,
    /// written out or not.
    fn said_by(&self, handed: &Handed<'_>, setting: &str) -> Option<Effective> {
        let object = match &handed.given.value {
            Value::Object(object) if self.object(object).is_none() => object,
            Value::Object(_) => return None,
            _ => return Some(Effective::unknown()),
        };
        let said = self.of(Construction::of_object(object), setting);
        match said.origin {
            Origin::Set(_) if !self.restates_default(object, &said) => Some(said),
            Origin::Unknown => Some(said),
            _ => None,
        }
    }

    /// The time-out of the client that is handed over, where it equals that library's default and so does not count.
    pub fn restated_timeout(&self, at: Construction<'_>) -> Option<Effective> {
        let (_, spec) = self.clients.client_for(at.symbol, service(at.arguments))?;
        let handed = self.handed(at, spec).filter(|handed| handed.waits() && !spec.own_timeouts)?;
        let Value::Object(object) = &handed.given.value else { return None };
        let said = self.of(Construction::of_object(object), "timeout");
        (said.set_at().is_some() && self.restates_default(object, &said)).then_some(said)
    }

    /// Whether a client is made with a single time that is its library's default anyway.
    fn restates_default(&self, object: &Object, said: &Effective) -> bool {
        let Some((library, spec)) = self.clients.client(&object.symbol) else { return false };
        let whole = match object.arguments.get("timeout").map(|given| &given.value) {
            Some(Value::Object(times)) => times.arguments.len() == 1 && times.arguments.contains_key("0"),
            given => given.is_some(),
        };
        whole && said.number().is_some() && self.default(library, spec, "timeout").number() == said.number()
    }

    /// The library's default.
    pub fn default(&self, library: &Library, spec: &ClientSpec, setting: &str) -> Effective {
        self.default_in((self.resolved)(library), library, spec, setting)
    }

    /// What the library resolves to, without the features of TLS backends that the client's builder sets aside.
    fn chosen(&self, at: Construction<'_>, library: &Library, spec: &ClientSpec) -> Resolved {
        let aside = spec.sets_aside.iter().filter(|(method, _)| at.arguments.contains_key(*method));
        let resolved = (self.resolved)(library);
        aside.fold(resolved, |resolved, (_, features)| Resolved {
            features: resolved.features.map(|on| on.without(features)),
            ..resolved
        })
    }

    /// The library below one that has no defaults of its own: it hands on what that builds.
    fn wrapped_by(&self, resolved: &Resolved, library: &Library, spec: &ClientSpec) -> Option<&Library> {
        let has_none = library.default.is_empty() && spec.default.is_empty();
        self.clients.below(library, resolved).filter(|below| has_none && !below.default.is_empty())
    }

    fn default_in(&self, resolved: Resolved, library: &Library, spec: &ClientSpec, setting: &str) -> Effective {
        if let Some(below) = self.wrapped_by(&resolved, library, spec) {
            return self.default_in((self.resolved)(below), below, spec, setting);
        }
        let Some(default) = library.default_of(spec, setting, &resolved) else {
            let origin = Origin::depends(&library.defaults_of(spec, setting, &resolved));
            return Effective { value: Value::Unknown, origin };
        };
        Effective { value: from_toml(&default.value), origin: Origin::default_of(&resolved, library, &default.source) }
    }

    /// Reads one place of a setting; `None` where it is not given.
    pub fn read(&self, at: Construction<'_>, positional: &[String], place: &str) -> Option<Effective> {
        let place = SettingPlace::parse(place)?;
        let given = match place.method {
            Some(method) => match mounted(at.uses, method, place.argument)? {
                Mounted::All(given) => given,
                Mounted::Depends => return Some(Effective::unknown()),
            },
            None => at.argument(place.argument, positional)?,
        };
        let given = self.looked_up(given);
        match place.field {
            None => Some(Effective { value: given.value.clone(), origin: Origin::Set(given.span) }),
            Some(field) => self.below(&given.value, field),
        }
    }

    /// What one place gives, and where.
    fn given(&self, at: Construction<'_>, positional: &[String], place: &str) -> Option<Given> {
        let read = self.read(at, positional, place)?;
        let argument = place.split('.').next().unwrap_or(place);
        let span = read.set_at().or_else(|| at.argument(argument, positional).map(|given| given.span))?;
        Some(Given { value: read.value, span })
    }

    /// A field below a value; `None` where the value says nothing of it.
    fn below(&self, value: &Value, fields: &str) -> Option<Effective> {
        let (field, rest) = fields.split_once('.').map_or((fields, None), |(field, rest)| (field, Some(rest)));
        let (given, object) = match value {
            // A number in the place of an object stands for itself.
            Value::Nothing | Value::Int(_) | Value::Float(_) => return None,
            Value::Map(map) => (map.get(field), None),
            Value::Object(object) => match self.object(object) {
                Some(spec) => (Construction::of_object(object).argument(field, &spec.positional), Some((object, spec))),
                None if self.is_plain_holder(object) => (Construction::of_object(object).argument(field, &[]), None),
                None => return Some(Effective::unknown()),
            },
            _ => return Some(Effective::unknown()),
        };
        let given = given.map(|given| self.looked_up(given));
        match (given, rest, object) {
            (Some(given), None, object) => Some(Effective {
                value: without_limit(&given.value, field, object.map(|(_, spec)| spec)),
                origin: Origin::Set(given.span),
            }),
            (Some(given), Some(rest), _) if given.value != Value::Nothing => self.below(&given.value, rest),
            (_, _, Some((object, spec))) if object.open_ended || is_surplus(object, spec) => Some(Effective::unknown()),
            (_, _, Some((object, spec))) => {
                let origin = Origin::Reset { span: object.span, symbol: object.symbol.clone() };
                spec.unset.get(fields).map(|unset| Effective { value: from_toml(unset), origin })
            }
            (_, _, None) => None,
        }
    }

    /// What is known of a settings object, or of the one that its class derives from.
    fn object(&self, object: &Object) -> Option<&ObjectSpec> {
        let own = self.clients.object(&object.symbol);
        let found = own.or_else(|| self.clients.object(&self.elsewhere.base(&object.symbol)?));
        found.map(|(_, spec)| spec)
    }

    fn is_plain_holder(&self, object: &Object) -> bool {
        !object.open_ended && self.clients.client(&object.symbol).is_some_and(|(_, spec)| spec.holder)
    }

    /// An argument with its value, where another file gives it one.
    fn looked_up<'v>(&self, setting: &'v Setting) -> Cow<'v, Setting> {
        match &setting.value {
            Value::Imported(path) => match self.elsewhere.constant(path) {
                Some(value) => Cow::Owned(Setting { value: value.placed(setting.span), span: setting.span }),
                None => Cow::Borrowed(setting),
            },
            _ => Cow::Borrowed(setting),
        }
    }
}

/// Whether a place lies below what `carrier` gives.
fn is_below(place: &str, carrier: &str) -> bool {
    place.strip_prefix(carrier).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether more arguments are given by position than the known ones: any of them may be the field.
fn is_surplus(object: &Object, spec: &ObjectSpec) -> bool {
    object.arguments.contains_key(&spec.positional.len().to_string())
}
