//! A client that needs a region gets it from wherever the process happens to run, or not at all.

use super::support;
use super::{FileView, SiteView};
use crate::clients::schema::RegionSpec;
use crate::finding::{Confidence, Finding, Severity};
use crate::model::Value;

pub const NAME: &str = "region-unset";

pub fn check(views: &[&FileView<'_>]) -> Vec<Finding> {
    support::deployed_sites(views)
        .filter_map(|(site, named)| {
            let (library, spec) = site.spec()?;
            let region = spec.region.as_ref()?;
            let unset = is_unset(&site, region) && !region.variables.iter().any(|name| named(name));
            unset.then(|| finding(&site, region, &library.library))
        })
        .collect()
}

fn is_unset(site: &SiteView<'_>, spec: &RegionSpec) -> bool {
    let applies = spec.only_with.as_ref().is_none_or(|argument| {
        site.site.arguments.get(argument).is_some_and(|setting| setting.value == Value::Bool(true))
    });
    // A session, unlike a module, may carry the region.
    let session = site.site.receiver.as_ref().is_some_and(|session| {
        session.open_ended || spec.arguments.iter().any(|argument| session.arguments.contains_key(argument))
    });
    applies
        && !site.site.open_ended
        && !session
        && site.given(&spec.arguments).is_none()
        && site.given(&spec.endpoint_arguments).is_none()
}

fn finding(site: &SiteView<'_>, spec: &RegionSpec, library: &str) -> Finding {
    let variables = spec.variables.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let argument = spec.arguments.first().and_then(|place| place.rsplit('.').next()).unwrap_or("region");
    let pass = if site.is_rust() { format!("set `.{argument}(..)`") } else { format!("pass `{argument}=`") };
    site.draft(
        site.site.place.span,
        format!("no region for {}: neither the code nor the project's configuration names one", site.short()),
    )
    .severity(Severity::Advice)
    .confidence(Confidence::Medium)
    .why(format!("Without one it {}; which region it talks to depends on the machine it runs on.", spec.without))
    .help(format!("Set {variables} where the program is configured, or {pass}: the region nearest to where it runs."))
    .once(site.file, library)
    .finish(NAME, site.file.index)
}
