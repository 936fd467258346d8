//! A setting that does nothing: without another one, beside another one, or in some version.

mod restated;
mod void;

use super::{Draft, SiteView};
use crate::model::Value;
use crate::source::Span;

pub const NAME: &str = "ignored-settings";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    without(view).or_else(|| void::check(view)).or_else(|| restated::check(view))
}

/// A setting without the one that it needs.
fn without(view: &SiteView<'_>) -> Option<Draft> {
    let (library, spec) = view.spec().filter(|_| !view.site.open_ended)?;
    let given = |name: &str| {
        let setting = view.site.arguments.get(name)?;
        (!matches!(setting.value, Value::Nothing | Value::Bool(false))).then_some(setting.span)
    };
    let idle: Vec<(&str, &str, Span)> = spec
        .needs
        .iter()
        .filter(|(_, needed)| given(needed).is_none())
        .filter_map(|(name, needed)| Some((name.as_str(), needed.as_str(), given(name)?)))
        .collect();
    let &(_, needed, span) = idle.first()?;
    let names = idle.iter().filter(|(_, other, _)| *other == needed).map(|(name, ..)| format!("`{name}`"));
    let names: Vec<String> = names.collect();
    let does = if names.len() == 1 { "does" } else { "do" };
    Some(
        view.draft(span, format!("{} {does} nothing without `{needed}`", names.join(" and ")))
            .why(format!(
                "{} reads it only together with `{needed}`, so what it was meant to do is not done.",
                library.library
            ))
            .help(format!("Set `{needed}` too, or leave {} out.", names.join(" and "))),
    )
}
