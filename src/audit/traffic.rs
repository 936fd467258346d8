//! From a client to its pool, as far as the source and the facts about its library tell.

use super::predict::{Pool, PoolLife, Prediction, Workload, predict};
use crate::clients::schema::{AfterClose, AtMax, Http2Start, Library, PoolSpec};
use crate::effective::Effective;
use crate::lifetime::{Level, Lifetime};
use crate::model::{ClientSite, Guard, Object, SiteKind, Value};
use crate::rules::SiteView;

/// What `workload` does over the client's pool, or why that is not known.
pub fn of(view: &SiteView<'_>, workload: &Workload) -> Result<Prediction, String> {
    if view.lifetime.owned {
        return Err("its pool is that of the client it is handed to, and counted there".to_owned());
    }
    if let Some(text) = fails(view) {
        return Ok(Prediction::failing(text));
    }
    Ok(predict(&pool(view)?, workload))
}

/// What stops the program, where something does.
fn fails(view: &SiteView<'_>) -> Option<String> {
    let (_, spec) = view.spec()?;
    if view.lifetime.closed.is_some() && spec.after_close == AfterClose::Fails {
        return Some("it is used after it was closed".to_owned());
    }
    let loops = view.lifetime.across_loops.is_some() && spec.loop_bound;
    loops.then(|| "RuntimeError: Event loop is closed".to_owned())
}

fn pool(view: &SiteView<'_>) -> Result<Pool, String> {
    let library = pool_library(view)?;
    let spec = behaviour(view, library)?;
    let life = life(view)?;
    let blocks = || view.effective("pool-block").is_true();
    let at_max = if spec.at_max == AtMax::Open && blocks() { AtMax::Wait } else { spec.at_max };
    let http2 = super::settings::http2(view).ok_or("whether HTTP/2 is spoken is not known")?;
    let (max, idle, expiry_s) = match view.site.kind {
        // Only one call goes over it.
        SiteKind::OneShot => (None, None, None),
        SiteKind::Client if life == PoolLife::Call => (None, None, None),
        SiteKind::Client => (count(view, "pool-max")?, idle(view)?, limit(view, "keepalive-expiry")?),
    };
    let closes_each = idle == Some(0) || expiry_s == Some(0.0) || closes(view);
    Ok(Pool {
        life,
        max,
        idle,
        expiry_s,
        closes_each,
        http2,
        at_max,
        counted: spec.counted,
        http2_start: if spec.http2_sure.iter().any(|name| is_set(view, name)) {
            Http2Start::One
        } else {
            spec.http2_start
        },
        returns_late: spec.returns_late,
    })
}

/// The library whose pool is used: that of a client that is handed in, else the client's own.
fn pool_library<'a>(view: &SiteView<'a>) -> Result<&'a Library, String> {
    let clients = view.file.clients;
    let own = view.spec().map(|(library, _)| library).or(view.one_shot().map(|(library, _)| library));
    let mut library = own.ok_or("nothing is known of it in this version")?;
    let mut carried = carried(view)?;
    while let Some(object) = carried {
        let found = clients.client(&object.symbol).map(|(library, spec)| (library, Some(spec)));
        let found = found.or_else(|| clients.object(&object.symbol).map(|(library, _)| (library, None)));
        let (inner, spec) = found.ok_or_else(|| format!("`{}`, which is handed in, is not known", object.symbol))?;
        library = inner;
        let deeper = spec.and_then(|spec| spec.carries.iter().find_map(|name| object.arguments.get(name)));
        carried = match deeper.map(|setting| &setting.value) {
            Some(Value::Object(object)) => Some(object),
            _ => None,
        };
    }
    Ok(library)
}

