//! How often a place runs: a search upwards through callers, each function visited once, the shortest way first.

use super::way::{Errand, Search, Way};
use super::{Entry, Level, Lifetimes, entry};
use crate::finding::{Confidence, Hop};
use crate::frameworks::Heat as EntryHeat;
use crate::link::{ClassRef, Edge, FunctionRef};
use crate::model::{Binding, ClientSite, Decorator, FanOut, FanOutKind, Guard, Place};
use crate::source::{Language, Span};
use std::cmp::Reverse;

/// How often a place runs, and why.
#[derive(Debug, Clone)]
pub struct Heat {
    /// How often.
    pub level: Level,
    /// How sure.
    pub confidence: Confidence,
    /// The way there, the place itself left out.
    pub chain: Vec<Hop>,
    /// The entry point at its end.
    pub entry: Option<Entry>,
    /// The function at its end.
    pub hot: Option<FunctionRef>,
    /// It is a test's.
    pub test: bool,
    /// What is handed in on the way decides what is built; the confidence is lowered for it.
    pub by_caller: bool,
    /// What is handed in on the way is the same each time.
    pub is_fixed: bool,
    /// On the way an event loop is made for what runs below.
    pub new_loop: bool,
}

impl Heat {
    pub(super) fn new(level: Level, confidence: Confidence) -> Self {
        Heat {
            level,
            confidence,
            chain: Vec::new(),
            entry: None,
            hot: None,
            test: false,
            by_caller: false,
            is_fixed: false,
            new_loop: false,
        }
    }

    /// Runs once, and that is known.
    pub fn kept() -> Self {
        Heat::new(Level::Once, Confidence::High)
    }

    /// Runs per call of something whose callers are unknown.
    pub fn unknown(hot: Option<FunctionRef>) -> Self {
        Heat { hot, ..Heat::new(Level::PerCall, Confidence::Low) }
    }

    /// Kept by a cache.
    fn is_memoised(&self) -> bool {
        self.entry.as_ref().is_some_and(|entry| entry.heat == EntryHeat::Memoised)
    }

    pub(super) fn rank(&self) -> impl Ord + use<> {
        (
            !self.test,
            self.level > Level::PerObject,
            self.confidence > Confidence::Low,
            self.level,
            self.confidence,
            Reverse(self.chain.len()),
        )
    }

    /// Worth to be told beside a hotter way: it is a defect of its own.
    pub(super) fn is_hot(&self) -> bool {
        let known =
            self.level >= Level::PerRequest || (self.level == Level::PerCall && self.confidence > Confidence::Low);
        known && !self.test
    }
}

