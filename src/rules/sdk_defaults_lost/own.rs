//! The SDK's own HTTP client with a transport, which takes the SDK's limits from it.

use super::super::support::view::describe;
use super::super::{Draft, SiteView};
use crate::effective::Origin;
use crate::finding::Severity;

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (library, _) = view.spec().filter(|(library, _)| library.own_http.is_some())?;
    let transport = view.site.arguments.get("transport").filter(|_| view.site.symbol.contains(".Default"))?;
    let pool = view.effective("pool-max");
    let size = pool.number().filter(|_| matches!(pool.origin, Origin::Lost { .. }))?;
    // Limits that are said beside it are told of where they stand.
    if view.site.arguments.contains_key("limits") {
        return None;
    }
    Some(
        view.draft(transport.span, format!("`transport=` takes the limits of {} from `{}`", library.library, view.callee()))
            .severity(Severity::Advice)
            .why(format!(
                "The transport makes the connections: {size} at most, and the SDK's own limits and socket options are not used \
                 (anthropic/_base_client.py:1003-1036 of 2.12.0, openai/_base_client.py:970 of 3.54.0)."
            ))
            .help("Give the transport `limits=` too: the SDK's numbers are 1000 connections, 100 of them idle.")
            .setting("pool_max", describe(&pool, "")),
    )
}
