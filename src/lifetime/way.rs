//! A search upwards: what is looked for, the ways to where it is, and where they end.

use super::handed::Inputs;
use super::heat::Heat;
use super::{Level, behind, entry, lower};
use crate::finding::{Confidence, Hop};
use crate::link::{ClassRef, Edge, FunctionRef};
use crate::model::{Binding, Call, ClientSite, Condition, Function, Guard, Place, Repeat, Subject};
use crate::source::Span;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// What is looked for on the way up.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Errand {
    /// How often the function runs.
    Runs(FunctionRef),
    /// How often a client that the function returns is had anew.
    Returns(FunctionRef),
    /// How often an object of the class, which holds the client, is had anew.
    Holds(ClassRef),
}

/// A search upwards.
#[derive(Default)]
pub struct Search {
    pub queue: VecDeque<(Errand, Way)>,
    /// What was looked for, and under which conditions.
    seen: HashMap<Errand, Vec<Vec<Condition>>>,
    /// Where ways end, the shorter ones first.
    pub ends: Vec<Heat>,
    /// The nearest function on the way that others may call, too: what is said of the chain's end is true of it already.
    pub open: Option<Heat>,
}

/// The way from the construction to where the search is.
#[derive(Default, Clone)]
pub struct Way {
    /// The last step. Ways share their beginnings.
    hops: Option<Rc<Step>>,
    /// It passes a function whose name is that of something done once in a while.
    pub seldom: bool,
    /// What it passes that keeps it from being gone each time.
    pub guard: Option<Guard>,
    /// The class whose objects run what is below: a base calls the methods of this one, not of another that derives from it.
    pub class: Option<ClassRef>,
    /// It passes a call that is not made each time.
    pub conditional: bool,
    /// It passes an object that holds the client.
    pub held: bool,
    /// It passes a function whose results are kept, so that it runs for new arguments only.
    pub for_new: bool,
    /// Arguments on it come from a caller's parameters.
    pub by_caller: bool,
    /// Arguments on it differ in each turn of a loop.
    pub by_turn: bool,
    /// An event loop is made on it.
    pub new_loop: bool,
    /// A caller on it hands in what the client is built in the absence of, most likely.
    pub supplied: bool,
    /// What has to hold of what is given to the function, or the object, where the search is.
    pub conditions: Vec<Condition>,
    /// What the client is built from, as seen from there.
    pub inputs: Inputs,
}

/// Further ways that are told beside the first; a client that everything uses has hundreds.
const MORE_WAYS: usize = 5;

/// Sets of conditions under which one thing is looked for.
const MAX_VISITS: usize = 4;

/// Conditions along one way; real code has a handful.
const MAX_CONDITIONS: usize = 8;

/// A chain of more calls than this is likely to pass a condition that keeps it from being taken each time.
const LONG: usize = 5;

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
    /// The way that begins at a construction.
    pub fn from(site: &ClientSite) -> Way {
        Way { inputs: Inputs::of(site), ..Way::default() }
    }

    /// The way on from an object that holds the client.
    pub fn holding(self) -> Way {
        Way { held: true, ..self.anew() }
    }

    /// The same, where a function of the object, maybe its constructor, puts the client there: what it looks at was given to that.
    pub fn held(self, by_constructor: bool) -> Way {
        let counts = |condition: &&Condition| by_constructor || matches!(condition.of, Subject::Field(_));
        let conditions = self.conditions.iter().filter(counts).cloned().collect();
        Way { conditions, ..self.holding() }
    }

    /// The way on to where nothing of what is handed in is known.
    pub fn anew(self) -> Way {
        Way { conditions: Vec::new(), inputs: Inputs::Unknown, ..self }
    }

    /// The way on at `place`, to who calls the function that it is in.
    pub fn at(mut self, place: &Place) -> Way {
        let of_call = |condition: &&Condition| matches!(condition.of, Subject::Parameter(_));
        self.ask(place.conditions.iter().filter(of_call));
        self.conditional |= place.is_rare;
        self
    }

    /// The same where the object of that function keeps the client.
    pub fn kept_at(mut self, place: &Place) -> Way {
        self.ask(&place.conditions);
        self.conditional |= place.is_rare;
        self
    }

    /// What has to hold besides; a condition that is left out only leaves a way that is not taken.
    fn ask<'c>(&mut self, conditions: impl IntoIterator<Item = &'c Condition>) {
        for condition in conditions {
            if self.conditions.len() < MAX_CONDITIONS && !self.conditions.contains(condition) {
                self.conditions.push(condition.clone());
            }
        }
    }

    /// What the client is built from is the same each time.
    pub fn is_fixed(&self) -> bool {
        matches!(self.inputs, Inputs::Literals)
    }

    pub fn with(&self, hop: Hop) -> Way {
        Way { hops: Some(Rc::new(Step { hop, before: self.hops.clone() })), ..self.clone() }
    }

    /// A call that stands behind a guard: what is kept there is filled once; else it is a condition like others.
    pub fn pass_condition(&mut self, call: &Call, callee: &Function) {
        let keeps = |to: &Binding| {
            matches!(to, Binding::Global(_) | Binding::ClassField(_) | Binding::SelfField(_) | Binding::Stored(_))
        };
        if call.fills || call.bindings.iter().any(keeps) || entry::prepares(callee) {
            self.guard = self.guard.max(call.guard);
        } else {
            self.conditional |= call.guard.is_some();
        }
    }

    /// Its steps, the first first.
    fn steps(&self) -> Vec<Hop> {
        let steps = std::iter::successors(self.hops.as_deref(), |step| step.before.as_deref());
        let mut hops: Vec<Hop> = steps.map(|step| step.hop.clone()).collect();
        hops.reverse();
        hops
    }

    /// The heat at its end, with what it passes.
    pub fn ends(self, heat: Heat) -> Heat {
        // How often a function with unknown callers makes objects says nothing of how long they live.
        if self.held && heat.level < Level::PerRequest && !heat.test {
            return Heat::new(heat.level.min(Level::PerObject), Confidence::High);
        }
        let confidence = if heat.level > Level::PerObject { self.doubt(&heat) } else { heat.confidence };
        Heat {
            chain: [self.steps(), heat.chain].concat(),
            confidence,
            by_caller: self.by_caller,
            is_fixed: self.is_fixed(),
            new_loop: self.new_loop,
            ..heat
        }
    }

    /// The confidence of the heat at its end, less what makes the way doubtful.
    fn doubt(&self, heat: &Heat) -> Confidence {
        let seldom = self.seldom && heat.level == Level::PerCall;
        let by_turn = self.by_turn && heat.level == Level::PerTurn;
        let steps = std::iter::successors(self.hops.as_deref(), |step| step.before.as_deref()).count();
        // A loop that makes long-lived objects gives each a client of its own.
        let of_object = self.held && heat.level == Level::PerTurn && steps > 3;
        if seldom || by_turn || of_object || self.supplied {
            return Confidence::Low;
        }
        let confidence = if self.by_caller { lower(heat.confidence) } else { heat.confidence };
        let confidence = behind(self.guard, confidence);
        let confidence = if self.conditional { confidence.min(Confidence::Medium) } else { confidence };
        match steps > LONG || self.for_new {
            // What is done for new keys only, and far away.
            true if self.guard.is_some() => lower(confidence),
            true => confidence.min(Confidence::Medium),
            false => confidence,
        }
    }
}

