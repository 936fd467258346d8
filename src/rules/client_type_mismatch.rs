//! A client or time-out of httpx for an SDK that wants those of httpx2, or the reverse; a blocking client for an async SDK.

use super::{Draft, FileView, SiteView};
use crate::clients::resolved::Resolved;
use crate::clients::schema::{ClientSpec, Library, Mode, TakesSpec};
use crate::clients::versions::Versions;
use crate::finding::{Confidence, Finding, Severity};
use crate::model::{Binding, Fallback, SiteId, Value};
use crate::project::Presence;
use crate::source::{Span, words};
use std::collections::HashMap;

pub const NAME: &str = "client-type-mismatch";

/// The packages whose classes have the same names.
const PACKAGES: [&str; 2] = ["httpx", "httpx2"];
/// An argument that needs a package of its own.
const HTTP2: &str = "http2=True";

pub fn check(views: &[&FileView<'_>]) -> Vec<Finding> {
    // It makes one of them stand for the other in the whole process.
    if views.iter().any(|view| view.source.text.contains("alias_httpx(")) {
        return Vec::new();
    }
    let one = |view: &FileView<'_>| {
        let made = Made::of(view);
        let drafts = view.sites().filter_map(|site| mismatch(&site, &made));
        drafts.map(|draft| draft.finish(NAME, view.index)).collect::<Vec<_>>()
    };
    views.iter().filter(|view| !chooses(view)).flat_map(|view| one(view)).collect()
}

/// Whether a name of the file stands for either package: `try: import httpx2 as httpx`, `except ImportError: import httpx`.
fn chooses(view: &FileView<'_>) -> bool {
    let head = |path: &str| PACKAGES.iter().position(|name| path.split('.').next() == Some(*name));
    let mut bound = view.module.imports.iter().filter_map(|(name, path)| Some((name, head(path)?)));
    let mut first = HashMap::new();
    bound.any(|(name, package)| *first.entry(name).or_insert(package) != package)
}

/// The clients of a file, by what is asked for of them.
struct Made<'a> {
    /// The first that is the pool of another one.
    of: HashMap<SiteId, SiteView<'a>>,
    /// What else there is, where a client is made.
    fallback: HashMap<Span, Fallback>,
}

impl<'a> Made<'a> {
    fn of(view: &'a FileView<'a>) -> Self {
        let mut of = HashMap::new();
        for site in view.sites() {
            for binding in &site.site.bindings {
                if let Binding::Owned(owner) = binding {
                    of.entry(*owner).or_insert(site);
                }
            }
        }
        let places = view.module.sites.iter().map(|site| &site.place);
        Self { of, fallback: places.filter_map(|place| Some((place.span, place.fallback?))).collect() }
    }
}

/// What a client is given, and what it would take instead.
struct Mismatch<'a> {
    view: SiteView<'a>,
    library: &'a Library,
    takes: &'a TakesSpec,
    resolved: Resolved,
    given: Given,
    wanted: String,
    is_foreign: bool,
}

/// An object of one of the packages.
struct Given {
    package: String,
    class: String,
    /// The class of the project that derives from it.
    derived: Option<String>,
    span: Span,
    /// Something else may be given instead.
    is_sure: bool,
}

fn mismatch(view: &SiteView<'_>, made: &Made<'_>) -> Option<Draft> {
    let (library, spec) = view.spec()?;
    let resolved = view.file.project.resolved(library);
    let inside = is_own_http(library, spec);
    let takes = library.takes_in(&resolved).into_iter().filter(|takes| takes.of_own_http == inside);
    takes.into_iter().find_map(|takes| {
        let given = given(view, &takes.argument, made)?;
        let is_foreign = !takes.of.contains(&given.package);
        let wanted = match (spec.mode, given.class.as_str()) {
            (Mode::Sync, "AsyncClient") => "Client",
            (Mode::Async, "Client") => "AsyncClient",
            (_, class) => class,
        };
        let is_other_kind = wanted != given.class && takes.kind_error.is_some();
        let wanted = wanted.to_owned();
        let resolved = resolved.clone();
        let mismatch = Mismatch { view: *view, library, takes, resolved, given, wanted, is_foreign };
        (is_foreign || is_other_kind).then(|| mismatch.draft(made)).flatten()
    })
}

