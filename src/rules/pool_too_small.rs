//! More calls at once than the pool has connections.

use super::support::view::describe;
use super::{Draft, SiteView};
use crate::finding::{Confidence, Severity};
use crate::model::Value;

pub const NAME: &str = "pool-too-small";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    view.long_lived().filter(|_| !view.lifetime.owned)?;
    let pool = view.effective("pool-max");
    let size = pool.number()?;
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
