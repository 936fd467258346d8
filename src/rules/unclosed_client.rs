//! A client of a kind that leaks, never closed, returned or stored.

use super::{Draft, FileView, SiteView};
use crate::clients::schema::ClientSpec;
use crate::finding::{ClientRef, Confidence, Finding, Hop};
use crate::lifetime::{Level, Lifetimes};
use crate::link::SiteRef;
use crate::model::{Binding, UseKind};
use crate::source::Span;

pub const NAME: &str = "unclosed-client";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let spec = leaking(view)?;
    let stays = view.site.bindings.iter().all(|binding| matches!(binding, Binding::Local | Binding::Dropped));
    let closed = view.uses().iter().any(|usage| usage.kind != UseKind::Assign && spec.close.contains(&usage.path));
    if !stays || closed || view.lifetime.level < Level::PerCall || view.site.scope.is_some() {
        return None;
    }
    let draft = draft(view, spec, view.site.place.span)?;
    Some(draft.confidence(view.lifetime.confidence.min(Confidence::Medium)).chain(view.lifetime.chain.clone()))
}

/// What functions return, told where their callers leave it open.
pub fn check_callers(views: &[&FileView<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in views {
        let lifetimes = Lifetimes::new(file.program, file.entries);
        for view in file.sites() {
            let Some(spec) = leaking(&view) else { continue };
            for left in lifetimes.left_open(SiteRef { file: file.index, id: view.id }) {
                let Some(draft) = draft(&view, spec, left.span) else { continue };
                let span = view.site.place.span;
                let built = Hop { file: file.index, span, note: "built and returned here".to_owned() };
                let draft = draft
                    .confidence(left.confidence().min(Confidence::Medium))
                    .client(ClientRef { span: left.span, ..view.client_ref() })
                    .chain(left.chain(&built, "had here, and left open"));
                findings.push(draft.finish(NAME, left.file));
            }
        }
    }
    findings
}

/// What is known of a client that does not close itself.
fn leaking<'a>(view: &SiteView<'a>) -> Option<&'a ClientSpec> {
    let (_, spec) = view.spec()?;
    // A blocking SDK client closes itself when it is collected, which reference counting does soon.
    if view.is_sync() || !spec.leaks || view.site.injectable {
        return None;
    }
    let shared = spec.carries.iter().any(|argument| view.site.arguments.contains_key(argument));
    (!shared).then_some(spec)
}

fn draft(view: &SiteView<'_>, spec: &ClientSpec, span: Span) -> Option<Draft> {
    let close = spec.close.first()?;
    let name = view.site.name.as_deref().unwrap_or("client");
    Some(
        view.draft(span, format!("{} is closed only when the garbage collector runs", view.short()))
            .why("Nothing closes it. Until it is collected its connections stay open, and sockets and file descriptors pile up.")
            .help(format!("Share one client; where it must be built here, close it: `async with .. as {name}:` or `await {name}.{close}()`.")),
    )
}
