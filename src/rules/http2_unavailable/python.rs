//! `http2=True` where the package `h2` is missing, or where the client ignores it.

use super::{Draft, FileView, NAME, SiteView};
use crate::clients::schema::IgnoredSpec;
use crate::clients::versions::Fit;
use crate::finding::{Confidence, Finding, Severity};
use crate::model::{Fallback, Value};
use crate::project::Presence;
use crate::source::{Language, Span};

pub fn check(views: &[&FileView<'_>]) -> Vec<Finding> {
    let python = views.iter().filter(|view| view.source.language == Language::Python);
    let one = |view: &FileView<'_>| {
        let drafts = view.sites().filter_map(|site| ignored(&site).or_else(|| missing(&site)));
        drafts.map(|draft| draft.finish(NAME, view.index)).collect::<Vec<_>>()
    };
    python.flat_map(|view| one(view)).collect()
}

/// A client that ignores it in the version.
fn ignored(site: &SiteView<'_>) -> Option<Draft> {
    let (library, spec) = site.spec()?;
    let span = own(site)?;
    let resolved = site.file.project.resolved(library);
    let names =
        |ignored: &&IgnoredSpec| ignored.beside.is_none() && ignored.arguments.iter().any(|name| name == "http2");
    let ignored = spec.ignored.iter().filter(names).find(|ignored| ignored.holds(&resolved))?;
    let newer =
        ignored.until.as_ref().map(|until| format!("Use {} {until} or later, or leave it out.", library.library));
    Some(
        site.draft(span, format!("`http2=True` does nothing for `{}`: HTTP/2 cannot be had", site.callee()))
            .why(format!("{}: {} ({}).", resolved.stated(library.told()), ignored.why, ignored.source))
            .help(newer.unwrap_or("Leave it out, or use a client over httpx, which can have HTTP/2.".to_owned())),
    )
}

/// A package that is not installed.
fn missing(site: &SiteView<'_>) -> Option<Draft> {
    let (span, fails) = match (own(site), of_transport(site)) {
        (Some(span), _) => (span, "raises ImportError"),
        (None, Some(span)) => (span, "fails with the first request to a server that speaks HTTP/2"),
        (None, None) => return None,
    };
    let package = package(site).filter(|package| !brings_it(site, package))?;
    let project = site.file.project;
    // Who looks for the package has a way without it.
    let looks = site.file.module.imports.iter().any(|(_, path)| path.split('.').next() == Some("h2"));
    let Presence::Absent(confidence) = project.presence("h2", &package) else { return None };
    if looks || project.extras(&package).contains("http2") {
        return None;
    }
    let shown = match site.site.place.fallback {
        None => confidence,
        Some(Fallback::Branch) => Confidence::Low,
        Some(Fallback::Handler) => return None,
    };
    let listed = match confidence {
        Confidence::High => "The lock file lists no `h2`",
        Confidence::Low => {
            "The requirements list no `http2` extra and, unless another package brings it along, no `h2`"
        }
        _ => "The requirements list no `h2`, and no `http2` extra",
    };
    Some(
        site.draft(span, format!("`http2=True` {fails}: `h2` is not installed"))
            .severity(Severity::Error)
            .confidence(shown)
            .why(format!(
                "{listed}, which {package} needs for HTTP/2 and does not bring along: `ImportError: Using http2=True, but the 'h2' \
                 package is not installed` (run 2026-11-22 on httpx 0.28.1 and httpx2 2.16.2)."
            ))
            .help(format!("Ask for `{package}[http2]` in the dependencies, or leave `http2=True` out.")),
    )
}

/// Where the client itself is asked for HTTP/2.
fn own(site: &SiteView<'_>) -> Option<Span> {
    let asked = |setting: &&crate::model::Setting| setting.value == Value::Bool(true);
    site.spec()?;
    site.site.arguments.get("http2").filter(asked).map(|setting| setting.span)
}

/// Where a transport that it is given is asked for it.
fn of_transport(site: &SiteView<'_>) -> Option<Span> {
    site.effective("http2").set_at().filter(|_| site.effective("http2").is_true())?;
    let Value::Object(transport) = &site.site.arguments.get("transport")?.value else { return None };
    transport.arguments.get("http2").filter(|setting| setting.value == Value::Bool(true)).map(|setting| setting.span)
}

/// Whether `package` needs `h2` in all cases: httpx did before 0.14.0 (0.13.3 and 0.14.0 resolved by uv on 2026-11-25).
fn brings_it(site: &SiteView<'_>, package: &str) -> bool {
    let library = site.file.clients.client(&format!("{package}.Client")).map(|(library, _)| library);
    let fit = library.map(|library| site.file.project.resolved(library).versions.fit(Some("0.14.0"), None));
    package == "httpx" && fit.is_some_and(|fit| fit != Fit::Whole)
}

/// The package that the client is one of: `httpx` or `httpx2`.
fn package(site: &SiteView<'_>) -> Option<String> {
    let (library, _) = site.spec()?;
    let first = site.site.symbol.split('.').next()?;
    if matches!(first, "httpx" | "httpx2") {
        return Some(first.to_owned());
    }
    let takes = library.takes_in(&site.file.project.resolved(library));
    let takes = takes.into_iter().find(|takes| takes.argument == "http_client");
    takes.filter(|_| site.site.symbol.contains(".Default")).and_then(|takes| takes.of.first().cloned())
}
