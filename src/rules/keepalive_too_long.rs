//! Idle connections are kept for longer than servers and load balancers keep theirs.

use super::support::endpoint::{self, Host};
use super::support::view::describe;
use super::{Draft, SiteView};
use crate::clients::schema::Mode;
use crate::finding::{Confidence, Severity};
use crate::model::Value;

pub const NAME: &str = "keepalive-too-long";

/// The longest of the common limits that close a connection with notice, in seconds: nginx.
const COMMON_LIMIT: f64 = 75.0;
/// Beyond this, in seconds, load balancers and NAT gateways of AWS drop a connection without a word.
const LONGEST_LIMIT: f64 = 350.0;

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    view.long_lived().filter(|_| !view.lifetime.owned)?;
    if endpoint::of_client(view) == Host::Local {
        return None;
    }
    let expiry = view.effective("keepalive-expiry");
    let span = expiry.set_at()?;
    let (how_long, confidence) = match (expiry.number(), &expiry.value) {
        (Some(seconds), _) if seconds > LONGEST_LIMIT => (format!("for {seconds} s"), Confidence::Medium),
        (Some(seconds), _) if seconds > COMMON_LIMIT => (format!("for {seconds} s"), Confidence::Low),
        (None, Value::Nothing) => ("without limit".to_owned(), Confidence::Medium),
        _ => return None,
    };
    Some(
        view.draft(span, format!("idle connections are kept {how_long}, longer than most servers keep them"))
            .severity(Severity::Advice)
            .confidence(confidence)
            .why(why(view, confidence == Confidence::Medium))
            .help("Keep idle connections 30 to 60 s: below the limit of whatever stands in front of the server.")
            .setting("keepalive_expiry", describe(&expiry, " s")),
    )
}

/// What the other side does, and what that does to the next request; `forgotten` where it lasts beyond what forgets.
fn why(view: &SiteView<'_>, forgotten: bool) -> String {
    let limits = "nginx closes an idle connection after 75 s, an AWS ALB after 60 s, and an AWS NLB or NAT gateway forgets it \
                  after 350 s (their defaults, looked up on 2026-11-22).";
    // hyper takes a connection out of its pool when it reads the end of it.
    let sees_the_end = view.is_rust() && view.mode() == Some(Mode::Async);
    let next = match (sees_the_end, forgotten) {
        (false, _) => "A request sent over such a connection fails, or waits until it is sent again over a new one.",
        (true, true) => {
            "What is closed with notice is taken out of the pool, and fails only where a request crosses the notice; what is \
             forgotten gives none: the next request over it fails, or hangs until a time-out."
        }
        (true, false) => {
            "What is closed is taken out of the pool as soon as the notice is read: only a request that crosses it fails, or is \
             sent again."
        }
    };
    format!("{limits} {next}")
}
