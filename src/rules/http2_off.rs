//! An async client with many calls at once speaks HTTP/1.1 only.

use super::support::view::describe;
use super::{Draft, SiteView};
use crate::finding::{Confidence, Severity};
use crate::model::{FanOut, FanOutKind, Value};

pub const NAME: &str = "http2-off";

/// Fewer calls at once open so few connections that sharing one gains nothing.
const MANY: i64 = 5;

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    view.long_lived().filter(|_| view.may_opt_into_http2() && !view.is_rust() && !view.lifetime.owned)?;
    let http2 = view.effective("http2");
    // Written down as off is a decision, and is left alone.
    if http2.value != Value::Bool(false) || !http2.is_default() {
        return None;
    }
    let many = |fan_out: &&FanOut| fan_out.width.is_none_or(|width| width >= MANY);
    let fan_out = view.fan_outs(FanOutKind::Tasks).into_iter().find(many)?;
    Some(
        view.draft(view.site.place.span, format!("`{}` runs many calls at once over HTTP/1.1, a connection each", view.callee()))
            .severity(Severity::Advice)
            .confidence(Confidence::Medium)
            .why(format!(
                "`{}` runs calls side by side. Over HTTP/2 they would share one connection (1 socket instead of 20 for 20 calls); \
                 over a link of 50 ms that saved sockets and handshakes, not time.",
                fan_out.text.trim_end_matches(['(', '['])
            ))
            .help(
                "Try `http2=True` where the server offers it and many calls go to one host, with the `http2` extra installed, and \
                 measure. One connection carries at most 100 calls at once, and one read time-out ends all of them.",
            )
            .setting("http2", describe(&http2, "")),
    )
}
