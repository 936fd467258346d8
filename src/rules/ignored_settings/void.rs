//! Arguments of Python clients that do nothing, by themselves or beside another one.

use super::super::support::endpoint::connects_nothing;
use super::super::{Draft, SiteView};
use crate::clients::schema::IgnoredSpec;
use crate::effective::Elsewhere;
use crate::finding::Confidence;
use crate::model::{Binding, Object, Setting, Spread, Value};
use crate::source::{Span, words};

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (library, spec) = view.spec()?;
    let resolved = view.file.project.resolved(library);
    let mut holding = spec.ignored.iter().filter(|ignored| ignored.holds(&resolved));
    holding.find_map(|ignored| match &ignored.beside {
        None => alone(view, ignored),
        Some(beside) => Beside::of(view, ignored, beside)?.draft(),
    })
}

/// Arguments that do nothing wherever they are given.
fn alone(view: &SiteView<'_>, ignored: &IgnoredSpec) -> Option<Draft> {
    let given = |name: &String| view.given(std::slice::from_ref(name)).filter(|given| is_said(name, &given.value));
    // That HTTP/2 cannot be had is told by another rule.
    let mut names = ignored.arguments.iter().filter(|name| *name != "http2");
    let (name, span) = names.find_map(|name| Some((name, given(name)?.set_at()?)))?;
    let name = name.rsplit('.').next().unwrap_or(name);
    let callee = view.callee();
    Some(
        view.draft(span, format!("`{name}` does nothing for `{callee}`"))
            .why(format!("{} ({}).", capital(&ignored.why), ignored.source))
            .help(format!("Leave `{name}` out, or use a client that reads it.")),
    )
}

/// Arguments beside one that has their settings itself: a transport.
struct Beside<'a> {
    view: &'a SiteView<'a>,
    ignored: &'a IgnoredSpec,
    name: &'a str,
    carrier: &'a Setting,
    /// It is put into a mapping that is spread into the call.
    is_spread: bool,
    /// It is there whenever the call runs.
    is_sure: bool,
}

/// An argument that is said and does nothing.
struct Idle<'a> {
    name: &'a str,
    span: Span,
    /// It is there whenever the call runs.
    is_sure: bool,
}

/// What is put under `name` into a mapping that is spread into the call: the last that is always there, or else in a branch.
fn spread<'a>(view: &SiteView<'a>, name: &str) -> Option<&'a Spread> {
    let put = || view.site.spread.iter().rev().filter(|spread| spread.key == name);
    put().find(|spread| spread.is_sure).or_else(|| put().next())
}

impl<'a> Beside<'a> {
    fn of(view: &'a SiteView<'a>, ignored: &'a IgnoredSpec, name: &'a str) -> Option<Self> {
        let put = || spread(view, name).map(|spread| (&spread.setting, true, spread.is_sure));
        let given = view.site.arguments.get(name).map(|setting| (setting, false, true));
        let (carrier, is_spread, is_sure) = given.or_else(put)?;
        // What is not carried by the transport is read for these.
        let others = ["proxy", "proxies", "mounts"];
        let has = |name: &&str| view.site.arguments.contains_key(*name) || spread(view, name).is_some();
        (!others.iter().any(has)).then_some(Self { view, ignored, name, carrier, is_spread, is_sure })
    }

    fn draft(&self) -> Option<Draft> {
        let (idle, apart): (Vec<_>, Vec<_>) = self.idle().into_iter().partition(|idle| self.is_sure || idle.is_sure);
        // What branches put in may never be there together.
        let (idle, confidence) = match idle.is_empty() && !apart.is_empty() {
            true => (apart, self.confidence()?.min(Confidence::Low)),
            false => (idle, self.confidence()?),
        };
        let names: Vec<String> = idle.iter().map(|idle| format!("`{}`", idle.name)).collect();
        let does = if idle.len() == 1 { "does" } else { "do" };
        let (span, message) = match idle.first() {
            Some(idle) if !self.is_spread => {
                (idle.span, format!("{} {does} nothing beside `{}=`", names.join(" and "), self.name))
            }
            Some(_) => (
                self.carrier.span,
                format!("`{}` is put in here, and {} {does} nothing then", self.name, names.join(" and ")),
            ),
            None => (self.carrier.span, self.of_callers()?),
        };
        Some(
            self.view
                .draft(span, message)
                .confidence(confidence)
                .why(format!(
                    "{} ({}). Proxies of the environment are not used either.",
                    capital(&self.ignored.why),
                    self.ignored.source
                ))
                .help(match self.object().filter(|object| self.is_known(object)) {
                    Some(object) => format!("Hand them to `{}(..)`, which takes the same arguments.", object.symbol),
                    None => format!("Hand them to what is given as `{}=`, or leave them out.", self.name),
                }),
        )
    }

