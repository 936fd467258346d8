//! Naming one field of a limits object sets the others to unlimited.

use super::{Draft, FileView};
use crate::effective::reset_fields;

pub const NAME: &str = "limits-reset";

pub fn check(view: &FileView<'_>) -> Vec<Draft> {
    let objects = view.module.objects.iter().filter_map(|site| {
        let (library, spec) = view.clients.object(&site.object.symbol)?;
        let reset = reset_fields(&site.object, spec);
        if reset.is_empty() {
            return None;
        }
        let restated = spec.library_defaults.iter().map(|(field, value)| format!("{field}={value}"));
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
                    "A `{}` that is given replaces all limits, and what it does not name is unlimited; it does not keep {}'s defaults.",
                    site.object.symbol, library.library
                ))
                .help(format!("Name every field; the library's own numbers are {}.", restated.collect::<Vec<_>>().join(", "))),
        )
    });
    objects.collect()
}
