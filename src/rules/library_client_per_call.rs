//! A dependency that builds a client for each request itself: nothing its user shares helps.

use super::{Draft, FileView};
use crate::finding::ClientRef;
use crate::source::Language;

pub const NAME: &str = "library-client-per-call";

pub fn check(view: &FileView<'_>) -> Vec<Draft> {
    let needed = view.module.dependencies.iter().filter(|dependency| dependency.is_normal);
    let found = needed.filter_map(|dependency| {
        let of_package = view.clients.libraries().iter().filter(|library| {
            library.language == Language::Rust && library.package == dependency.package
        });
        let (library, resolved, spec) = of_package.into_iter().find_map(|library| {
            let resolved = view.project.resolved(library);
            let spec = library.builds_per_call_in(&resolved)?;
            Some((library, resolved, spec))
        })?;
        let client = ClientRef {
            library: library.library.clone(),
            version: resolved.versions.exact().map(ToString::to_string),
            symbol: dependency.package.clone(),
            span: dependency.span,
        };
        let message = format!("{} builds an HTTP client for each request itself", resolved.shown(&library.library));
        Some(
            Draft::new(dependency.span, message)
                .client(client)
                .why(format!(
                    "This concerns {} ({}). Each such request pays TCP and TLS set-up, and the loading of certificates where the TLS \
                     library does that; a client of its own that the program keeps does not change it.",
                    spec.what.trim_end_matches('.'),
                    spec.source
                ))
                .help(spec.help.clone()),
        )
    });
    found.collect()
}
