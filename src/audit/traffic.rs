//! From a client to its pool, as far as the source and the facts about its library tell.

use super::handed::{inner, pool_library};
use super::predict::{Pool, PoolLife, Prediction, Workload, predict};
use super::{collected, settings};
use crate::clients::schema::{AfterClose, AtMax, Http2Start, Library, PoolSpec};
use crate::finding::Confidence;
use crate::lifetime::Level;
use crate::link::CLOSING;
use crate::model::{Guard, SiteKind, Value};
use crate::project::Presence;
use crate::rules::{SiteView, asks_to_close, leaves_stream};

/// Libraries that stand one over another.
const LAYERS: usize = 4;

/// Settings that limit the connections to one host.
const MAX: [&str; 2] = ["pool-max", "pool-max-per-host"];
/// Settings that limit the idle connections to one host.
const IDLE: [&str; 2] = ["pool-idle", "pool-idle-total"];

/// What `workload` does over the client's pool, or why that is not known.
pub fn of(view: &SiteView<'_>, workload: &Workload) -> Result<Prediction, String> {
    if view.lifetime.owned {
        return Err("its pool is that of the client it is handed to, and counted there".to_owned());
    }
    if let Some(text) = fails(view) {
        return Ok(Prediction::failing(text));
    }
    let pool = pool(view)?;
    match missing_for_http2(view, &pool) {
        Some(error) => Ok(Prediction::failing(error)),
        None => Ok(predict(&pool, workload)),
    }
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

/// What is raised where HTTP/2 is asked for without the package that it needs.
fn missing_for_http2(view: &SiteView<'_>, pool: &Pool) -> Option<String> {
    let library = pool_library(view).ok().filter(|_| pool.http2)?;
    let needs = behaviour(view, library).ok()?.http2_needs.as_ref()?;
    let presence = view.file.project.presence(&needs.package, &library.package);
    matches!(presence, Presence::Absent(_)).then(|| needs.error.clone())
}

fn pool(view: &SiteView<'_>) -> Result<Pool, String> {
    let spec = behaviour(view, pool_library(view)?)?;
    let life = life(view)?;
    let is = |setting: &str| view.effective(setting).is_true();
    let (max, idle, expiry_s) = match life {
        // Only one call goes over it.
        PoolLife::Call => (None, None, None),
        PoolLife::Round | PoolLife::Run => (least(view, MAX)?, least(view, IDLE)?, limit(view, "keepalive-expiry")?),
    };
    Ok(Pool {
        life,
        max,
        idle,
        expiry_s,
        closes_each: idle == Some(0) || expiry_s == Some(0.0) || is("force-close") || asks_to_close(view),
        leaves_unread: leaves_stream(view),
        closes_late: closes_late(view),
        http2: settings::http2(view).ok_or("whether HTTP/2 is spoken is not known")?,
        at_max: if spec.at_max == AtMax::Open && is("pool-block") { AtMax::Wait } else { spec.at_max },
        counted: spec.counted,
        http2_start: if spec.http2_sure.iter().any(|name| is_set(view, name)) {
            Http2Start::One
        } else {
            spec.http2_start
        },
        returns_late: spec.returns_late,
    })
}

/// How the pools of `library` behave: its own, or those of the libraries below it.
fn behaviour<'a>(view: &SiteView<'a>, library: &'a Library) -> Result<&'a PoolSpec, String> {
    let resolved = |library: &Library| view.file.project.resolved(library);
    let below = |upper: &&'a Library| view.file.clients.below(upper, &resolved(upper));
    // An object over an SDK over an HTTP client.
    let mut layers = std::iter::successors(Some(library), below).take(LAYERS);
    layers
        .find_map(|layer| layer.pool_of(&resolved(layer)))
        .ok_or_else(|| format!("how {} keeps connections is not written down", library.library))
}

fn life(view: &SiteView<'_>) -> Result<PoolLife, String> {
    if view.process_wide().is_some() {
        return Ok(PoolLife::Run);
    }
    if view.site.kind == SiteKind::OneShot {
        return Ok(PoolLife::Call);
    }
    let inner = inner(view)?;
    let level = inner.map_or(view.lifetime.level, |(_, inner)| inner.level.min(view.lifetime.level));
    let amortised = view.site.amortised || inner.is_some_and(|(site, _)| site.amortised);
    match level {
        _ if collected::each_call_adds(view) => Err("how many calls go over each of them is not known".to_owned()),
        Level::Once | Level::PerObject if view.lifetime.closed.is_some() => Ok(PoolLife::Call),
        // Connections end with the runtime that drives them.
        Level::Once | Level::PerObject if view.lifetime.across_loops.is_some() => Ok(PoolLife::Round),
        Level::Once | Level::PerObject => Ok(PoolLife::Run),
        _ if amortised => Ok(PoolLife::Round),
        // What is closed by who uses it is surely built again, and its confidence is not low.
        _ if view.site.guard == Some(Guard::Slot) && view.lifetime.confidence == Confidence::Low => {
            Err("it is built where there is none, which may be once".to_owned())
        }
        _ => Ok(PoolLife::Call),
    }
}

/// The least of two settings that are numbers of connections; `None` for no limit.
fn least(view: &SiteView<'_>, settings: [&str; 2]) -> Result<Option<u64>, String> {
    let [one, other] = settings.map(|setting| limit(view, setting));
    let numbers = one?.into_iter().chain(other?).map(|number| number.max(0.0) as u64);
    Ok(numbers.min())
}

/// A setting that is a number; `None` for no limit, and where the library has no such setting.
fn limit(view: &SiteView<'_>, setting: &str) -> Result<Option<f64>, String> {
    let effective = settings::effective(view, setting);
    match (&effective.value, effective.number()) {
        (_, Some(number)) => Ok(Some(number)),
        (Value::Nothing, _) => Ok(None),
        _ if !settings::applies(view, setting) => Ok(None),
        _ => Err(format!("{setting} is not known")),
    }
}

/// A client that nothing closes, and whose connections do not end with it.
fn closes_late(view: &SiteView<'_>) -> bool {
    let Some((_, spec)) = view.spec() else { return false };
    let closes = |path: &str| spec.close.iter().any(|method| method == path) || CLOSING.contains(&path);
    let closed = view.site.scope.is_some() || view.uses().iter().any(|usage| closes(&usage.path));
    // What cannot be closed is left to the collector in Python, and ends with its scope in Rust.
    let collected = spec.leaks || (spec.close.is_empty() && !view.is_rust());
    collected && !closed
}

/// An argument that is given as `true`.
fn is_set(view: &SiteView<'_>, argument: &str) -> bool {
    view.site.arguments.get(argument).is_some_and(|given| given.value == Value::Bool(true))
}
