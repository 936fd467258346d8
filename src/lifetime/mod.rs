//! How often is a client built? A small lattice, joined over all known callers.

mod ends;
mod entry;
mod handed;
mod heat;
mod shared;
mod way;

pub use entry::{Entries, Entry};
pub use heat::Heat;
pub use shared::Misuse;

use crate::finding::{Confidence, Hop};
use crate::link::{FunctionRef, Program, SiteRef};
use crate::model::{Binding, ClientSite, Guard, Repeat, SiteId, SiteKind};
use serde::Serialize;

/// How often a construction runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// At import, in `main`, in a start-up hook, or memoised.
    Once,
    /// In a constructor, kept on the object.
    PerObject,
    /// In a function with unknown callers.
    PerCall,
    /// For each request, task, tool call.
    PerRequest,
    /// In each turn of a loop or fan-out.
    PerTurn,
}

impl Level {
    /// The client outlives a call, so that its keep-alive and pool matter.
    pub fn is_long(self) -> bool {
        self <= Level::PerObject
    }
}

/// How often one client is built, and how that is known.
#[derive(Debug, Clone)]
pub struct Lifetime {
    /// How often.
    pub level: Level,
    /// How sure.
    pub confidence: Confidence,
    /// Built, returned, called: the shortest way to the heat, the construction first; then what other ways add to it.
    pub chain: Vec<Hop>,
    /// The entry point at the hot end.
    pub entry: Option<Entry>,
    /// The function at the hot end.
    pub hot: Option<FunctionRef>,
    /// The pool of another client of the file: judged there.
    pub owned: bool,
    /// In a test or fixture.
    pub test: bool,
    /// It is built for an event loop that is made for what uses it, and ends with that.
    pub new_loop: bool,
    /// It is kept, and closed by code that runs again and again.
    pub closed: Option<Misuse>,
    /// It is kept, and used on event loops that are made again and again.
    pub across_loops: Option<Misuse>,
}

impl Lifetime {
    fn of_heat(heat: Heat) -> Self {
        Self {
            level: heat.level,
            confidence: heat.confidence,
            chain: heat.chain,
            entry: heat.entry,
            hot: heat.hot,
            owned: false,
            test: heat.test,
            new_loop: heat.new_loop,
            closed: None,
            across_loops: None,
        }
    }
}

/// Works out the lifetimes of clients.
pub struct Lifetimes<'m> {
    program: &'m Program<'m>,
    entries: &'m Entries,
}

impl<'m> Lifetimes<'m> {
    /// For the clients of `program`, of which `entries` are the entry points.
    pub fn new(program: &'m Program<'m>, entries: &'m Entries) -> Self {
        Self { program, entries }
    }

    /// The lifetime of each client of a file, by [`SiteId`].
    pub fn of_file(&self, file: usize) -> Vec<Lifetime> {
        (0..self.program.module(file).sites.len()).map(|at| self.of(SiteRef { file, id: SiteId(at) })).collect()
    }

    fn of(&self, at: SiteRef) -> Lifetime {
        let site = self.program.module(at.file).site(at.id);
        let owned = site.bindings.iter().any(|binding| matches!(binding, Binding::Owned(_)));
        let heat = self.site_heat(at.file, site);
        let built = Hop { file: at.file, span: site.place.span, note: built_note(site) };
        let kept = heat.level <= Level::PerObject && !heat.test && site.kind == SiteKind::Client && !owned;
        let closed = if kept { self.closed(at, site) } else { None };
        match closed {
            // What is closed in each call and made again where it is missing is built in each call.
            Some(closed) if site.reopened => {
                let chain = closed.chain(&built, "closed here, and built again by the next call");
                let heat = closed.heat;
                Lifetime { chain, owned, ..Lifetime::of_heat(heat) }
            }
            closed => {
                // What an object builds on first use is built once for each of them.
                let guard = site.guard.filter(|_| !self.fills_an_object(at.file, site));
                let confidence =
                    if heat.level > Level::PerObject { doubt(site, guard, &heat) } else { heat.confidence };
                let across_loops = if kept { self.across_loops(at, site) } else { None };
                let chain = std::iter::once(built).chain(heat.chain.iter().cloned()).collect();
                Lifetime { chain, confidence, owned, closed, across_loops, ..Lifetime::of_heat(heat) }
            }
        }
    }

