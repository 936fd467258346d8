//! A client of a kind that leaks, never closed, returned or stored.

use super::{Draft, SiteView};
use crate::finding::Confidence;
use crate::lifetime::Level;
use crate::model::{Binding, UseKind};

pub const NAME: &str = "unclosed-client";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (_, spec) = view.spec()?;
    let stays = view.site.bindings.iter().all(|binding| matches!(binding, Binding::Local | Binding::Dropped));
    // A blocking SDK client closes itself when it is collected, which reference counting does soon.
    if view.is_sync() || !spec.leaks || !stays || view.lifetime.level < Level::PerCall || view.site.scope.is_some() {
        return None;
    }
    let uses = view.uses();
    let closed = uses.iter().any(|usage| usage.kind != UseKind::Assign && spec.close.contains(&usage.path));
    let shared = spec.carries.iter().any(|argument| view.site.arguments.contains_key(argument));
    if closed || shared || view.site.injectable {
        return None;
    }
    let close = spec.close.first()?;
    let name = view.site.name.as_deref().unwrap_or("client");
    Some(
        view.draft(view.site.place.span, format!("{} is closed only when the garbage collector runs", view.short()))
            .confidence(view.lifetime.confidence.min(Confidence::Medium))
            .why("Nothing closes it. Until it is collected its connections stay open, and sockets and file descriptors pile up.")
            .help(format!("Share one client; where it must be built here, close it: `async with .. as {name}:` or `await {name}.{close}()`."))
            .chain(view.lifetime.chain.clone()),
    )
}
