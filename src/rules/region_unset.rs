//! A client that needs a region gets it from wherever the process happens to run, or not at all; or its users cannot
//! choose one.

use super::support;
use super::{Draft, FileView, SiteView};
use crate::clients::schema::{Library, RegionSpec};
use crate::clients::versions::{Fit, Versions};
use crate::effective::service;
use crate::finding::{Confidence, Finding, Hop, Severity};
use crate::model::{FunctionId, SiteKind, Value};
use std::collections::HashMap;

pub const NAME: &str = "region-unset";

pub fn check(views: &[&FileView<'_>]) -> Vec<Finding> {
    let mut outside = HashMap::new();
    let unset = support::deployed_sites(views).filter_map(|(site, named)| {
        let (library, spec) = site.spec()?;
        let region = spec.region.as_ref().filter(|region| is_unset(&site, region))?;
        let by_variable = region.variables.iter().any(|name| named(name));
        let mut any = |names: &'static str, all: &[String], holds: fn(&[&FileView<'_>], &str) -> bool| {
            all.iter().any(|name| *outside.entry((names, name.clone())).or_insert_with(|| holds(views, name)))
        };
        let is_set =
            by_variable || any("set-by", &region.set_by, sets) || any("set-under", &region.set_under, runs_under);
        (!is_set).then(|| unset(&site, region, library)).flatten()
    });
    let libraries = views.iter().filter(|view| view.project.is_library);
    let fixed = libraries.flat_map(|view| view.sites()).filter_map(|site| fixed(&site));
    unset.chain(fixed).collect()
}

/// Whether the code calls `name`, or assigns it.
fn sets(views: &[&FileView<'_>], name: &str) -> bool {
    let forms = [format!("{name}("), format!("{name} = ")];
    views.iter().any(|view| forms.iter().any(|form| view.source.text.contains(form)))
}

/// Whether the project has an entry point of this kind, whose platform sets the variables.
fn runs_under(views: &[&FileView<'_>], kind: &str) -> bool {
    views.iter().any(|view| {
        let functions = (0..view.module.functions.len()).map(FunctionId);
        functions.filter_map(|id| view.entry(id)).any(|entry| entry.kind == kind)
    })
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
        && !(session || spec.of_session)
        && site.given(&spec.arguments).is_none()
        && site.given(&spec.endpoint_arguments).is_none()
}

fn unset(site: &SiteView<'_>, spec: &RegionSpec, library: &Library) -> Option<Finding> {
    let mistaken = spec.not_read.iter().find(|name| site.file.project.runs_with(name));
    let service = service(&site.site.arguments);
    let needs = service.is_some_and(|service| !spec.not_for.iter().any(|other| other == service));
    if spec.only_mistaken && (mistaken.is_none() || !needs) {
        return None;
    }
    let variables = variables(spec);
    let argument = spec.arguments.first().and_then(|place| place.rsplit('.').next()).unwrap_or("region");
    let pass = if site.is_rust() { format!("set `.{argument}(..)`") } else { format!("pass `{argument}=`") };
    let message = match mistaken {
        Some(name) => format!(
            "no region for {}: {} does not read `{name}`, which is what the project sets",
            site.short(),
            library.library
        ),
        None => format!("no region for {}: neither the code nor the project's configuration names one", site.short()),
    };
    let draft = advice(site, message)
        .why(format!(
            "Without one it {}; which region it talks to depends on the machine it runs on.",
            without(site, spec, library)
        ))
        .help(format!(
            "Set {variables} where the program is configured, or {pass}: the region nearest to where it runs."
        ))
        .once(site.file, &library.library);
    Some(draft.finish(NAME, site.file.index))
}

/// What the SDK reads the region from, for people.
fn variables(spec: &RegionSpec) -> String {
    spec.variables.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// A package that others install names one region for all of them.
fn fixed(site: &SiteView<'_>) -> Option<Finding> {
    let (_, client) = site.spec()?;
    let spec = client.region.as_ref().filter(|spec| !spec.only_mistaken)?;
    let given = site.given(&spec.arguments)?;
    let (Value::Text(region), Some(span)) = (&given.value, given.set_at()) else { return None };
    // What stands beside an endpoint is for the signature; a script is for whoever wrote it.
    let excused = site.given(&spec.endpoint_arguments).is_some() || site.file.program.is_aside(site.file.index);
    // A place that is no place is near to everybody; a client that may be handed in is a default.
    let chosen = spec.global.contains(region) || site.site.injectable;
    if site.site.kind != SiteKind::Client || excused || chosen {
        return None;
    }
    let variables = variables(spec);
    let draft = advice(
        site,
        format!("the region `{region}` is written into a package: whoever installs it cannot choose a nearer one"),
    )
    .why("Each call crosses the distance to that region, a cold one at least 3 times: TCP, TLS, request.")
    .help(format!(
        "Leave the argument out where nothing is configured, so that the SDK reads {variables}; or make it a parameter."
    ));
    let hop = |span, note: &str| Hop { file: site.file.index, span, note: note.to_owned() };
    let chain = vec![hop(span, "written here"), hop(site.site.place.span, "built here")];
    Some(draft.chain(chain).finish(NAME, site.file.index))
}

fn advice(site: &SiteView<'_>, message: String) -> Draft {
    site.draft(site.site.place.span, message).severity(Severity::Advice).confidence(Confidence::Medium)
}

/// What happens without a region in the version that the project has.
fn without(site: &SiteView<'_>, spec: &RegionSpec, library: &Library) -> String {
    let Some(before) = &spec.before else { return spec.without.clone() };
    let versions = site.file.project.resolved(library).versions;
    match versions.fit(None, Some(&before.version)) {
        Fit::Whole => before.without.clone(),
        Fit::None if versions != Versions::Unknown => spec.without.clone(),
        _ => format!("{} (before {} {}: {})", spec.without, library.library, before.version, before.without),
    }
}