impl Search {
    pub fn visit(&mut self, errand: Errand, way: Way) {
        let seen = self.seen.entry(errand).or_default();
        // Who may come by fewer conditions comes by these, too.
        let is_covered = |known: &Vec<Condition>| known.iter().all(|condition| way.conditions.contains(condition));
        if seen.len() < MAX_VISITS && !seen.iter().any(is_covered) {
            seen.push(way.conditions.clone());
            self.queue.push_back((errand, way));
        }
    }

    /// Whether a call leads to nothing but what was looked for without conditions: many calls stand in one function.
    pub fn has_been_at(&self, edge: Edge<'_>) -> bool {
        let place = &edge.call.place;
        let Some(id) = place.function.filter(|_| !edge.call.deferred && !place.repeats.iter().any(Repeat::is_real))
        else {
            return false;
        };
        let seen = self.seen.get(&Errand::Runs(FunctionRef { file: edge.file, id }));
        seen.is_some_and(|seen| seen.iter().any(Vec::is_empty))
    }

    pub fn end(&mut self, heat: Heat, way: Way) {
        self.ends.push(way.ends(heat));
    }

    /// The hottest end, with what the other hot ones add.
    pub fn hottest(&mut self) -> Option<Heat> {
        let best = (0..self.ends.len()).rev().max_by_key(|&at| self.ends[at].rank())?;
        let mut found = self.ends.swap_remove(best);
        if found.is_hot() {
            self.ends.sort_by_key(|heat| (Reverse(heat.level), heat.chain.len()));
            let others: Vec<&Heat> = self.ends.iter().filter(|heat| heat.is_hot()).collect();
            for other in others.iter().take(MORE_WAYS) {
                found.chain = with_more(found.chain, &other.chain);
            }
            let left = others.len().saturating_sub(MORE_WAYS);
            if let Some(last) = found.chain.last_mut().filter(|_| left > 0) {
                last.note = format!("{} (and {left} more hot ways)", last.note);
            }
        }
        Some(found)
    }
}

/// The steps of another way that `chain` does not have.
fn with_more(mut chain: Vec<Hop>, other: &[Hop]) -> Vec<Hop> {
    let known: HashSet<(usize, Span)> = chain.iter().map(|hop| (hop.file, hop.span)).collect();
    let is_known = |hop: &Hop| known.contains(&(hop.file, hop.span));
    let fresh = other.iter().position(|hop| !is_known(hop)).unwrap_or(other.len());
    for (at, hop) in other[fresh..].iter().enumerate().filter(|(_, hop)| !is_known(hop)) {
        let note = if at == 0 { format!("also: {}", hop.note) } else { hop.note.clone() };
        chain.push(Hop { note, ..hop.clone() });
    }
    chain
}
