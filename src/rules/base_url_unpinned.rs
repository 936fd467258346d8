//! The SDK's default host is used because nothing names one.

use super::support;
use super::{FileView, SiteView};
use crate::clients::schema::BaseUrlSpec;
use crate::finding::{Confidence, Finding, Severity};
use crate::model::Value;

pub const NAME: &str = "base-url-unpinned";

pub fn check(views: &[&FileView<'_>]) -> Vec<Finding> {
    support::deployed_sites(views)
        .filter_map(|(site, named)| {
            let spec = site.base_url()?;
            let message = unpinned(&site, spec, spec.variables.iter().any(|name| named(name)))?;
            Some(finding(&site, spec, message))
        })
        .collect()
}

/// What is wrong: a literal default hides the variable, or nothing sets either.
fn unpinned(site: &SiteView<'_>, spec: &BaseUrlSpec, known: bool) -> Option<String> {
    let variable = spec.variables.first()?;
    match site.given(&spec.arguments).map(|given| given.value) {
        Some(Value::Text(url)) if same_host(&url, &spec.default) => {
            Some(format!("the literal base URL hides the variable `{variable}`"))
        }
        None if !known && !site.site.open_ended && !may_be_set_later(site, spec) => {
            Some(format!("requests go to {} wherever this runs: nothing sets `{variable}`", host(&spec.default)))
        }
        _ => None,
    }
}

/// Another statement of the file calls the method that sets it, maybe on what this client has become.
fn may_be_set_later(site: &SiteView<'_>, spec: &BaseUrlSpec) -> bool {
    let methods = spec.arguments.iter().filter_map(|place| place.strip_prefix('@')?.split('.').next());
    methods.into_iter().any(|method| site.file.source.text.contains(&format!(".{method}(")))
}

fn finding(site: &SiteView<'_>, spec: &BaseUrlSpec, message: String) -> Finding {
    let literal = site.given(&spec.arguments).and_then(|given| given.set_at());
    let variable = spec.variables.first().map(String::as_str).unwrap_or_default();
    let help = match literal {
        Some(_) => format!("Leave the argument out: the SDK reads `{variable}` and falls back to the same host."),
        None => format!(
            "Write `{variable}={}` down where the program is configured, and change it there when `curl -w '%{{time_connect}}'` says \
             that a gateway or documented regional host is nearer.{} Do not guess a host: it receives the key.",
            spec.default,
            regions(site, spec)
        ),
    };
    site.draft(literal.unwrap_or(site.site.place.span), message)
        .severity(Severity::Advice)
        .confidence(Confidence::Medium)
        .why("Every new connection crosses the distance to that host; more than about 80 ms to connect means another continent.")
        .help(help)
        .once(site.file, variable)
        .finish(NAME, site.file.index)
}

/// What the vendor of the default host documents besides.
fn regions(site: &SiteView<'_>, spec: &BaseUrlSpec) -> String {
    let mut vendors = site.file.clients.libraries().iter().filter_map(|library| library.hosts.as_ref());
    let vendor = vendors.find(|vendor| vendor.owns(host(&spec.default)));
    vendor.map_or(String::new(), |vendor| format!(" {}", vendor.regions))
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn same_host(left: &str, right: &str) -> bool {
    host(left).eq_ignore_ascii_case(host(right))
}
