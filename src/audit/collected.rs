//! Clients that a function adds to a collection: kept, and yet one more with each call.

use crate::frameworks::Heat;
use crate::lifetime::Level;
use crate::link::FunctionRef;
use crate::model::Binding;
use crate::rules::SiteView;

/// Methods that make a collection longer.
const ADDING: [&str; 5] = ["add", "append", "appendleft", "push", "push_back"];

/// Whether each call adds a client, or what holds it, to what outlives the call.
pub fn each_call_adds(view: &SiteView<'_>) -> bool {
    let adds = |to: &Binding| matches!(to, Binding::Stored(method) if ADDING.contains(&method.as_str()));
    let Some(id) = view.site.place.function else { return false };
    let function = FunctionRef { file: view.file.index, id };
    let once = || view.file.entries.get(function).is_some_and(|entry| entry.heat != Heat::PerRequest);
    let constructs = || view.file.program.constructed_by(function).is_some();
    let unguarded = view.lifetime.level == Level::Once && view.site.guard.is_none();
    unguarded && view.site.bindings.iter().any(adds) && !once() && !constructs()
}
