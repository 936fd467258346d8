//! A client that is kept for all calls, closed by one of them.

use super::{Draft, FileView, SiteView};
use crate::clients::schema::AfterClose;
use crate::finding::{ClientRef, Confidence, Finding, Hop, Severity};
use crate::lifetime::{Level, Misuse};

pub const NAME: &str = "shared-client-closed";

pub fn check(views: &[&FileView<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for view in views {
        findings.extend(view.sites().filter_map(|site| with_its_owner(&site)));
        for site in view.sites() {
            let (Some((_, spec)), Some(closed)) = (site.spec(), &site.lifetime.closed) else { continue };
            // A client that has nothing to close is not closed.
            if spec.close.is_empty() {
                continue;
            }
            let fails = spec.after_close == AfterClose::Fails && !closed.remade;
            let why = match fails {
                true => "A closed client stays closed: the next call that uses it raises.",
                false if closed.remade => {
                    "The next call finds it closed and builds another: it pays TCP and TLS set-up again."
                }
                false => {
                    "Closing drops all its connections, those of other calls included: the next call pays TCP and TLS set-up again."
                }
            };
            let built = &site.lifetime.chain[0];
            let draft = Draft::new(closed.span, said(&site.short(), closed))
                .severity(if fails && closed.confidence() == Confidence::High { Severity::Error } else { Severity::Warning })
                .confidence(closed.confidence())
                .client(ClientRef { span: closed.span, ..site.client_ref() })
                .why(why)
                .help("Close it where the program ends (lifespan, shutdown hook), and use it here without `with`; or build one here, if this call alone needs it.")
                .chain(closed.chain(built, "closed here"));
            findings.push(draft.finish(NAME, closed.file));
        }
    }
    findings
}

fn said(client: &str, closed: &Misuse) -> String {
    let remade = if closed.remade { " and built anew" } else { "" };
    format!("{client}, which is shared, is closed{remade} {}", every(closed))
}

fn every(closed: &Misuse) -> String {
    match &closed.heat.entry {
        Some(entry) => format!("{} ({})", entry.every(), entry.what),
        None => "each time".to_owned(),
    }
}

/// `with Sdk(http_client=shared):` closes what it was handed.
fn with_its_owner(site: &SiteView<'_>) -> Option<Finding> {
    let (library, spec) = site.spec().filter(|_| site.site.scope.is_some())?;
    let lifetime = site.lifetime;
    if lifetime.level < Level::PerCall || lifetime.confidence == Confidence::Low {
        return None;
    }
    let shared = site.handed(&spec.closes)?;
    let span = site.site.place.span;
    let message =
        format!("{}, which is shared, is closed {}, at the end of this `with`", shared.short(), site.how_often());
    let severity = if lifetime.confidence == Confidence::High { Severity::Error } else { Severity::Warning };
    let hop = |span, note: &str| Hop { file: site.file.index, span, note: note.to_owned() };
    let draft = site
        .draft(span, message)
        .severity(severity)
        .confidence(lifetime.confidence)
        .why(format!(
            "An {} object closes the HTTP client that it was handed with itself: the next call that uses that raises.",
            library.library
        ))
        .help("Use the object without `with`: the HTTP client is closed where the program ends.")
        .chain(vec![hop(shared.site.place.span, "built here"), hop(span, "closed here")]);
    Some(draft.finish(NAME, site.file.index))
}
