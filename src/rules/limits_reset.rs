//! Naming one field of a limits object sets the others to unlimited.

use super::{Draft, FileView};
use crate::clients::schema::ObjectSpec;
use crate::effective::reset_fields;
use crate::frameworks::Heat;

pub const NAME: &str = "limits-reset";

pub fn check(view: &FileView<'_>) -> Vec<Draft> {
    let objects = view.module.objects.iter().filter_map(|site| {
        let (library, spec) = view.clients.object(&site.object.symbol)?;
        let in_test = site.place.function.and_then(|function| view.entry(function));
        if in_test.is_some_and(|entry| entry.heat == Heat::Test) {
            return None;
        }
        let reset = reset_fields(&site.object, spec);
        if reset.is_empty() {
            return None;
        }
        let names = reset.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" and ");
        let message = format!("{names} left out: the pool has no limit");
        let owner = view.sites().find(|client| client.site.place.span.contains(site.object.span));
        let draft = match owner {
            Some(client) => client.draft(site.object.span, message),
            None => Draft::new(site.object.span, message),
        };
        Some(
            draft
                .why(format!(
                    "Giving `{}` replaces all limits, and what it does not name is unlimited: the defaults of {} are lost.",
                    site.object.symbol, library.library
                ))
                .help("Name every field. These are the library's own numbers for the ones left out.")
                .suggestion(suggestion(view.source.slice(site.object.span), &reset, spec)),
        )
    });
    objects.collect()
}

/// The user's own construction with the fields that it resets restated.
fn suggestion(written: &str, reset: &[&str], spec: &ObjectSpec) -> Option<String> {
    let inner = written.strip_suffix(')')?.trim_end().trim_end_matches(',');
    let restated = reset.iter().filter_map(|field| Some(format!("{field}={}", spec.library_defaults.get(*field)?)));
    (!inner.contains('\n')).then(|| format!("{inner}, {})", restated.collect::<Vec<_>>().join(", ")))
}
