//! An async client with many calls at once speaks HTTP/1.1 only.

use super::support::view::describe;
use super::{Draft, SiteView};
use crate::finding::{Confidence, Severity};
use crate::model::{FanOutKind, Value};

pub const NAME: &str = "http2-off";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    view.long_lived().filter(|_| view.may_opt_into_http2() && !view.lifetime.owned)?;
    let http2 = view.effective("http2");
    // Written down as off is a decision, and is left alone.
    if http2.value != Value::Bool(false) || !http2.is_default() {
        return None;
    }
    let fan_out = view.fan_outs(FanOutKind::Tasks).into_iter().next()?;
    Some(
        view.draft(view.site.place.span, format!("`{}` opens a connection for each call at once: HTTP/2 is off", view.callee()))
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
