//! A raw HTTP client handed to an SDK, whose own pool and settings it replaces.

mod own;

use super::{Draft, SiteView};
use crate::clients::resolved::Resolved;
use crate::clients::schema::{ClientSpec, Library, Mode, OwnHttpSpec, TakesSpec};
use crate::clients::versions::{Fit, Versions};
use crate::finding::{Confidence, Severity};
use crate::model::Binding;

pub const NAME: &str = "sdk-defaults-lost";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    own::check(view).or_else(|| raw(view))
}

fn raw(view: &SiteView<'_>) -> Option<Draft> {
    let raw = &view.site.symbol;
    let is_raw = raw.starts_with("httpx.") || raw.starts_with("httpx2.");
    // Who sets the limits has thought of them; a transport has limits of its own.
    let has_limits = ["limits", "transport"].iter().any(|name| view.site.arguments.contains_key(*name));
    if !is_raw || has_limits || view.site.open_ended {
        return None;
    }
    let (sdks, confidence) = handed_to(view)?;
    let sdks: Vec<Sdk<'_>> = sdks.into_iter().filter(|sdk| sdk.takes(raw)).collect();
    let losses: Vec<String> = sdks.first()?.losses(view);
    let advice: Vec<String> = sdks.iter().filter_map(|sdk| sdk.advice(view)).collect();
    if losses.is_empty() || advice.is_empty() {
        return None;
    }
    let names: Vec<&str> = sdks.iter().map(|sdk| sdk.library.library.as_str()).collect();
    let source = sdks.first().map_or("", |sdk| sdk.own.source.as_str());
    Some(
        view.draft(view.site.place.span, format!("{} replaces the settings of {}", view.short(), names.join(" or ")))
            .severity(Severity::Advice)
            .confidence(confidence)
            .why(format!("It has httpx's own defaults: {} ({source}).", in_row(&losses)))
            .help(advice.join(" ")),
    )
}

/// `a, b, and c`.
fn in_row(clauses: &[String]) -> String {
    match clauses {
        [rest @ .., last] if !rest.is_empty() => format!("{}, and {last}", rest.join(", ")),
        _ => clauses.concat(),
    }
}

/// An SDK, and the HTTP clients that it makes itself.
struct Sdk<'a> {
    library: &'a Library,
    spec: Option<&'a ClientSpec>,
    own: &'a OwnHttpSpec,
    resolved: Resolved,
}

impl<'a> Sdk<'a> {
    fn of(view: &SiteView<'a>, library: &'a Library, spec: Option<&'a ClientSpec>) -> Option<Self> {
        let own = library.own_http.as_ref()?;
        Some(Self {
            library,
            spec: spec.or(library.client.first()),
            own,
            resolved: view.file.project.resolved(library),
        })
    }

    /// Whether it takes such a client; that it surely does not is told by another rule.
    fn takes(&self, symbol: &str) -> bool {
        let package = symbol.split('.').next().unwrap_or_default();
        let refuses = |takes: &&TakesSpec| takes.argument == "http_client" && takes.of.iter().all(|of| of != package);
        self.resolved.versions == Versions::Unknown || !self.library.takes_in(&self.resolved).iter().any(refuses)
    }

    /// A default of the SDK in the version.
    fn number(&self, setting: &str) -> Option<i64> {
        self.library.default_of(self.spec?, setting, &self.resolved)?.value.as_integer()
    }

    /// What a client of one's own has otherwise.
    fn losses(&self, view: &SiteView<'_>) -> Vec<String> {
        let raw = |setting: &str| view.effective(setting).number();
        let pool = self.number("pool-max").zip(self.number("pool-idle"));
        let pool = pool.zip(raw("pool-max").zip(raw("pool-idle"))).filter(|((most, _), (raw, _))| *most as f64 > *raw);
        let pool = pool.map(|((most, idle), (raw, raw_idle))| {
            format!("the pool of {most} connections, {idle} of them idle, becomes {raw} and {raw_idle}")
        });
        let others = self.own.loses.iter().filter(|loss| loss.holds(&self.resolved)).map(|loss| loss.what.clone());
        pool.into_iter().chain(others).collect()
    }

    /// What to do in the version; nothing where that depends on it.
    fn advice(&self, view: &SiteView<'_>) -> Option<String> {
        let (sync, asynchronous) = match &self.own.httpx2 {
            Some((sync, asynchronous)) if view.site.symbol.starts_with("httpx2.") => (sync, asynchronous),
            _ => (&self.own.sync, &self.own.r#async),
        };
        let class = if view.mode() == Some(Mode::Async) { asynchronous } else { sync };
        let name = &self.library.library;
        match self.resolved.versions.fit(Some(&self.own.since), None) {
            Fit::Whole => Some(format!(
                "Build it with `{name}.{class}(..)` ({name} {} and later), which takes the same arguments and keeps the SDK's defaults.",
                self.own.since
            )),
            Fit::Part => None,
            Fit::None => Some(format!(
                "Give it the SDK's numbers: `limits=httpx.Limits(max_connections={}, max_keepalive_connections={}, keepalive_expiry=5)`. \
                 From {} on, `{name}.{class}(..)` has them by itself.",
                self.number("pool-max")?,
                self.number("pool-idle")?,
                self.own.since
            )),
        }
    }
}

/// The SDK that the client is handed to, or those that it may be.
fn handed_to<'a>(view: &SiteView<'a>) -> Option<(Vec<Sdk<'a>>, Confidence)> {
    let clients = view.file.clients;
    let owner = view.site.bindings.iter().find_map(|to| match to {
        Binding::Owned(owner) => clients.client(&view.file.module.site(*owner).symbol),
        _ => None,
    });
    if let Some((sdk, spec)) = owner {
        return Some((vec![Sdk::of(view, sdk, Some(spec))?], Confidence::High));
    }
    // `arguments["http_client"] = httpx.Client()`, in a file that has to do with an SDK.
    let before = view.file.source.text.get(..view.site.place.span.start).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("").replace(char::is_whitespace, "");
    if !line.ends_with("[\"http_client\"]=") {
        return None;
    }
    let imported = |library: &&Library| {
        let begins = |path: &String| path.split('.').next() == Some(library.package.as_str());
        view.file.module.imports.iter().any(|(_, path)| begins(path))
    };
    let sdks = clients.libraries().iter().filter(imported);
    let sdks: Vec<Sdk<'a>> = sdks.filter_map(|sdk| Sdk::of(view, sdk, None)).collect();
    (!sdks.is_empty()).then_some((sdks, Confidence::Medium))
}
