//! A streamed response is left before its end, and nothing closes it.

use super::{Draft, FileView, SiteView};
use crate::finding::{Confidence, Hop};
use crate::model::{SiteKind, Stream};

pub const NAME: &str = "stream-not-closed";

pub fn check(view: &FileView<'_>) -> Vec<Draft> {
    view.module.streams.iter().filter(|stream| !stream.closed).filter_map(|stream| finding(view, stream)).collect()
}

/// Whether the client loses its connection with each stream: because the source leaves it before its end, closed or not,
/// or because the library stops reading before the body ends.
pub fn leaves_stream(view: &SiteView<'_>) -> bool {
    let Some((library, spec)) = view.spec() else { return false };
    let Some(facts) = &library.streams else { return false };
    let resolved = view.file.project.resolved(library);
    let is_cut = |stream: &Stream| facts.cut_short.iter().any(|cut| cut.holds(&stream.path, spec.mode, &resolved));
    let is_left = |stream: &Stream| stream.left.is_some() && (stream.closed || facts.methods.contains(&stream.path));
    view.file.module.streams.iter().any(|stream| stream.site == view.id && (is_left(stream) || is_cut(stream)))
}

fn finding(view: &FileView<'_>, stream: &Stream) -> Option<Draft> {
    let left = stream.left?;
    let site = view.sites().find(|site| site.id == stream.site)?;
    let owner = site.spec().map(|(library, _)| library).or(site.one_shot().map(|(library, _)| library))?;
    let spec = owner.streams.as_ref()?;
    let is_client = site.site.kind == SiteKind::Client;
    if is_client && !spec.methods.contains(&stream.path) {
        return None;
    }
    // Closing the client closes what it has open.
    if site.site.scope.is_some_and(|scope| scope.contains(stream.call)) {
        return None;
    }
    // A client that goes with the call has no pool that anybody misses.
    let confidence = if site.long_lived().is_some() { Confidence::Medium } else { Confidence::Low };
    let call = view.source.slice(stream.call);
    let callee = call.split('(').next().unwrap_or(call).trim();
    let exit = view.source.slice(left.exit).split_whitespace().next().unwrap_or("break");
    let unread = spec.unread.as_deref().map_or(String::new(), |unread| format!(" {unread}"));
    let hop = |span, note: &str| Hop { file: view.index, span, note: note.to_owned() };
    Some(
        Draft::new(stream.call, format!("`{exit}` leaves the stream of `{callee}(..)` before its end, and nothing closes it"))
            .confidence(confidence)
            .why(format!(
                "The rest of the response is still on its connection, so that goes back to no pool: it stays open until the \
                 garbage collector finds it, takes the place of another, and the next call pays for a new one.{unread}"
            ))
            .help(format!("Read on to the end without using the rest, which keeps the connection; or close it: {}", spec.close))
            .chain(vec![hop(left.head, "read here"), hop(left.exit, "left here")])
            .client(site.client_ref()),
    )
}
