//! A raw HTTP client handed to an SDK, whose own pool and settings it replaces.

use super::{Draft, SiteView};
use crate::clients::schema::{Library, Mode, OwnHttpSpec};
use crate::finding::{Confidence, Severity};
use crate::model::Binding;
use pep440_rs::Version;
use std::str::FromStr;

pub const NAME: &str = "sdk-defaults-lost";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let raw = &view.site.symbol;
    let is_raw = raw.starts_with("httpx.") || raw.starts_with("httpx2.");
    // Who sets the limits has thought of them; a transport has limits of its own.
    let has_limits = ["limits", "transport"].iter().any(|name| view.site.arguments.contains_key(*name));
    if !is_raw || has_limits || view.site.open_ended {
        return None;
    }
    let (sdk, own, confidence) = handed_to(view)?;
    let since = Version::from_str(&own.since).ok()?;
    let version = view.file.project.resolved(sdk).locked();
    if version.is_some_and(|version| version < since) {
        return None;
    }
    let plain = (&own.sync, &own.r#async);
    let (sync, asynchronous) = match &own.httpx2 {
        Some((sync, asynchronous)) if raw.starts_with("httpx2.") => (sync, asynchronous),
        _ => plain,
    };
    let class = if view.mode() == Some(Mode::Async) { asynchronous } else { sync };
    let name = &sdk.library;
    Some(
        view.draft(view.site.place.span, format!("{} replaces the settings of {name}", view.short()))
            .severity(Severity::Advice)
            .confidence(confidence)
            .why(format!("It has httpx's own defaults: {} ({}).", own.loses, own.source))
            .help(format!(
                "Build it with `{name}.{class}(..)`, which takes the same arguments and keeps the SDK's defaults ({name} {} and later).",
                own.since
            )),
    )
}

/// The SDK that the client is handed to.
fn handed_to<'a>(view: &SiteView<'a>) -> Option<(&'a Library, &'a OwnHttpSpec, Confidence)> {
    let clients = view.file.clients;
    let owner = view.site.bindings.iter().find_map(|to| match to {
        Binding::Owned(owner) => clients.client(&view.file.module.site(*owner).symbol).map(|(library, _)| library),
        _ => None,
    });
    if let Some(sdk) = owner {
        return Some((sdk, sdk.own_http.as_ref()?, Confidence::High));
    }
    // `arguments["http_client"] = httpx.Client()`, in a file that has to do with one SDK.
    let before = view.file.source.text.get(..view.site.place.span.start).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("").replace(char::is_whitespace, "");
    if !line.ends_with("[\"http_client\"]=") {
        return None;
    }
    let imported = |library: &&Library| {
        let begins = |path: &String| path.split('.').next() == Some(library.package.as_str());
        library.own_http.is_some() && view.file.module.imports.iter().any(|(_, path)| begins(path))
    };
    let mut sdks = clients.libraries().iter().filter(imported);
    let sdk = sdks.next().filter(|_| sdks.next().is_none())?;
    Some((sdk, sdk.own_http.as_ref()?, Confidence::Medium))
}
