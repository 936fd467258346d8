//! Requests go to a host in a vendor's domain that no document of the vendor names.

use super::support::endpoint;
use super::{Draft, SiteView};
use crate::clients::schema::VendorHosts;
use crate::finding::{Confidence, Severity};
use crate::model::Value;
use crate::source::Span;

pub const NAME: &str = "undocumented-endpoint";

/// Arguments that clients in general take their host from.
const ARGUMENTS: [&str; 3] = ["base_url", "api_host", "server_url"];

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (target, span) = target(view)?;
    let host = endpoint::name_of(&target)?;
    let vendors = view.file.clients.libraries().iter().filter_map(|library| library.hosts.as_ref());
    let owner = vendors.into_iter().find(|vendor| vendor.owns(&host))?;
    let of_sdk = view.spec().is_some_and(|(library, _)| library.hosts.is_some());
    if owner.documents(&host) || !(of_sdk || is_api(&host)) {
        return None;
    }
    let VendorHosts { vendor, regions, .. } = owner;
    Some(
        view.draft(span, format!("no document of {vendor} names `{host}`"))
            .severity(Severity::Advice)
            .confidence(Confidence::Medium)
            .why(format!(
                "It may be the vendor's own and gone tomorrow, or made up: nothing says that it is nearer, or that it answers, and it \
                 receives the key. {regions}"
            ))
            .help(
                "Take a documented host, or measure this one (`curl -w '%{time_connect}'`) before you trust it. Where the vendor gave \
                 it to you, ignore the rule here with that reason.",
            ),
    )
}

/// What names the host: the base URL of a client, the URL of a one-shot.
fn target(view: &SiteView<'_>) -> Option<(Value, Span)> {
    if let Some((_, spec)) = view.one_shot() {
        let given = view.site.arguments.get("url").or(view.site.arguments.get(&spec.url.to_string()))?;
        return Some((given.value.clone(), given.span));
    }
    let (_, spec) = view.spec()?;
    let general = || ARGUMENTS.map(str::to_owned).to_vec();
    let places = spec.base_url.as_ref().map_or_else(general, |base| base.arguments.clone());
    let given = view.given(&places)?;
    let span = given.set_at()?;
    match given.value {
        Value::Env { default: Some(default), .. } => Some((*default, span)),
        value => Some((value, span)),
    }
}

/// Vendors have other hosts too, for documents and people: `api-docs.example.com`, `api.status.example.com`.
fn is_api(host: &str) -> bool {
    let words = || host.split(['.', '-']);
    words().any(|word| word == "api") && !words().any(|word| ["docs", "reference", "status", "console"].contains(&word))
}
