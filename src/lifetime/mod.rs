//! How often is a client built? A small lattice, joined over all known callers.

mod entry;
mod heat;

pub use entry::{Entries, Entry};

use crate::finding::{Confidence, Hop};
use crate::link::{FunctionRef, Program, SiteRef};
use crate::model::{Binding, ClientSite, Guard, Repeat, SiteId, SiteKind};
use heat::Heat;

/// How often a construction runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
        let confidence = if heat.level > Level::PerObject { doubt(site, &heat) } else { heat.confidence };
        let mut chain = vec![Hop { file: at.file, span: site.place.span, note: built_note(site) }];
        chain.extend(heat.chain);
        Lifetime { level: heat.level, confidence, chain, entry: heat.entry, hot: heat.hot, owned, test: heat.test }
    }

    fn site_heat(&self, file: usize, site: &ClientSite) -> Heat {
        let goes = |wanted: fn(&Binding) -> bool| site.bindings.iter().any(wanted);
        if site.kind == SiteKind::OneShot {
            return self.place_heat(file, &site.place);
        }
        if goes(|binding| matches!(binding, Binding::ClassField(_) | Binding::Stored(_))) {
            return Heat::kept();
        }
        if goes(|binding| matches!(binding, Binding::Global(_))) {
            // A name that each request or turn gives another client keeps none.
            let heat = self.place_heat(file, &site.place);
            let anew = heat.level >= Level::PerRequest && site.guard.is_none() && !heat.test;
            return if anew { heat } else { Heat::kept() };
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
            return self.factory_heat(factory);
        }
        self.place_heat(file, &site.place)
    }
}

/// What makes a hot construction less of a defect, or less surely one.
fn doubt(site: &ClientSite, heat: &Heat) -> Confidence {
    // Of a one-shot, the value is the response.
    let served = site.amortised || site.injectable;
    // A request differs from the next one in its arguments; a client that does needs a reason of its own to be shared.
    let is_client = site.kind == SiteKind::Client;
    if is_client && (served || !site.loop_values.is_empty()) {
        return Confidence::Low;
    }
    // What the caller passes stays the same in all turns of a loop of the function.
    let in_loop = site.place.repeats.iter().any(Repeat::is_real);
    let by_caller = is_client && !in_loop && !site.caller_values.is_empty() && !heat.by_caller;
    let confidence = if by_caller { lower(heat.confidence) } else { heat.confidence };
    behind(site.guard, confidence)
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
