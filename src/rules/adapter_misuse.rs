//! An adapter that does not do what it was mounted for: it counts hosts, or serves none of the URLs.

use super::support::endpoint::{self, Host};
use super::{Draft, FileView, SiteView};
use crate::effective::number;
use crate::finding::Confidence;
use crate::model::{Binding, Module, ObjectSite, Setting, SiteId, UseKind, Value};
use crate::source::Span;
use std::collections::BTreeMap;

pub const NAME: &str = "adapter-misuse";

/// A call of `mount` on a session.
struct Mount<'a> {
    prefix: &'a Setting,
    adapter: Option<&'a Setting>,
}

pub fn check(view: &FileView<'_>) -> Vec<Draft> {
    let mounts = mounts(view.module);
    let sessions: Vec<_> = view.sites().filter_map(|site| Some((site, mounts.get(&site.id)?))).collect();
    let mut by_adapter: BTreeMap<Span, &SiteView<'_>> = BTreeMap::new();
    for (session, mount) in
        sessions.iter().flat_map(|(session, mounts)| mounts.iter().map(move |mount| (session, mount)))
    {
        if let Some(Value::Object(adapter)) = mount.adapter.map(|setting| &setting.value) {
            by_adapter.entry(adapter.span).or_insert(session);
        }
    }
    let session_of = |site: &ObjectSite| by_adapter.get(&site.object.span).copied();
    let raised = view.module.objects.iter().filter_map(|site| raised(view, site, session_of(site)));
    let unmatched = sessions.iter().filter_map(|(session, mounts)| unmatched(session, mounts));
    raised.chain(unmatched).collect()
}

/// Calls of `mount`, by session.
fn mounts(module: &Module) -> BTreeMap<SiteId, Vec<Mount<'_>>> {
    let mut mounts: BTreeMap<SiteId, Vec<Mount<'_>>> = BTreeMap::new();
    for usage in module.uses.iter().filter(|usage| usage.path == "mount" && usage.kind == UseKind::Call) {
        let argument = |name: &str, position: &str| usage.arguments.get(name).or(usage.arguments.get(position));
        if let Some(prefix) = argument("prefix", "0") {
            mounts.entry(usage.site).or_default().push(Mount { prefix, adapter: argument("adapter", "1") });
        }
    }
    mounts
}

/// A field is raised that counts something else than what was meant.
fn raised(view: &FileView<'_>, site: &ObjectSite, session: Option<&SiteView<'_>>) -> Option<Draft> {
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
    let host = session.map(endpoint::of_client);
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
fn unmatched(site: &SiteView<'_>, mounts: &[Mount<'_>]) -> Option<Draft> {
    let (library, _) = site.spec()?;
    // Of libraries whose sessions take adapters by prefix.
    if !library.arguments.values().flatten().any(|place| place.starts_with("@mount.")) {
        return None;
    }
    let fronts = endpoint::fronts(site);
    let fits = |prefix: &str| fronts.iter().flatten().any(|url| begin_alike(url, prefix));
    let without_scheme = |prefix: &str| lacks_scheme(prefix) && !fits(prefix);
    let mut known = mounts.iter().filter_map(|mount| Some((mount.prefix, text(mount.prefix)?)));
    if let Some((prefix, text)) = known.find(|(_, prefix)| without_scheme(prefix)) {
        let message = format!("an adapter is mounted under `{text}`, which no URL begins with");
        return Some(draft(site, prefix, message, Confidence::High));
    }
    if fronts.is_empty() || fronts.contains(&None) || goes_out_of_sight(site) {
        return None;
    }
    let prefixes: Vec<&str> = mounts.iter().map(|mount| text(mount.prefix)).collect::<Option<_>>()?;
    let first = mounts.first().filter(|_| !prefixes.iter().any(|prefix| fits(prefix)))?;
    let message = format!("adapters are mounted, but under `{}`, and no URL in sight begins so", prefixes.join("`, `"));
    Some(draft(site, first.prefix, message, Confidence::Medium))
}

/// Whether others send through the session too, or it sends what was prepared elsewhere.
fn goes_out_of_sight(site: &SiteView<'_>) -> bool {
    let handed = |binding: &Binding| {
        matches!(binding, Binding::Returned | Binding::Yielded | Binding::Argument(_) | Binding::Stored(_))
    };
    let own = site.site.place.span;
    let is_own = |given: &Setting| matches!(&given.value, Value::Object(object) if object.span == own);
    let lent = || site.file.module.calls.iter().any(|call| call.arguments.values().any(is_own));
    site.site.bindings.iter().any(handed) || site.uses().iter().any(|usage| usage.path == "send") || lent()
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

fn text(prefix: &Setting) -> Option<&str> {
    match &prefix.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// A host without its scheme, or a scheme that is misspelt: `api.example.com`, `https//`. A word may be a scheme of its own.
fn lacks_scheme(prefix: &str) -> bool {
    let prefix = prefix.to_ascii_lowercase();
    let misspelt = prefix.starts_with("http") && prefix.contains('/');
    !prefix.contains("://") && !"https://".starts_with(&prefix) && (prefix.contains('.') || misspelt)
}

/// Whether the known beginning of a URL and `prefix` agree as far as both go. A host that is asked by `http://` mostly sends
/// on to its `https://`.
fn begin_alike(url: &str, prefix: &str) -> bool {
    let (url, prefix) = (url.trim_start().to_ascii_lowercase(), prefix.to_ascii_lowercase());
    let agree = |url: &str, prefix: &str| url.starts_with(prefix) || prefix.starts_with(url);
    match (url.split_once("://"), prefix.split_once("://")) {
        (Some((_, url)), Some((_, host))) if !host.is_empty() => agree(url, host),
        _ => agree(&url, &prefix),
    }
}
