//! An assignment to a client's attribute that the pool never reads.

use super::{Draft, SiteView};
use crate::model::UseKind;

pub const NAME: &str = "limits-changed-at-runtime";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    let (_, spec) = view.spec()?;
    let uses = view.uses();
    let assigned = uses.iter().find(|usage| {
        let attribute = usage.path.rsplit('.').next().unwrap_or(&usage.path);
        usage.kind == UseKind::Assign
            && usage.arguments.contains_key("=")
            && spec.inert.iter().any(|inert| inert == attribute)
    })?;
    Some(
        view.draft(assigned.place.span, format!("assigning `{}` changes nothing", assigned.path))
            .why("The pool was made with the client and reads its settings only then; this sets a plain attribute.")
            .help(format!("Give the value to `{}(..)` when it is built.", view.callee())),
    )
}