impl Lifetimes<'_> {
    /// How often `place` runs.
    pub(super) fn place_heat(&self, file: usize, place: &Place) -> Heat {
        self.heat_on(file, place, Way::default())
    }

    /// How often a construction runs.
    pub(super) fn site_place_heat(&self, file: usize, site: &ClientSite) -> Heat {
        self.heat_on(file, &site.place, Way::from(site))
    }

    fn heat_on(&self, file: usize, place: &Place, way: Way) -> Heat {
        let mut search = Search::default();
        self.at_place(file, place, way, &mut search);
        self.run(search, place.function.map(|id| FunctionRef { file, id }))
    }

    /// How often a client that `factory` builds and returns is had anew: judged where the factory is called.
    pub(super) fn factory_heat(&self, factory: FunctionRef, site: &ClientSite) -> Heat {
        let mut search = Search::default();
        search.visit(Errand::Returns(factory), Way::from(site).at(&site.place));
        self.run(search, Some(factory))
    }

    /// A client kept on an object lives as long as the object.
    pub(super) fn holder_heat(&self, file: usize, site: &ClientSite) -> Heat {
        let object = Heat::new(Level::PerObject, Confidence::High);
        let mut search = Search::default();
        match (site.place.function, self.program.class_around(file, site.place.span)) {
            (Some(id), _) => {
                let way = Way::default().kept_at(&site.place);
                self.at_holder(FunctionRef { file, id }, site.guard, way, &mut search);
            }
            // Made by the definition of a field: for each object.
            (None, Some(class)) => {
                // An object of a class that derives from a client is the client.
                let derives = self.program.class(class).bases.contains(&site.symbol);
                let way = if derives { Way::default() } else { Way::default().holding() };
                search.visit(Errand::Holds(class), way);
            }
            (None, None) => return object,
        }
        let heat = self.run(search, None);
        if heat.level >= Level::PerRequest && !heat.test { heat } else { object }
    }

    /// `function` puts the client into an object.
    fn at_holder(&self, function: FunctionRef, guard: Option<Guard>, way: Way, search: &mut Search) {
        let definition = self.program.function(function);
        let mut way = way.held(definition.name == "__init__");
        match self.program.constructed_by(function) {
            Some(class) => {
                let own = definition.has_receiver && self.program.class_of(function) == Some(class);
                if !own && self.is_rust(function.file) {
                    // An object that `Api::new()` sets up, or the `build` of its builder, is had where that is called.
                    search.visit(Errand::Returns(function), way.clone());
                }
                search.visit(Errand::Holds(class), way);
            }
            // Set up on first use, and kept from then on.
            None if guard.is_some() => {
                way.guard = None;
                if let Some(class) = self.program.class_of(function) {
                    let setups = self.program.setups(class).filter(|setup| self.is_rust(setup.file));
                    setups.for_each(|setup| search.visit(Errand::Returns(setup), way.clone()));
                    search.visit(Errand::Holds(class), way.clone());
                }
            }
            None => search.visit(Errand::Runs(function), way),
        }
    }

    fn is_rust(&self, file: usize) -> bool {
        self.program.module(file).language == Language::Rust
    }

    fn run(&self, mut search: Search, start: Option<FunctionRef>) -> Heat {
        while let Some((errand, way)) = search.queue.pop_front() {
            match errand {
                Errand::Runs(function) => self.at_function(function, way, &mut search),
                Errand::Returns(function) => self.at_factory(function, way, &mut search),
                Errand::Holds(class) => self.at_class(class, way, &mut search),
            }
        }
        // Nothing but recursion: nobody else calls it.
        let alone = || start.map_or_else(Heat::kept, |start| self.uncalled_heat(start, true));
        let found = search.hottest().unwrap_or_else(alone);
        // The callers in sight of a function are mostly all; a public method of a type is there for others.
        let is_api = |at: FunctionRef| self.program.function(at).class.is_some() && self.is_rust(at.file);
        let as_hot = |open: &Heat| {
            let surer = open.confidence > found.confidence;
            let may_be = !surer || open.hot.is_some_and(is_api);
            found.level == Level::PerCall && !found.test && open.confidence >= found.confidence && may_be
        };
        search.open.filter(as_hot).unwrap_or(found)
    }

    fn at_place(&self, file: usize, place: &Place, way: Way, search: &mut Search) {
        let turns = place.repeats.iter().rev().find(|repeat| repeat.is_real());
        let function = place.function.map(|id| FunctionRef { file, id });
        let way = way.at(place);
        let in_test = function.and_then(|function| self.entry_heat(function)).filter(|heat| heat.test);
        match (in_test, turns, function) {
            (Some(test), _, _) => search.end(test, way),
            (None, Some(repeat), _) => {
                let hop = hop(file, repeat.head, "in each turn of this loop");
                // Between two turns that sleep, set-up is hardly noticed; nor in a script.
                let slow = repeat.pauses || self.program.is_aside(file);
                let heat = Heat::new(Level::PerTurn, if slow { Confidence::Medium } else { Confidence::High });
                search.end(Heat { chain: vec![hop], hot: function, ..heat }, way);
            }
            (None, None, Some(function)) => search.visit(Errand::Runs(function), way),
            (None, None, None) => search.end(self.top_heat(file), way),
        }
    }

    /// The top level of a file runs once, when it is imported; that of a script may run again and again.
    fn top_heat(&self, file: usize) -> Heat {
        let Some((entry, span)) = self.entries.script(file) else { return Heat::kept() };
        let note = format!("{} {}, {}", entry.framework, entry.kind, entry.every());
        let chain = vec![hop(file, *span, &note)];
        Heat { chain, entry: Some(entry.clone()), ..Heat::new(Level::PerRequest, entry.confidence) }
    }

    fn at_function(&self, function: FunctionRef, mut way: Way, search: &mut Search) {
        let definition = self.program.function(function);
        match self.entry_heat(function) {
            // What is kept is the function's result; what it needs for that is built for each that is new.
            Some(heat) if heat.is_memoised() && !definition.params.is_empty() => way.for_new = true,
            Some(heat) => return search.end(heat, way),
            None => {}
        }
        let class = self.program.class_of(function).map(|class| self.program.class(class).name.as_str());
        way.seldom |= entry::looks_seldom(definition) || class.is_some_and(entry::is_test_double);
        if self.program.constructed_by(function).is_some() {
            return self.at_holder(function, None, way, search);
        }
        self.note_outsiders(function, &way, search);
        let is_called = self.at_calls(function, &way, search);
        let is_run = self.at_runners(function, &way, search);
        if !is_called && !is_run {
            search.end(self.uncalled_heat(function, true), way);
        }
    }

    /// A function that others than those in sight may call.
    fn note_outsiders(&self, function: FunctionRef, way: &Way, search: &mut Search) {
        let definition = self.program.function(function);
        if !definition.is_public && definition.implements.is_none() {
            return;
        }
        let heat = self.uncalled_heat(function, true);
        if definition.implements.is_some() {
            // Whoever has the trait calls it, whoever else does.
            search.end(heat.clone(), way.clone());
        }
        if !way.held {
            search.open.get_or_insert_with(|| way.clone().ends(heat));
        }
    }

    /// Goes on to the calls of `function`; false where there are none.
    fn at_calls(&self, function: FunctionRef, way: &Way, search: &mut Search) -> bool {
        let definition = self.program.function(function);
        let own = definition.class.map(|id| ClassRef { file: function.file, id });
        let class = way.class.filter(|class| own.is_none_or(|own| self.program.derives(*class, own))).or(own);
        let (mut is_called, mut is_reached, mut is_ruled_out) = (false, false, false);
        for edge in self.others(function) {
            is_called = true;
            if class.is_some_and(|class| self.program.is_by_sibling(edge, class)) {
                continue;
            }
            if search.has_been_at(edge) && way.conditions.is_empty() {
                is_reached = true;
                continue;
            }
            let Some(way) = way.over(edge, definition) else {
                is_ruled_out = true;
                continue;
            };
            is_reached = true;
            let mut way = way.with(self.call_hop(edge, function));
            way.class = class;
            if edge.call.deferred {
                search.end(Heat::unknown(None), way);
                continue;
            }
            way.pass_condition(edge.call, definition);
            way.new_loop |= self.program.starts_loop(edge);
            self.at_place(edge.file, &edge.call.place, way, search);
        }
        if is_ruled_out && !is_reached {
            // A method that others may call is there for what nobody in sight asks of it.
            let is_api = definition.is_public && definition.class.is_some();
            let heat = if is_api { self.uncalled_heat(function, true) } else { Heat::unknown(None) };
            search.end(heat, way.clone());
        }
        is_called
    }

    /// Goes on to the threads that run `function`; false where there are none.
    fn at_runners(&self, function: FunctionRef, way: &Way, search: &mut Search) -> bool {
        let runners = self.program.runners(function).iter();
        let mut threads = runners.filter(|(_, fan_out)| fan_out.kind == FanOutKind::Threads).peekable();
        let is_run = threads.peek().is_some();
        threads.for_each(|(file, fan_out)| self.at_runner(*file, fan_out, way.clone().anew(), search));
        is_run
    }

    /// A function that gives the client to its callers.
    fn at_factory(&self, factory: FunctionRef, way: Way, search: &mut Search) {
        let memoised = match self.entry_heat(factory) {
            Some(heat) if heat.is_memoised() => true,
            Some(heat) => return search.end(heat, way),
            None => false,
        };
        if memoised {
            return self.at_memoised(factory, way, search);
        }
        let (mut is_called, mut is_reached) = (false, false);
        for edge in self.others(factory) {
            is_called = true;
            let Some(way) = way.over(edge, self.program.function(factory)) else { continue };
            is_reached = true;
            self.at_use(edge, way.with(self.call_hop(edge, factory)), search);
        }
        if is_called && !is_reached {
            search.end(Heat::unknown(None), way);
        } else if !is_called && !way.held {
            search.end(self.uncalled_heat(factory, false), way);
        }
    }

    /// A function whose result is kept: by the object it is called on, and by its arguments.
    fn at_memoised(&self, factory: FunctionRef, way: Way, search: &mut Search) {
        let definition = self.program.function(factory);
        let of_object = definition.has_receiver && !definition.decorators.iter().any(Decorator::is_of_class);
        let class = self.program.class_of(factory).filter(|_| of_object);
        for edge in self.others(factory).filter(|edge| self.program.never_equal(*edge)) {
            self.at_use(edge, way.clone().anew().with(self.call_hop(edge, factory)), search);
        }
        match class {
            Some(class) => search.visit(Errand::Holds(class), way.holding()),
            None => search.end(Heat::kept(), way),
        }
    }

    /// A class whose objects hold the client.
    fn at_class(&self, class: ClassRef, way: Way, search: &mut Search) {
        let name = &self.program.class(class).name;
        let mut is_reached = false;
        for (constructed, edge) in self.program.constructed(class) {
            let initializer = self.program.initializer(constructed).map(|function| self.program.function(function));
            let Some(way) = way.over_construction(edge, initializer) else { continue };
            is_reached = true;
            let hop = hop(edge.file, edge.call.place.span, &format!("`{name}` is constructed here"));
            self.at_use(edge, way.with(hop), search);
        }
        if !is_reached {
            search.end(Heat::new(Level::PerObject, Confidence::High), way);
        }
    }

    /// Calls of a function by others than itself.
    fn others(&self, function: FunctionRef) -> impl Iterator<Item = Edge<'_>> {
        let own = move |edge: &Edge<'_>| edge.file == function.file && edge.call.place.function == Some(function.id);
        self.program.callers(function).into_iter().filter(move |edge| !own(edge))
    }

    /// A call that gives the client, or an object that holds it: what becomes of that.
    fn at_use(&self, edge: Edge<'_>, mut way: Way, search: &mut Search) {
        let call = edge.call;
        way.guard = way.guard.max(call.guard);
        way.by_caller |= call.by_caller && !way.is_fixed();
        way.by_turn |= call.by_turn;
        way.new_loop |= self.program.starts_loop(edge);
        let function = call.place.function.map(|id| FunctionRef { file: edge.file, id });
        let goes = |wanted: fn(&Binding) -> bool| call.bindings.iter().any(wanted);
        if goes(|to| matches!(to, Binding::Global(_) | Binding::ClassField(_) | Binding::Stored(_))) {
            return search.end(Heat::kept(), way);
        }
        match function {
            Some(function) if goes(|to| matches!(to, Binding::SelfField(_))) => {
                return self.at_holder(function, call.guard, way.kept_at(&call.place), search);
            }
            None if goes(|to| matches!(to, Binding::SelfField(_))) => return search.end(Heat::kept(), way),
            _ => {}
        }
        let returned = goes(|to| matches!(to, Binding::Returned | Binding::Yielded));
        // A loop here shares it; who is given it does so only within each call of this.
        if goes(|to| matches!(to, Binding::Deferred)) || (call.amortised && !returned) {
            return search.end(Heat::unknown(None), way);
        }
        match function {
            Some(function) if returned => {
                search.visit(Errand::Returns(function), way.at(&call.place));
            }
            _ => self.at_place(edge.file, &call.place, way, search),
        }
    }

    fn at_runner(&self, file: usize, fan_out: &FanOut, way: Way, search: &mut Search) {
        if fan_out.each {
            let hop = hop(file, fan_out.place.span, "run here for each item");
            search.end(Heat { chain: vec![hop], ..Heat::new(Level::PerTurn, Confidence::High) }, way);
        } else {
            let way = way.with(hop(file, fan_out.place.span, "run here on another thread"));
            self.at_place(file, &fan_out.place, way, search);
        }
    }
}

pub(super) fn hop(file: usize, span: Span, note: &str) -> Hop {
    Hop { file, span, note: note.to_owned() }
}
