//! Advice for a client of an object that is itself built too often: what the object keeps is gone with it.

use super::super::{Advice, is_async};
use crate::lifetime::Level;
use crate::link::{ClassRef, Edge};
use crate::model::{Binding, ClassId, Repeat};
use crate::rules::SiteView;

/// What to do where objects of `class` come and go with the calls; `None` where they live longer.
pub fn short_lived(view: &SiteView<'_>, class: ClassId) -> Option<Advice> {
    let program = view.file.program;
    let class = program.names().canonical(ClassRef { file: view.file.index, id: class });
    let (built, _) = program.constructed(class).find(|(_, edge)| is_short_lived(view, *edge))?;
    let name = &program.class(built).name;
    let way = match is_async(view) {
        true => "where the event loop is owned (start-up, lifespan, the outermost coroutine), pass it in",
        false => "once per process, on first use (a module-level function with `functools.lru_cache`)",
    };
    let help = format!(
        "The `{name}` around it is itself built anew, and what it keeps is gone with it: build the `{name}` {way}, and let it \
         hold the client."
    );
    Some(Advice { help, code: None })
}

/// Whether `edge` constructs an object as often as the client is built.
fn is_short_lived(view: &SiteView<'_>, edge: Edge<'_>) -> bool {
    let (lifetime, place) = (view.lifetime, &edge.call.place);
    if lifetime.chain.iter().any(|hop| hop.file == edge.file && hop.span == place.span) {
        return true;
    }
    let outlives = |to: &Binding| !matches!(to, Binding::Local | Binding::Scoped | Binding::Dropped | Binding::Closed);
    let in_turn = lifetime.level < Level::PerTurn || place.repeats.iter().any(Repeat::is_real);
    let hot = lifetime.hot.filter(|hot| hot.file == edge.file && Some(hot.id) == place.function);
    hot.is_some() && in_turn && !edge.call.bindings.iter().any(outlives)
}
