//! How often a function runs, from its callers upwards.

use super::{Entry, Level, Lifetimes, entry};
use crate::finding::{Confidence, Hop};
use crate::frameworks::Heat as EntryHeat;
use crate::model::{Binding, Call, ClientSite, FanOut, FanOutKind, Function, FunctionId, Place, RepeatKind};

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

    fn then(mut self, hop: Hop) -> Self {
        self.chain.insert(0, hop);
        self
    }

    /// The hotter, and among equals the surer, with the shorter chain.
    fn join(self, other: Heat) -> Heat {
        let key = |heat: &Heat| (!heat.test, heat.level, heat.confidence, std::cmp::Reverse(heat.chain.len()));
        if key(&other) > key(&self) { other } else { self }
    }
}

impl Lifetimes<'_> {
    /// How often `place` runs.
    pub(super) fn place_heat(&self, place: &Place, seen: &mut Vec<FunctionId>) -> Heat {
        let turns = place.repeats.iter().rev().find(|repeat| repeat.kind != RepeatKind::Retry);
        let around = match place.function {
            Some(function) => self.function_heat(function, seen),
            None => Heat::kept(),
        };
        match turns {
            Some(repeat) if !around.test => {
                let hop = self.hop(repeat.head, "in each turn of this loop");
                Heat { chain: vec![hop], hot: place.function, ..Heat::new(Level::PerTurn, Confidence::High) }
            }
            _ => around,
        }
    }

    /// How often `function` runs: by its entry point, else by its callers.
    pub(super) fn function_heat(&self, function: FunctionId, seen: &mut Vec<FunctionId>) -> Heat {
        let definition = self.module.function(function);
        if let Some(heat) = self.entry_heat(function) {
            return heat;
        }
        if entry::is_constructor(definition) {
            return Heat { hot: Some(function), ..Heat::new(Level::PerObject, Confidence::High) };
        }
        if seen.contains(&function) {
            return Heat::kept();
        }
        seen.push(function);
        let callers = self
            .links
            .callers(function)
            .iter()
            .map(|call| self.place_heat(&call.place, seen).then(self.call_hop(call, definition)));
        let mut heats: Vec<Heat> = callers.collect();
        heats.extend(self.links.runners(function).iter().filter_map(|fan_out| self.runner_heat(fan_out, seen)));
        seen.pop();
        heats.into_iter().reduce(Heat::join).unwrap_or_else(|| self.uncalled_heat(function))
    }

    fn entry_heat(&self, function: FunctionId) -> Option<Heat> {
        let definition = self.module.function(function);
        let entry = entry::of(function, self.module, self.frameworks)?;
        let mut heat = match entry.heat {
            EntryHeat::Once | EntryHeat::Memoised => Heat::new(Level::Once, entry.confidence),
            EntryHeat::Test => Heat { test: true, ..Heat::new(Level::Once, entry.confidence) },
            EntryHeat::PerRequest => Heat::new(Level::PerRequest, entry.confidence)
                .then(self.hop(definition.name_span, &format!("{}, {}", entry.what, entry.every()))),
        };
        heat.hot = Some(function);
        heat.entry = Some(entry);
        Some(heat)
    }

    /// Nothing in sight calls it: how likely is it a hot path?
    fn uncalled_heat(&self, function: FunctionId) -> Heat {
        let definition = self.module.function(function);
        let inner = definition.parent.is_some();
        let confidence = if !inner && entry::looks_hot(definition) { Confidence::Medium } else { Confidence::Low };
        let name = self.called(definition);
        let hop = self.hop(definition.name_span, &format!("in each call of `{name}`"));
        Heat { confidence, ..Heat::unknown(Some(function)) }.then(hop)
    }

    fn runner_heat(&self, fan_out: &FanOut, seen: &mut Vec<FunctionId>) -> Option<Heat> {
        if fan_out.kind == FanOutKind::Tasks {
            // The coroutine's call is an edge of its own.
            return None;
        }
        let maps = ["map(", "imap", "starmap("].iter().any(|verb| fan_out.text.contains(verb));
        let hop = self.hop(fan_out.place.span, "run here for each item");
        if maps {
            return Some(Heat::new(Level::PerTurn, Confidence::High).then(hop));
        }
        Some(self.place_heat(&fan_out.place, seen))
    }

    /// A function that returns a client is judged where it is called.
    pub(super) fn factory_heat(&self, factory: FunctionId, seen: &mut Vec<FunctionId>) -> Heat {
        let definition = self.module.function(factory);
        if let Some(heat) = self.entry_heat(factory) {
            return heat;
        }
        if seen.contains(&factory) {
            return Heat::kept();
        }
        seen.push(factory);
        let callers = self.links.callers(factory).iter();
        let heats: Vec<Heat> = callers.map(|call| self.use_heat(call, definition, seen)).collect();
        seen.pop();
        heats.into_iter().reduce(Heat::join).unwrap_or_else(|| Heat::unknown(Some(factory)))
    }

    /// How often a client is had anew at a call of its factory.
    fn use_heat(&self, call: &Call, factory: &Function, seen: &mut Vec<FunctionId>) -> Heat {
        let goes = |wanted: fn(&Binding) -> bool| call.bindings.iter().any(wanted);
        if goes(|to| matches!(to, Binding::Global(_) | Binding::ClassField(_) | Binding::Stored(_))) {
            return Heat::kept();
        }
        if goes(|to| matches!(to, Binding::SelfField(_))) {
            return Heat::new(Level::PerObject, Confidence::High);
        }
        if goes(|to| matches!(to, Binding::Deferred)) {
            return Heat::unknown(None);
        }
        let hop = self.call_hop(call, factory);
        match call.place.function {
            Some(function) if goes(|to| matches!(to, Binding::Returned | Binding::Yielded)) => {
                self.factory_heat(function, seen).then(hop)
            }
            _ => self.place_heat(&call.place, &mut Vec::new()).then(hop),
        }
    }

    /// A client kept on an object lives as long as the object.
    pub(super) fn holder_heat(&self, site: &ClientSite) -> Heat {
        let class = site.place.function.and_then(|function| self.module.function(function).class);
        let object = Heat::new(Level::PerObject, Confidence::High);
        let Some(class) = class else { return object };
        let constructor =
            site.place.function.is_some_and(|function| entry::is_constructor(self.module.function(function)));
        if !constructor {
            return object;
        }
        let name = &self.module.classes[class.0].name;
        let constructions = self.links.constructions(class).iter();
        let heats = constructions.filter_map(|call| {
            let local =
                call.bindings.iter().all(|to| matches!(to, Binding::Local | Binding::Scoped | Binding::Dropped));
            let hop = self.hop(call.place.span, &format!("`{name}` is constructed here"));
            local.then(|| self.place_heat(&call.place, &mut Vec::new()).then(hop))
        });
        let hottest = heats.filter(|heat| heat.level >= Level::PerRequest && !heat.test).reduce(Heat::join);
        hottest.unwrap_or(object)
    }

    fn call_hop(&self, call: &Call, callee: &Function) -> Hop {
        self.hop(call.place.span, &format!("`{}` is called here", self.called(callee)))
    }

    fn called(&self, function: &Function) -> String {
        match function.class {
            Some(class) => format!("{}.{}", self.module.classes[class.0].name, function.name),
            None => function.name.clone(),
        }
    }

    fn hop(&self, span: crate::source::Span, note: &str) -> Hop {
        Hop { file: self.file, span, note: note.to_owned() }
    }
}
