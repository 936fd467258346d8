//! More calls at once than the pool has connections.

use super::support::view::describe;
use super::{Draft, SiteView};
use crate::clients::schema::Http2;
use crate::finding::{Confidence, Severity};
use crate::model::Value;

pub const NAME: &str = "pool-too-small";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    view.long_lived().filter(|_| !view.lifetime.owned)?;
    let pool = view.effective("pool-max");
    let Some(size) = pool.number() else { return kept_idle(view) };
    let span = pool.set_at().unwrap_or(view.site.place.span);
    let Some((width, fan_out)) = view.concurrency() else { return below_floor(view, size) };
    if width as f64 <= size {
        return None;
    }
    let blocks = view.effective("pool-block");
    // A pool that blocks limits the calls on purpose.
    if blocks.is_true() {
        return None;
    }
    let why = match blocks.value {
        Value::Bool(false) => {
            "Calls beyond the pool open connections that are thrown away afterwards: each pays TCP and TLS set-up, 2 round trips."
        }
        _ => "Calls beyond the pool wait for a connection, and fail where a pool time-out is set.",
    };
    Some(
        view.draft(span, format!("a pool of {size} connections serves {width} calls at once"))
            .confidence(Confidence::Medium)
            .why(format!("`{}` runs {width} at once. {why}", fan_out.text.trim_end_matches(['(', '['])))
            .help(format!("Make the pool {width} connections, or run fewer calls at once."))
            .setting("pool_max", describe(&pool, "")),
    )
}

/// Rust clients open as many connections as there are calls, and keep some of them: what is beyond is closed after each
/// burst. Over HTTP/2 one connection serves all.
fn kept_idle(view: &SiteView<'_>) -> Option<Draft> {
    let (_, spec) = view.spec().filter(|_| view.is_rust())?;
    let idle = view.effective("pool-idle");
    let size = idle.number().filter(|size| *size > 0.0)?;
    let http2 = view.effective("http2");
    let shares = spec.http2 != Http2::Never && http2.value != Value::Bool(false);
    if http2.is_true() {
        return None;
    }
    let concurrency = view.concurrency().filter(|(width, _)| *width as f64 > size);
    let (width, fan_out) = match concurrency {
        Some(found) => found,
        None => return one_idle(view, size),
    };
    let span = idle.set_at().unwrap_or(view.site.place.span);
    Some(
        view.draft(span, format!("of the connections of {width} calls at once, {size} stay open for the next burst"))
            .severity(Severity::Advice)
            .confidence(if shares { Confidence::Low } else { Confidence::Medium })
            .why(format!(
                "`{}` runs {width} at once. Over HTTP/1.1 each has a connection, and all but {size} of an idle host's are closed, so \
                 each burst connects anew: 8 threads in bursts made 53 connections for 80 requests where 3 were kept, 8 where 8 were \
                 (ureq 3.5.2, measured 2026-11-22).",
                fan_out.text.trim_end_matches(['(', '['])
            ))
            .help(match view.first_place("pool-idle") {
                Some(method) => format!("Set `.{method}({width})`, or run fewer calls at once."),
                None => format!("Keep {width} idle connections a host, or run fewer calls at once."),
            })
            .setting("pool_idle", describe(&idle, "")),
    )
}

/// One idle connection that somebody asked for, without concurrency in sight.
fn one_idle(view: &SiteView<'_>, size: f64) -> Option<Draft> {
    let idle = view.effective("pool-idle");
    let span = idle.set_at().filter(|_| size <= 1.0)?;
    Some(
        view.draft(span, "one idle connection a host is kept")
            .severity(Severity::Advice)
            .confidence(Confidence::Low)
            .why("Over HTTP/1.1, of calls that run at once all but one pay TCP and TLS set-up again with the next burst.")
            .help("Keep as many as there are calls at once.")
            .setting("pool_idle", describe(&idle, "")),
    )
}

/// Without concurrency in sight, a small explicit pool may well be meant.
fn below_floor(view: &SiteView<'_>, size: f64) -> Option<Draft> {
    let pool = view.effective("pool-max");
    let span = pool.set_at()?;
    let floor = view.file.thresholds.pool_floor;
    (size < floor as f64).then(|| {
        view.draft(span, format!("a pool of {size} connections"))
            .severity(Severity::Advice)
            .confidence(Confidence::Low)
            .why("Calls beyond the pool wait for a connection or open one that is thrown away.")
            .help(format!("Size the pool for the calls that run at once; {floor} is a usual floor."))
            .setting("pool_max", describe(&pool, ""))
    })
}