/// Whether a client is one of those that the SDK makes for itself.
fn is_own_http(library: &Library, spec: &ClientSpec) -> bool {
    spec.symbols.iter().any(|symbol| symbol.contains(".Default")) && !PACKAGES.contains(&library.package.as_str())
}

/// What the argument is, where it is of one of the packages.
fn given(view: &SiteView<'_>, argument: &str, made: &Made<'_>) -> Option<Given> {
    let written = view.given(&[argument.to_owned()]);
    let (symbol, span, is_sure) = match written.map(|given| (given.set_at(), given.value)) {
        Some((Some(span), Value::Object(object))) => (object.symbol, span, true),
        Some((_, Value::Unknown)) if argument.contains("client") => {
            let owned = made.of.get(&view.id)?;
            (owned.site.symbol.clone(), owned.site.place.span, !owned.site.injectable)
        }
        _ => return None,
    };
    let of = |path: &str| {
        let (package, class) = (path.split('.').next()?, path.rsplit('.').next()?);
        PACKAGES.contains(&package).then(|| (package.to_owned(), class.to_owned()))
    };
    let bases = || view.file.program.names().outside_bases(view.file.index, &symbol);
    let (found, derived) = match of(&symbol) {
        Some(found) => (found, None),
        None => (bases().iter().find_map(|base| of(base))?, Some(symbol)),
    };
    let (package, class) = found;
    matches!(class.as_str(), "Client" | "AsyncClient" | "Timeout").then_some(Given {
        package,
        class,
        derived,
        span,
        is_sure,
    })
}