/// What is handed in for the client's own pool.
pub fn carried<'a>(view: &SiteView<'a>) -> Result<Option<&'a Object>, String> {
    let carries = view.spec().map_or(&[][..], |(_, spec)| spec.carries.as_slice());
    let given = carries.iter().find_map(|name| Some((name, view.site.arguments.get(name)?)));
    match given.map(|(name, setting)| (name, &setting.value)) {
        None | Some((_, Value::Nothing | Value::Text(_))) => Ok(None),
        Some((_, Value::Object(object))) => Ok(Some(object)),
        Some((name, _)) => Err(format!("what is handed in as `{name}` is not known")),
    }
}

/// How the pools of `library` behave: its own, or those of the library below it.
fn behaviour<'a>(view: &SiteView<'a>, library: &'a Library) -> Result<&'a PoolSpec, String> {
    let project = view.file.project;
    let own = library.pool_of(&project.resolved(library));
    let below = || {
        let over = library.over_of(&project.resolved(library))?;
        let below = view.file.clients.libraries().iter().find(|below| below.library == over.library)?;
        below.pool_of(&project.resolved(below))
    };
    own.or_else(below).ok_or_else(|| format!("how {} keeps connections is not written down", library.library))
}

fn life(view: &SiteView<'_>) -> Result<PoolLife, String> {
    if view.site.kind == SiteKind::OneShot {
        return Ok(PoolLife::Call);
    }
    let inner = inner(view)?;
    let level = inner.map_or(view.lifetime.level, |(_, inner)| inner.level.min(view.lifetime.level));
    let amortised = view.site.amortised || inner.is_some_and(|(site, _)| site.amortised);
    match level {
        Level::Once | Level::PerObject if view.lifetime.closed.is_some() => Ok(PoolLife::Call),
        // Connections end with the runtime that drives them.
        Level::Once | Level::PerObject if view.lifetime.across_loops.is_some() => Ok(PoolLife::Round),
        Level::Once | Level::PerObject => Ok(PoolLife::Run),
        _ if amortised => Ok(PoolLife::Round),
        _ if view.site.guard == Some(Guard::Slot) => {
            Err("it is built where there is none, which may be once".to_owned())
        }
        _ => Ok(PoolLife::Call),
    }
}

/// The client of the same file that is handed in.
fn inner<'a>(view: &SiteView<'a>) -> Result<Option<(&'a ClientSite, &'a Lifetime)>, String> {
    let Some(object) = carried(view)? else { return Ok(None) };
    let sites = view.file.module.sites.iter().zip(view.file.lifetimes);
    Ok(sites.into_iter().find(|(site, _)| site.place.span == object.span))
}

/// A setting that is a number of connections; `None` for no limit.
fn count(view: &SiteView<'_>, setting: &str) -> Result<Option<u64>, String> {
    Ok(limit(view, setting)?.map(|number| number.max(0.0) as u64))
}

/// Idle connections that are kept, for one host.
fn idle(view: &SiteView<'_>) -> Result<Option<u64>, String> {
    let (one, all) = (count(view, "pool-idle")?, count(view, "pool-idle-total")?);
    Ok(one.into_iter().chain(all).min())
}

/// A setting that is a number; `None` for no limit, and where the library has no such setting.
fn limit(view: &SiteView<'_>, setting: &str) -> Result<Option<f64>, String> {
    let effective = view.effective(setting);
    match (&effective.value, effective.number()) {
        (_, Some(number)) => Ok(Some(number)),
        (Value::Nothing, _) => Ok(None),
        _ if !super::settings::applies(view, setting) => Ok(None),
        _ => Err(format!("{setting} is not known")),
    }
}

/// An argument that is given as `true`.
fn is_set(view: &SiteView<'_>, argument: &str) -> bool {
    view.site.arguments.get(argument).is_some_and(|given| given.value == Value::Bool(true))
}

/// Each connection is closed after its response.
fn closes(view: &SiteView<'_>) -> bool {
    let forced = |effective: Effective| effective.is_true();
    forced(view.effective("force-close")) || crate::rules::asks_to_close(view)
}
