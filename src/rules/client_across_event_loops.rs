//! An async client that is kept longer than the event loop or runtime that its connections belong to.

use super::{Draft, SiteView};
use crate::clients::schema::Mode;

pub const NAME: &str = "client-across-event-loops";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (library, spec) = view.spec()?;
    let across = view.lifetime.across_loops.as_ref()?;
    if !(spec.loop_bound || spec.mode == Mode::Async) {
        return None;
    }
    let (what, starts, why, help) = match view.is_rust() {
        true => (
            "runtimes",
            "a runtime is made here",
            "Its idle connections are driven by the runtime that opened them. A later runtime takes one from the pool whose driver is gone, and the request fails (`dispatch task is gone`) or waits.",
            "Make one runtime for the process and enter it each time, or build the client inside the runtime that uses it.",
        ),
        false => (
            "event loops",
            "an event loop is made here",
            "Its connections belong to the loop that opened them. On the next loop a kept connection raises `RuntimeError: Event loop is closed`, or is thrown away and made anew.",
            "Run one event loop for the life of the process and hand coroutines to it; or open the client inside the coroutine; or keep one client for each loop, keyed by `asyncio.get_running_loop()`.",
        ),
    };
    let built = &view.lifetime.chain[0];
    Some(
        view.draft(view.site.place.span, format!("{} outlives the {what} that it is used on", view.short()))
            .confidence(across.confidence())
            .why(format!("{} keeps it for the process, or an object. {why}", library.library))
            .help(help)
            .chain(across.chain(built, starts)),
    )
}