impl Mismatch<'_> {
    /// `None` where the code has a way for it.
    fn draft(&self, made: &Made<'_>) -> Option<Draft> {
        let is_known = self.resolved.versions != Versions::Unknown;
        let confidence = match self.fallback(made) {
            Some(Fallback::Handler) => return None,
            Some(Fallback::Branch) => Confidence::Low,
            None if is_known && self.given.is_sure => Confidence::High,
            None => Confidence::Medium,
        };
        Some(
            self.view
                .draft(self.given.span, self.message(is_known))
                .severity(Severity::Error)
                .confidence(confidence)
                .why(format!("It raises `{}` {} ({}).", self.error(), self.takes.when, self.takes.source))
                .help(self.help())
                .suggestion(self.suggestion())
                .raises(self.error()),
        )
    }

    /// What the code does besides, around the SDK's client or where the object is made.
    fn fallback(&self, made: &Made<'_>) -> Option<Fallback> {
        self.view.site.place.fallback.max(made.fallback.get(&self.given.span).copied())
    }

    fn message(&self, is_known: bool) -> String {
        let given = match &self.given.derived {
            Some(derived) => format!("`{derived}`, a `{}.{}`", self.given.package, self.given.class),
            None => format!("`{}.{}`", self.given.package, self.given.class),
        };
        let sdk = match is_known {
            true => self.resolved.shown(self.library.told()),
            false => {
                let mut same = self.library.takes.iter().filter(|takes| takes.is_like(self.takes));
                let since = same.next().and_then(|takes| takes.since.as_deref());
                since
                    .map_or(self.library.library.clone(), |since| format!("{} {since} and later", self.library.library))
            }
        };
        let wanted: Vec<String> = self.takes.of.iter().map(|package| format!("`{package}.{}`", self.wanted)).collect();
        format!("{sdk}: {given} is refused as `{}=`, which wants {}", self.takes.argument, wanted.join(" or "))
    }

    fn error(&self) -> String {
        let error = match &self.takes.kind_error {
            Some(kind) if !self.is_foreign => kind,
            _ => &self.takes.error,
        };
        let given = match &self.given.derived {
            Some(derived) if error.contains("<class") && derived.contains('.') => derived.clone(),
            Some(derived) if error.contains("<class") => format!("__main__.{derived}"),
            _ => format!("{}.{}", self.given.package, self.given.class),
        };
        error.replace("{given}", &given).replace("{class}", &self.given.class).replace("{wanted}", &self.wanted)
    }

    fn help(&self) -> String {
        if !self.is_foreign {
            return format!(
                "Hand in the {}, or use the other class of the SDK.",
                if self.wanted == "Client" { "blocking one" } else { "async one" }
            );
        }
        let package = self.package();
        let asks = self.written().is_some_and(|text| text.contains(HTTP2));
        let http2 = match asks && !self.has_h2() {
            true => {
                format!(" `{HTTP2}` raises ImportError unless `{package}[http2]` is installed, so it is left out here.")
            }
            false => String::new(),
        };
        let own = match self.class() {
            Some(class) => format!(" `{class}` keeps the pool and the settings of the SDK that are not said."),
            None => String::new(),
        };
        format!("Use `{package}`, which has the same names and arguments.{own}{http2}")
    }

    fn package(&self) -> &str {
        self.takes.of.first().map_or("httpx2", String::as_str)
    }

    /// The SDK's own client, where it has one.
    fn class(&self) -> Option<String> {
        let own = self.library.own_http.as_ref().filter(|own| own.is_in(&self.resolved) && self.wanted != "Timeout")?;
        let class = if self.wanted == "AsyncClient" { &own.r#async } else { &own.sync };
        Some(format!("{}.{class}", self.library.library))
    }

    /// The construction as written, where it is one of this file.
    fn written(&self) -> Option<&str> {
        let text = self.view.file.source.slice(self.given.span);
        text.contains('(').then_some(text)
    }

    /// The same construction, of the right package.
    fn suggestion(&self) -> Option<String> {
        let text = self.written().filter(|_| self.is_foreign && self.given.derived.is_none())?;
        let text =
            text.split_once('=').filter(|(name, _)| name.chars().all(words::is_part)).map_or(text, |(_, value)| value);
        let (callee, arguments) = text.split_once('(')?;
        let prefix = callee.trim().strip_suffix(&self.given.class)?.strip_suffix('.')?;
        let arguments = arguments.replace(&format!("{prefix}."), &format!("{}.", self.package()));
        let arguments = if self.has_h2() { arguments } else { without(&arguments, HTTP2) };
        let class = self.class().unwrap_or_else(|| format!("{}.{}", self.package(), self.wanted));
        Some(format!("{class}({arguments}"))
    }

    /// Whether HTTP/2 can be had, as far as the project says.
    fn has_h2(&self) -> bool {
        matches!(self.view.file.project.presence("h2", self.package()), Presence::Present(_))
    }
}

/// Arguments without one of them, and without the comma that goes with it.
fn without(arguments: &str, argument: &str) -> String {
    let Some((before, behind)) = arguments.split_once(argument) else { return arguments.to_owned() };
    match behind.strip_prefix(',') {
        Some(behind) => format!("{before}{}", behind.trim_start()),
        None => format!("{}{behind}", before.trim_end().trim_end_matches(',')),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_argument_goes_with_its_comma() {
        let without = |arguments| super::without(arguments, "http2=True");
        assert_eq!(without("http2=True)"), ")");
        assert_eq!(without("limits=limits, http2=True)"), "limits=limits)");
        assert_eq!(without("http2=True, timeout=5)"), "timeout=5)");
        assert_eq!(without("\n    http2=True,\n    timeout=5,\n)"), "\n    timeout=5,\n)");
        assert_eq!(without("timeout=5)"), "timeout=5)");
    }
}
