//! How often a place runs: a search upwards through callers, each function visited once, the shortest way first.

use super::{Entry, Level, Lifetimes, entry};
use crate::finding::{Confidence, Hop};
use crate::frameworks::Heat as EntryHeat;
use crate::model::{Binding, Call, ClientSite, FanOut, FanOutKind, Function, FunctionId, Place};
use crate::source::{Language, Span};
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

/// How often a place runs, and why.
#[derive(Debug, Clone)]
pub struct Heat {
    pub level: Level,
    pub confidence: Confidence,
    pub chain: Vec<Hop>,
    pub entry: Option<Entry>,
    pub hot: Option<FunctionId>,
    pub test: bool,
}

impl Heat {
    fn new(level: Level, confidence: Confidence) -> Self {
        Heat { level, confidence, chain: Vec::new(), entry: None, hot: None, test: false }
    }

    /// Runs once, and that is known.
    pub fn kept() -> Self {
        Heat::new(Level::Once, Confidence::High)
    }

    /// Runs per call of something whose callers are unknown.
    pub fn unknown(hot: Option<FunctionId>) -> Self {
        Heat { hot, ..Heat::new(Level::PerCall, Confidence::Low) }
    }

    /// The hotter, and among equals the surer, with the shorter chain.
    fn join(self, other: Heat) -> Heat {
        let key = |heat: &Heat| (!heat.test, heat.level, heat.confidence, std::cmp::Reverse(heat.chain.len()));
        if key(&other) > key(&self) { other } else { self }
    }
}

/// What is looked for on the way up.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Errand {
    /// How often the function runs.
    Runs,
    /// How often a client that the function returns is had anew.
    Returns,
}

/// A search upwards; `found` is the hottest end so far.
#[derive(Default)]
struct Search {
    queue: VecDeque<(FunctionId, Errand, Way)>,
    seen: HashSet<(FunctionId, Errand)>,
    found: Option<Heat>,
    /// The nearest function on the way that others may call, too: what is said of the chain's end is true of it already.
    open: Option<Heat>,
}

/// The way from the construction to where the search is.
#[derive(Default, Clone)]
struct Way {
    /// The last step. Ways share their beginnings.
    hops: Option<Rc<Step>>,
    /// It passes a function whose name is that of something done once in a while.
    seldom: bool,
    /// It passes a call or a construction that runs only where nothing was there before.
    guarded: bool,
}

struct Step {
    hop: Hop,
    before: Option<Rc<Step>>,
}

impl Drop for Step {
    /// A long way is taken apart step by step: what is dropped inside of each other overflows the stack.
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(mut step) = next.and_then(Rc::into_inner) {
            next = step.before.take();
        }
    }
}

impl Way {
    fn with(&self, hop: Hop) -> Way {
        Way { hops: Some(Rc::new(Step { hop, before: self.hops.clone() })), ..self.clone() }
    }

    /// Its steps, the first first.
    fn steps(&self) -> Vec<Hop> {
        let steps = std::iter::successors(self.hops.as_deref(), |step| step.before.as_deref());
        let mut hops: Vec<Hop> = steps.map(|step| step.hop.clone()).collect();
        hops.reverse();
        hops
    }

    /// The heat at its end, with what it passes.
    fn ends(self, heat: Heat) -> Heat {
        let doubtful = self.guarded || (self.seldom && heat.level == Level::PerCall);
        let confidence = if doubtful && heat.level > Level::PerObject { Confidence::Low } else { heat.confidence };
        Heat { chain: [self.steps(), heat.chain].concat(), confidence, ..heat }
    }
}

impl Search {
    fn visit(&mut self, function: FunctionId, errand: Errand, way: Way) {
        if self.seen.insert((function, errand)) {
            self.queue.push_back((function, errand, way));
        }
    }

    fn end(&mut self, heat: Heat, way: Way) {
        let heat = way.ends(heat);
        self.found = Some(match self.found.take() {
            Some(found) => found.join(heat),
            None => heat,
        });
    }
}