    fn object(&self) -> Option<&Object> {
        match &self.carrier.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// A transport of httpx, or of a class that derives from one.
    fn is_known(&self, object: &Object) -> bool {
        let knows = |symbol: &str| self.view.file.clients.object(symbol).is_some();
        knows(&object.symbol) || self.view.file.base(&object.symbol).is_some_and(|base| knows(&base))
    }

    /// How sure it is that a transport is there, and one with settings of its own; `None` where it may well not be.
    fn confidence(&self) -> Option<Confidence> {
        let text = self.view.file.source.slice(self.carrier.span);
        match &self.carrier.value {
            // What is said of connections costs nothing where none are made.
            Value::Object(object) if connects_nothing(object) => None,
            // What is spread into it may well be all of them.
            Value::Object(object) if object.open_ended => None,
            // It may well make no connections either.
            Value::Object(object) if !self.is_known(object) && self.carrier.value.is_instance() => {
                Some(Confidence::Low)
            }
            Value::Object(_) if self.is_spread => Some(Confidence::Medium),
            Value::Object(_) => Some(Confidence::High),
            Value::Unknown
                if text.ends_with(')') && ![" if ", " or ", " and "].iter().any(|word| text.contains(word)) =>
            {
                Some(Confidence::Medium)
            }
            Value::Unknown | Value::Parameter(_) | Value::SelfField(_) | Value::Imported(_) => Some(Confidence::Low),
            _ => None,
        }
    }

    /// The arguments that are said and do nothing.
    fn idle(&self) -> Vec<Idle<'a>> {
        let view = self.view;
        let arguments = self.ignored.arguments.iter().filter(|name| !self.hands_on(name));
        let idle = arguments.filter_map(|name| {
            let spread = spread(view, name).map(|spread| (&spread.setting, spread.is_sure));
            let (given, is_sure) = view.site.arguments.get(name).map(|given| (given, true)).or(spread)?;
            is_said(name, &given.value).then_some(Idle { name, span: given.span, is_sure })
        });
        idle.collect()
    }

    /// Whether the transport is given the argument too, by its name or in what it is made of.
    fn hands_on(&self, name: &str) -> bool {
        let given = self.object().is_some_and(|object| object.arguments.contains_key(name));
        given || words::has(self.view.file.source.slice(self.carrier.span), name)
    }

    /// A class that always has a transport and takes what its callers hand in.
    fn of_callers(&self) -> Option<String> {
        let held = self.view.site.bindings.contains(&Binding::SelfField("super().__init__".to_owned()));
        self.object().filter(|_| held && self.is_spread && self.is_sure && self.view.site.open_ended)?;
        let lost = self.ignored.arguments.iter().filter(|name| !self.hands_on(name)).map(|name| format!("`{name}`"));
        let lost: Vec<String> = lost.collect();
        let lost = Some(lost.join(", ")).filter(|lost| !lost.is_empty())?;
        Some(format!("what callers hand in as {lost} does nothing: `{}` is always given", self.name))
    }
}

/// Whether somebody wrote down a value that is not what holds anyway.
fn is_said(name: &str, value: &Value) -> bool {
    match (name, value) {
        ("http2", Value::Bool(value)) => *value,
        ("http1" | "verify" | "trust_env", Value::Bool(value)) => !value,
        (_, Value::Nothing | Value::Unknown | Value::Parameter(_) | Value::SelfField(_)) => false,
        _ => true,
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
