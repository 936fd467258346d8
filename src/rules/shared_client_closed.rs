//! A client that is kept for all calls, closed by one of them.

use super::{Draft, FileView};
use crate::clients::schema::AfterClose;
use crate::finding::{ClientRef, Confidence, Finding, Severity};
use crate::lifetime::Misuse;

pub const NAME: &str = "shared-client-closed";

pub fn check(views: &[&FileView<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for view in views {
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
