//! A blocking client with HTTP/2, shared by threads: requests are lost.

use super::{Draft, SiteView};
use crate::finding::Confidence;
use crate::frameworks::Heat;
use crate::lifetime::Entry;
use crate::model::FanOutKind;

pub const NAME: &str = "http2-sync-threads";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (_, spec) = view.spec()?;
    if !spec.http2_thread_race || !view.effective("http2").is_true() || view.lifetime.owned {
        return None;
    }
    let (threads, confidence) = threads(view)?;
    let span = view.effective("http2").set_at().unwrap_or(view.site.place.span);
    Some(
        view.draft(span, "threads share a blocking client that speaks HTTP/2: requests get lost")
            .confidence(confidence)
            .why(format!(
                "{threads}. Two threads can take the same stream id, since nothing locks it; up to 23 % of POSTs failed with 20 and 50 \
                 threads (httpx 0.28.1, httpx2 2.16.2; encode/httpx#3072)."
            ))
            .help("Leave HTTP/2 off in a blocking client that threads share; for HTTP/2, use the async client on one event loop."),
    )
}

/// The threads in sight, and how sure it is that they share the client.
fn threads(view: &SiteView<'_>) -> Option<(String, Confidence)> {
    if let Some(fan_out) = view.fan_outs(FanOutKind::Threads).into_iter().next() {
        return Some((format!("`{}` runs in threads", fan_out.text.trim_end_matches(['(', '['])), Confidence::High));
    }
    let handler = view.uses().into_iter().find_map(|usage| {
        let function = usage.place.function?;
        let entry: &Entry = view.file.entry(function)?;
        let blocking = !view.file.module.function(function).is_async;
        (entry.heat == Heat::PerRequest && blocking).then_some(entry)
    })?;
    view.lifetime
        .level
        .is_long()
        .then(|| (format!("{} runs in the server's threads", handler.what), handler.confidence))
}