    /// A method that is no constructor puts the client into a field.
    fn fills_an_object(&self, file: usize, site: &ClientSite) -> bool {
        let in_field = site.bindings.iter().any(|binding| matches!(binding, Binding::SelfField(_)));
        let function = site.place.function.map(|id| FunctionRef { file, id });
        in_field && function.is_some_and(|function| self.program.constructed_by(function).is_none())
    }

    fn site_heat(&self, file: usize, site: &ClientSite) -> Heat {
        let goes = |wanted: fn(&Binding) -> bool| site.bindings.iter().any(wanted);
        if site.kind == SiteKind::OneShot {
            return self.site_place_heat(file, site);
        }
        // What `with` opens is closed at its end, wherever else it was put.
        let handed_out = goes(|binding| matches!(binding, Binding::Returned | Binding::Yielded));
        if site.scope.is_some() && !handed_out {
            return self.site_place_heat(file, site);
        }
        if goes(|binding| matches!(binding, Binding::ClassField(_))) {
            return Heat::kept();
        }
        if goes(|binding| matches!(binding, Binding::Global(_) | Binding::Stored(_))) {
            return self.slot_heat(file, site);
        }
        let function = site.place.function.map(|id| FunctionRef { file, id });
        if goes(|binding| matches!(binding, Binding::SelfField(_))) {
            return self.holder_heat(file, site);
        }
        if goes(|binding| matches!(binding, Binding::Deferred)) {
            return Heat::unknown(None);
        }
        if goes(|binding| matches!(binding, Binding::Returned | Binding::Yielded))
            && let Some(factory) = function
        {
            return self.factory_heat(factory, site);
        }
        self.site_place_heat(file, site)
    }
}

impl Lifetimes<'_> {
    /// A client in a place that outlives the call. A name that each request or turn gives another client keeps none; nor does
    /// a key that is set anew each time, though what is kept under many keys may be meant so.
    fn slot_heat(&self, file: usize, site: &ClientSite) -> Heat {
        let is_name = |binding: &Binding| matches!(binding, Binding::Global(_));
        let is_key = |binding: &Binding| matches!(binding, Binding::Stored(text) if text.ends_with(']'));
        let named = site.bindings.iter().any(is_name);
        if site.guard.is_some() || !(named || site.bindings.iter().any(is_key)) {
            return Heat::kept();
        }
        let heat = self.place_heat(file, &site.place);
        if heat.level < Level::PerRequest || heat.test {
            return Heat::kept();
        }
        if named { heat } else { Heat { confidence: heat.confidence.min(Confidence::Medium), ..heat } }
    }
}

/// What makes a hot construction less of a defect, or less surely one.
fn doubt(site: &ClientSite, guard: Option<Guard>, heat: &Heat) -> Confidence {
    // Of a one-shot, the value is the response.
    let served = site.amortised || site.injectable;
    // A request differs from the next one in its arguments; a client that does needs a reason of its own to be shared.
    let is_client = site.kind == SiteKind::Client;
    if is_client && (served || !site.loop_values.is_empty()) {
        return Confidence::Low;
    }
    // What the caller passes stays the same in all turns of a loop of the function.
    let in_loop = site.place.repeats.iter().any(Repeat::is_real);
    let by_caller = is_client && !in_loop && !site.caller_values.is_empty() && !heat.by_caller && !heat.is_fixed;
    let confidence = if by_caller { lower(heat.confidence) } else { heat.confidence };
    // Nobody may hand in what a one-shot stands in for.
    let confidence = if site.injectable { confidence.min(Confidence::Medium) } else { confidence };
    behind(guard, confidence)
}

/// The confidence of what runs behind a guard.
fn behind(guard: Option<Guard>, confidence: Confidence) -> Confidence {
    match guard {
        None => confidence,
        // Once for each key may be often.
        Some(Guard::Keyed) => lower(confidence),
        Some(Guard::Slot) => Confidence::Low,
    }
}

/// One step less sure.
pub fn lower(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::High => Confidence::Medium,
        Confidence::Medium | Confidence::Low => Confidence::Low,
    }
}

fn built_note(site: &ClientSite) -> String {
    match site.kind {
        SiteKind::Client => "built here".to_owned(),
        SiteKind::OneShot => "connects here".to_owned(),
    }
}
