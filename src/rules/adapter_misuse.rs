//! An adapter that does not do what it was mounted for: it counts hosts, or serves none of the URLs.

use super::support::endpoint::{self, Host};
use super::{Draft, FileView, SiteView};
use crate::effective::number;
use crate::finding::Confidence;
use crate::model::{ClientUse, Object, ObjectSite, Setting, UseKind, Value};

pub const NAME: &str = "adapter-misuse";

pub fn check(view: &FileView<'_>) -> Vec<Draft> {
    let raised = view.module.objects.iter().filter_map(|object| raised(view, object));
    let mounted = view.sites().filter_map(|site| unmatched(&site)).collect::<Vec<_>>();
    raised.chain(mounted).collect()
}

/// A field is raised that counts something else than what was meant.
fn raised(view: &FileView<'_>, site: &ObjectSite) -> Option<Draft> {
    let (_, spec) = view.clients.object(&site.object.symbol).filter(|_| !site.object.open_ended)?;
    let given = |field: &str| {
        let position = spec.positional.iter().position(|name| name == field).map(|at| at.to_string());
        site.object.arguments.get(field).or(site.object.arguments.get(&position?))
    };
    let (field, other, setting) = spec.mistaken.iter().find_map(|(field, other)| {
        let setting = given(field).filter(|_| given(other).is_none())?;
        Some((field, other, setting))
    })?;
    let (count, unset) = (number(&setting.value)?, spec.unset.get(field)?.as_integer()?);
    if count <= unset as f64 {
        return None;
    }
    // A session for many hosts is what the field is for.
    let session = view.sites().find(|client| mounts(client).any(|(_, adapter)| is_object(adapter, &site.object)));
    let host = session.as_ref().map(endpoint::of_client);
    if host == Some(Host::Arbitrary) {
        return None;
    }
    let draft = Draft::new(setting.span, format!("`{field}={count}` counts hosts: each still keeps {unset} connections"))
        .confidence(if host.is_some() { Confidence::Medium } else { Confidence::Low })
        .why(format!(
            "`{field}` is for how many hosts a pool is kept; how many connections each pool keeps is `{other}`, {unset} by default. \
             What more threads open is thrown away after one request: 37 of the 47 connections of 50 threads."
        ))
        .help(format!("Set `{other}` to the number of threads that call at once; `{field}` may go where all calls are to a few hosts."));
    Some(match session {
        Some(client) => draft.client(client.client_ref()),
        None => draft,
    })
}

/// No prefix that adapters are mounted under fits a URL in use.
fn unmatched(site: &SiteView<'_>) -> Option<Draft> {
    let (library, _) = site.spec()?;
    // Of libraries whose sessions take adapters by prefix.
    if !library.arguments.values().flatten().any(|place| place.starts_with("@mount.")) {
        return None;
    }
    let mounts: Vec<_> = mounts(site).collect();
    if let Some((prefix, text)) =
        mounts.iter().find_map(|(prefix, _)| Some((prefix, text(prefix).filter(|text| !fits_any(text))?)))
    {
        let message = format!("an adapter is mounted under `{text}`, which no URL begins with");
        return Some(draft(site, prefix, message, Confidence::High));
    }
    let urls = endpoint::fronts(site).filter(|urls| !urls.is_empty())?;
    let prefixes: Vec<&str> = mounts.iter().map(|(prefix, _)| text(prefix)).collect::<Option<_>>()?;
    let misses = |prefix: &&str| urls.iter().all(|url| !begin_alike(url, prefix));
    let (first, _) = mounts.first().filter(|_| prefixes.iter().all(misses))?;
    let message = format!("adapters are mounted, but under `{}`, and no URL in sight begins so", prefixes.join("`, `"));
    Some(draft(site, first, message, Confidence::Medium))
}

fn draft(site: &SiteView<'_>, prefix: &Setting, message: String, confidence: Confidence) -> Draft {
    site.draft(prefix.span, message)
        .confidence(confidence)
        .why(
            "A session takes the adapter with the longest prefix that the URL begins with. What this one was set up for, pool \
             size or retries, holds for no request; the default adapter with 10 connections serves them.",
        )
        .help("Mount it under the scheme that is used, mostly `https://`, or under scheme and host: `https://api.example.com/`.")
}

/// Calls of `mount` on a session: prefix and adapter.
fn mounts<'a>(site: &SiteView<'a>) -> impl Iterator<Item = (&'a Setting, Option<&'a Setting>)> {
    let calls = site.uses().into_iter().filter(|usage| usage.path == "mount" && usage.kind == UseKind::Call);
    calls.filter_map(|usage: &'a ClientUse| {
        let argument = |name: &str, position: &str| usage.arguments.get(name).or(usage.arguments.get(position));
        Some((argument("prefix", "0")?, argument("adapter", "1")))
    })
}

fn is_object(adapter: Option<&Setting>, object: &Object) -> bool {
    matches!(adapter.map(|setting| &setting.value), Some(Value::Object(mounted)) if mounted.span == object.span)
}

fn text(prefix: &Setting) -> Option<&str> {
    match &prefix.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether some URL begins with `prefix`: `https://`, `http`, `s3://bucket`.
fn fits_any(prefix: &str) -> bool {
    prefix.contains("://") || "https://".starts_with(&prefix.to_ascii_lowercase())
}

/// Whether the known beginning of a URL and `prefix` agree as far as both go.
fn begin_alike(url: &str, prefix: &str) -> bool {
    let (url, prefix) = (url.to_ascii_lowercase(), prefix.to_ascii_lowercase());
    url.starts_with(&prefix) || prefix.starts_with(&url)
}
