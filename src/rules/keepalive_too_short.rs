//! Idle connections are dropped before the next call comes.

use super::support::endpoint::{self, Host};
use super::support::view::describe;
use super::{Draft, SiteView};
use crate::clients::schema::{ClientSpec, Library};
use crate::finding::{Confidence, Severity};

pub const NAME: &str = "keepalive-too-short";

/// An expiry that somebody wrote down below the common default of 5 s throws connections away between two calls.
const SURELY_SHORT: f64 = 5.0;

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (library, spec) = view.long_lived().filter(|_| !view.lifetime.owned)?;
    if endpoint::of_client(view) == Host::Local {
        return None;
    }
    let expiry = view.effective("keepalive-expiry");
    let seconds = expiry.number().filter(|seconds| *seconds > 0.0)?;
    let threshold = view.file.thresholds.keepalive_expiry;
    let is_llm = spec.base_url.is_some() || spec.region.is_some() || is_vendors(library, spec);
    let (severity, confidence) = match expiry.set_at() {
        Some(_) if seconds >= threshold => return None,
        Some(_) if seconds < SURELY_SHORT => (Severity::Warning, Confidence::High),
        Some(_) => (Severity::Advice, Confidence::Medium),
        None if seconds > SURELY_SHORT.min(threshold) => return None,
        None if is_llm && view.serves_for_long() => (Severity::Advice, Confidence::Medium),
        None => (Severity::Advice, Confidence::Low),
    };
    let span = expiry.set_at().unwrap_or(view.site.place.span);
    let origin = if expiry.is_default() { format!(", the default of {}", library.library) } else { String::new() };
    let settings = describe(&expiry, " s");
    let target = if threshold <= 60.0 { 60.0 } else { threshold };
    Some(
        view.draft(span, format!("idle connections are dropped after {seconds} s{origin}"))
            .severity(severity)
            .confidence(confidence)
            .why(format!("A call that comes more than {seconds} s after the last one pays TCP and TLS set-up again: 2 round trips."))
            .help(format!(
                "Keep idle connections {threshold} to {target} s: longer than the pauses between calls, shorter than what servers and load \
                 balancers allow (60 to 75 s are common).{}",
                where_to_set(view, library, spec)
            ))
            .setting("keepalive_expiry", settings),
    )
}

/// A client of a vendor's SDK, Azure's endpoint of one's own included; the HTTP clients that the SDK offers are none.
fn is_vendors(library: &Library, spec: &ClientSpec) -> bool {
    library.hosts.is_some() && spec.carries.iter().any(|carrier| carrier.contains("client"))
}

/// Where the expiry is set for this client; the pool sizes must be restated beside it.
fn where_to_set(view: &SiteView<'_>, library: &Library, spec: &ClientSpec) -> String {
    if view.is_rust() {
        let method = view.first_place("keepalive-expiry");
        return method.map_or(String::new(), |method| format!(" It is set by `.{method}(Duration::from_secs(60))`."));
    }
    let limits = matches!(library.library.as_str(), "httpx" | "httpx2");
    match (limits, spec.carries.first()) {
        (true, _) => format!(" Name all three fields of `{}.Limits`: what is left out is unlimited.", library.library),
        (false, Some(carrier)) if carrier.contains("client") => {
            format!(
                " It is a limit of the client that is handed over as `{carrier}`; restate the pool sizes beside it."
            )
        }
        (false, _) => String::new(),
    }
}
