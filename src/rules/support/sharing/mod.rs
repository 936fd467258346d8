//! How to share a client where it is used: the advice that fits the code around it, in the user's own names.

mod python;
mod rust;

use super::SiteView;
use crate::clients::schema::Mode;
use crate::clients::{Clients, Made};
use crate::link::FunctionRef;
use crate::model::{ClientUse, Repeat, SiteKind, UseKind};

/// What to do, and the code that does it.
pub struct Advice {
    /// One or two sentences.
    pub help: String,
    /// Code, where the user's own names are enough to write it.
    pub code: Option<String>,
}

/// Advice for a client built too often.
pub fn advice(view: &SiteView<'_>) -> Advice {
    match view.is_rust() {
        true => rust::advice(view),
        false => python::advice(view),
    }
}

/// The class or type of the client that a one-shot's `instead` makes: `requests.Session`, `reqwest::Client`.
pub fn shared_type(clients: &Clients, instead: &str) -> String {
    let path = instead.split('(').next().unwrap_or(instead);
    match clients.made_by(path) {
        Some(Made::Client(symbol)) => symbol,
        Some(Made::Builder(_)) | None => path.to_owned(),
    }
}

/// Advice for a blocking client in async code.
pub use rust::async_instead;

/// A blocking client where waiting stops other tasks: not one to share. Rust only.
pub fn blocks_others(view: &SiteView<'_>) -> bool {
    if !view.is_rust() || view.mode() != Some(Mode::Sync) {
        return false;
    }
    let in_loop = view.site.place.repeats.last().is_some_and(Repeat::is_real);
    view.site.place.is_async || (view.site.symbol.contains("reqwest::blocking") && !in_loop && serves_async(view))
}

/// Whether async code waits for it, from a thread or a function of its own.
fn serves_async(view: &SiteView<'_>) -> bool {
    let program = view.file.program;
    let around = |at: &FunctionRef| Some(FunctionRef { id: program.function(*at).parent?, ..*at });
    let own = view.site.place.function.map(|function| view.file.function(function));
    let mut functions = own.into_iter().chain(view.lifetime.hot);
    let is_async = |at: FunctionRef| std::iter::successors(Some(at), around).any(|at| program.function(at).is_async);
    functions.any(is_async)
}

/// What is said of the client besides the advice `help`, with a space before it, where that does not say it already.
pub fn caveat(view: &SiteView<'_>, help: &str, caveat: &str) -> String {
    let twice = help.contains("runtime") && caveat.contains("runtime");
    if caveat.is_empty() || twice || blocks_others(view) { String::new() } else { format!(" {caveat}") }
}

fn is_async(view: &SiteView<'_>) -> bool {
    view.mode() == Some(Mode::Async)
}

/// Code built from locals of the function, or changed after it was built, cannot be moved as it stands.
fn needs_only_globals(view: &SiteView<'_>) -> bool {
    view.site.kind == SiteKind::OneShot || (is_movable(view) && view.site.reads.is_empty())
}

/// Whether all its settings are in sight, and the same for all its uses.
fn is_movable(view: &SiteView<'_>) -> bool {
    let changes =
        |usage: &ClientUse| usage.kind == UseKind::Assign || usage.path == "mount" || usage.path.contains("hook");
    view.site.kind == SiteKind::OneShot
        || (!view.site.open_ended && !view.uses().into_iter().any(changes) && view.site.loop_values.is_empty())
}