impl Lifetimes<'_> {
    /// How often `place` runs.
    pub(super) fn place_heat(&self, place: &Place) -> Heat {
        let mut search = Search::default();
        self.at_place(place, Way::default(), &mut search);
        self.run(search, place.function)
    }

    /// How often a client that `factory` returns is had anew: judged where the factory is called.
    pub(super) fn factory_heat(&self, factory: FunctionId) -> Heat {
        let mut search = Search::default();
        search.visit(factory, Errand::Returns, Way::default());
        self.run(search, Some(factory))
    }

    /// A client kept on an object lives as long as the object.
    pub(super) fn holder_heat(&self, site: &ClientSite) -> Heat {
        let object = Heat::new(Level::PerObject, Confidence::High);
        let function = site.place.function.map(|function| self.module.function(function));
        let Some(class) = function.and_then(|function| function.constructs) else { return object };
        let constructor = site.place.function.into_iter().flat_map(|function| self.links.callers(function));
        let name = &self.module.classes[class.0].name;
        let mut search = Search::default();
        for call in self.links.constructions(class) {
            let kept = |to: &Binding| !matches!(to, Binding::Local | Binding::Scoped | Binding::Dropped);
            if !call.bindings.iter().any(kept) && !call.amortised {
                let hop = self.hop(call.place.span, &format!("`{name}` is constructed here"));
                self.at_place(&call.place, Way::default().with(hop), &mut search);
            }
        }
        // Where an object is set up by a function of its type (`Api::new()`), that function's callers are what counts.
        for call in constructor {
            let hop = self.hop(call.place.span, &format!("`{name}` is constructed here"));
            self.at_use(call, Way::default().with(hop), &mut search);
        }
        let heat = self.run(search, None);
        if heat.level >= Level::PerRequest && !heat.test { heat } else { object }
    }

    fn run(&self, mut search: Search, start: Option<FunctionId>) -> Heat {
        while let Some((function, errand, way)) = search.queue.pop_front() {
            self.at_function(function, errand, way, &mut search);
        }
        // Nothing but recursion: nobody else calls it.
        let alone = || start.map_or_else(Heat::kept, |start| self.uncalled_heat(start, Errand::Runs));
        let found = search.found.unwrap_or_else(alone);
        // The callers in sight of a function are mostly all; a public method of a type is there for others.
        let is_api = |function: &Function| function.class.is_some() && self.module.language == Language::Rust;
        let as_hot = |open: &Heat| {
            let surer = open.confidence > found.confidence;
            let may_be = !surer || open.hot.is_some_and(|function| is_api(self.module.function(function)));
            found.level == Level::PerCall && !found.test && open.confidence >= found.confidence && may_be
        };
        search.open.filter(as_hot).unwrap_or(found)
    }

    fn at_place(&self, place: &Place, way: Way, search: &mut Search) {
        let turns = place.repeats.iter().rev().find(|repeat| repeat.is_real());
        let in_test = place.function.and_then(|function| self.entry_heat(function)).filter(|heat| heat.test);
        match (in_test, turns, place.function) {
            (Some(test), _, _) => search.end(test, way),
            (None, Some(repeat), _) => {
                let hop = self.hop(repeat.head, "in each turn of this loop");
                let heat = Heat::new(Level::PerTurn, Confidence::High);
                search.end(Heat { chain: vec![hop], hot: place.function, ..heat }, way);
            }
            (None, None, Some(function)) => search.visit(function, Errand::Runs, way),
            (None, None, None) => search.end(Heat::kept(), way),
        }
    }

    fn at_function(&self, function: FunctionId, errand: Errand, mut way: Way, search: &mut Search) {
        let definition = self.module.function(function);
        if let Some(heat) = self.entry_heat(function) {
            return search.end(heat, way);
        }
        let class = definition.class.map(|class| self.module.classes[class.0].name.as_str());
        way.seldom |=
            errand == Errand::Runs && (entry::looks_seldom(definition) || class.is_some_and(entry::is_test_double));
        if errand == Errand::Runs && definition.constructs.is_some() {
            let heat = Heat::new(Level::PerObject, Confidence::High);
            return search.end(Heat { hot: Some(function), ..heat }, way);
        }
        if errand == Errand::Runs && (definition.is_public || definition.implements.is_some()) {
            let heat = self.uncalled_heat(function, errand);
            if definition.implements.is_some() {
                // Whoever has the trait calls it, whoever else does.
                search.end(heat.clone(), way.clone());
            }
            search.open.get_or_insert_with(|| way.clone().ends(heat));
        }
        let runners = self.links.runners(function).iter().filter(|fan_out| fan_out.kind == FanOutKind::Threads);
        let mut uncalled = true;
        for call in self.links.callers(function).iter().filter(|call| call.place.function != Some(function)) {
            uncalled = false;
            let mut way = way.with(self.call_hop(call, definition));
            way.guarded |= call.guarded;
            match errand {
                Errand::Runs => self.at_place(&call.place, way, search),
                Errand::Returns => self.at_use(call, way, search),
            }
        }
        for fan_out in runners {
            uncalled = false;
            self.at_runner(fan_out, way.clone(), search);
        }
        if uncalled {
            search.end(self.uncalled_heat(function, errand), way);
        }
    }

    /// A call of a factory: what becomes of the client that it returns.
    fn at_use(&self, call: &Call, way: Way, search: &mut Search) {
        let goes = |wanted: fn(&Binding) -> bool| call.bindings.iter().any(wanted);
        if goes(|to| matches!(to, Binding::Global(_) | Binding::ClassField(_) | Binding::Stored(_))) {
            return search.end(Heat::kept(), way);
        }
        if goes(|to| matches!(to, Binding::SelfField(_))) {
            return search.end(Heat::new(Level::PerObject, Confidence::High), way);
        }
        if goes(|to| matches!(to, Binding::Deferred)) || call.amortised {
            return search.end(Heat::unknown(None), way);
        }
        match call.place.function {
            Some(function) if goes(|to| matches!(to, Binding::Returned | Binding::Yielded)) => {
                search.visit(function, Errand::Returns, way);
            }
            _ => self.at_place(&call.place, way, search),
        }
    }

    fn at_runner(&self, fan_out: &FanOut, way: Way, search: &mut Search) {
        if fan_out.each {
            let hop = self.hop(fan_out.place.span, "run here for each item");
            search.end(Heat { chain: vec![hop], ..Heat::new(Level::PerTurn, Confidence::High) }, way);
        } else {
            self.at_place(&fan_out.place, way, search);
        }
    }

    fn entry_heat(&self, function: FunctionId) -> Option<Heat> {
        let definition = self.module.function(function);
        let entry = entry::of(function, self.module, self.frameworks)?;
        let heat = match entry.heat {
            EntryHeat::Once | EntryHeat::Memoised => Heat::new(Level::Once, entry.confidence),
            EntryHeat::Test => Heat { test: true, ..Heat::new(Level::Once, entry.confidence) },
            EntryHeat::PerRequest => {
                let hop = self.hop(definition.name_span, &format!("{}, {}", entry.what, entry.every()));
                Heat { chain: vec![hop], ..Heat::new(Level::PerRequest, entry.confidence) }
            }
        };
        Some(Heat { hot: Some(function), entry: Some(entry), ..heat })
    }

    /// Nothing in sight calls it: how likely is it a hot path?
    fn uncalled_heat(&self, function: FunctionId, errand: Errand) -> Heat {
        let definition = self.module.function(function);
        let hot = errand == Errand::Runs && definition.parent.is_none() && entry::looks_hot(definition);
        let hop = self.hop(definition.name_span, &format!("in each call of {}", self.called(definition)));
        let confidence = if hot { Confidence::Medium } else { Confidence::Low };
        Heat { confidence, chain: vec![hop], ..Heat::unknown(Some(function)) }
    }

    fn call_hop(&self, call: &Call, callee: &Function) -> Hop {
        self.hop(call.place.span, &format!("{} is called here", self.called(callee)))
    }

    /// A function in running text.
    fn called(&self, function: &Function) -> String {
        match function.class {
            _ if function.is_closure() => "this closure".to_owned(),
            Some(class) => {
                let mark = self.module.language.member_mark();
                format!("`{}{mark}{}`", self.module.classes[class.0].name, function.name)
            }
            None => format!("`{}`", function.name),
        }
    }

    fn hop(&self, span: Span, note: &str) -> Hop {
        Hop { file: self.file, span, note: note.to_owned() }
    }
}
