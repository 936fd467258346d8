//! A raw HTTP client handed to an SDK, whose own pool and settings it replaces.

use super::{Draft, SiteView};
use crate::clients::schema::{Library, Mode, OwnHttpSpec};
use crate::finding::{Confidence, Severity};
use crate::model::Binding;

pub const NAME: &str = "sdk-defaults-lost";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let raw = &view.site.symbol;
    let is_raw = raw.starts_with("httpx.") || raw.starts_with("httpx2.");
    // Who sets the limits has thought of them; a transport has limits of its own.
    let has_limits = ["limits", "transport"].iter().any(|name| view.site.arguments.contains_key(*name));
    if !is_raw || has_limits || view.site.open_ended {
        return None;
    }
    let (mut sdks, confidence) = handed_to(view)?;
    // Versions from before they had a client of their own offer nothing to use.
    sdks.retain(|(sdk, own)| own.is_in(&view.file.project.resolved(sdk)));
    let &(_, first) = sdks.first()?;
    let names: Vec<&str> = sdks.iter().map(|(sdk, _)| sdk.library.as_str()).collect();
    let classes: Vec<String> = sdks.iter().map(|(sdk, own)| class_of(view, sdk, own)).collect();
    Some(
        view.draft(view.site.place.span, format!("{} replaces the settings of {}", view.short(), names.join(" or ")))
            .severity(Severity::Advice)
            .confidence(confidence)
            .why(format!("It has httpx's own defaults: {} ({}).", first.loses, first.source))
            .help(format!(
                "Build it with {}, which takes the same arguments and keeps the SDK's defaults.",
                classes.join(" or ")
            )),
    )
}

/// `` `openai.DefaultHttpxClient(..)` (openai 1.17.0 and later) ``.
fn class_of(view: &SiteView<'_>, sdk: &Library, own: &OwnHttpSpec) -> String {
    let (sync, asynchronous) = match &own.httpx2 {
        Some((sync, asynchronous)) if view.site.symbol.starts_with("httpx2.") => (sync, asynchronous),
        _ => (&own.sync, &own.r#async),
    };
    let class = if view.mode() == Some(Mode::Async) { asynchronous } else { sync };
    format!("`{0}.{class}(..)` ({0} {1} and later)", sdk.library, own.since)
}

/// An SDK, and the HTTP clients that it makes itself.
type Sdk<'a> = (&'a Library, &'a OwnHttpSpec);

/// The SDK that the client is handed to, or those that it may be.
fn handed_to<'a>(view: &SiteView<'a>) -> Option<(Vec<Sdk<'a>>, Confidence)> {
    let clients = view.file.clients;
    let owner = view.site.bindings.iter().find_map(|to| match to {
        Binding::Owned(owner) => clients.client(&view.file.module.site(*owner).symbol).map(|(library, _)| library),
        _ => None,
    });
    if let Some(sdk) = owner {
        return Some((vec![(sdk, sdk.own_http.as_ref()?)], Confidence::High));
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
    let sdks: Vec<Sdk<'a>> = sdks.filter_map(|sdk| Some((sdk, sdk.own_http.as_ref()?))).collect();
    (!sdks.is_empty()).then_some((sdks, Confidence::Medium))
}
