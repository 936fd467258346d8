//! A time-out of a client for an SDK that equals the default of httpx, and is taken for it.

use super::super::support::view::describe;
use super::super::{Draft, SiteView};

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (library, _) = view.spec()?;
    let restated = view.restated_timeout()?;
    let holds = view.effective("timeout");
    let instead = holds.number().filter(|_| holds.is_default())?;
    let seconds = restated.number().filter(|seconds| *seconds != instead)?;
    Some(
        view.draft(
            restated.set_at()?,
            format!("a time-out of {seconds} s does nothing: {} waits {instead} s", library.library),
        )
        .why(
            "The SDK cannot tell it from the default of the HTTP client, which it replaces by its own \
                 (introspected with anthropic 2.12.0 and openai 3.54.0 on 2026-11-22).",
        )
        .help("Give the SDK the time-out: `timeout=` of its own constructor, or of a request.")
        .setting("timeout", describe(&holds, " s")),
    )
}
