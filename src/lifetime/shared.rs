//! What is done to clients that are kept: closed while others use them, used on one event loop after another.

use super::{Heat, Level, Lifetimes, entry};
use crate::finding::{Confidence, Hop};
use crate::link::{CLOSING, Edge, FunctionRef, SiteRef};
use crate::model::{Binding, Callee, ClientSite, FanOutKind, Place, RepeatKind, UseKind};
use crate::source::Span;
use std::collections::HashSet;

/// Functions that return what others return; real code has a handful.
const MAX_FACTORIES: usize = 16;

/// A call whose result is its caller's own: nothing keeps it for the next call.
fn is_had_anew(edge: &Edge<'_>) -> bool {
    edge.call.guard.is_none() || edge.call.stands_in
}

/// Something that a kept client does not stand, done again and again.
#[derive(Debug, Clone)]
pub struct Misuse {
    /// Index of the file in which it is done.
    pub file: usize,
    /// Where.
    pub span: Span,
    /// How often, how surely, and by which way.
    pub heat: Heat,
    /// What uses it next looks whether it is closed, and builds another.
    pub remade: bool,
}

/// A place at which a client is used.
struct Used<'m> {
    file: usize,
    place: &'m Place,
    member: &'m str,
}

impl Used<'_> {
    fn function(&self) -> Option<FunctionRef> {
        self.place.function.map(|id| FunctionRef { file: self.file, id })
    }

    /// It closes the client, or enters a `with` that does at its end.
    fn closes(&self) -> bool {
        CLOSING.contains(&self.member)
    }
}

impl<'m> Lifetimes<'m> {
    /// Where a kept client is closed by code that runs again and again.
    pub(super) fn closed(&self, at: SiteRef, site: &ClientSite) -> Option<Misuse> {
        let uses = self.uses(at);
        // An object may be short-lived and close what it holds; a method that uses and closes it leaves nothing for the next call.
        let held = site.bindings.iter().any(|to| matches!(to, Binding::SelfField(_)));
        let serves = |function| uses.iter().any(|other| !other.closes() && other.function() == function);
        let is_entered = |used: &Used<'_>| used.member.starts_with("__");
        let closing = uses.iter().filter(|used| used.closes());
        let mut closed =
            closing.filter(|used| used.function().is_some_and(|function| !self.sets_up(function))).filter_map(|used| {
                let heat = self.place_heat(used.file, used.place);
                let counts = !held || heat.level >= Level::PerRequest || is_entered(used) || serves(used.function());
                let remade = self.is_remade(at, site);
                (counts && heat.is_hot()).then_some(Misuse { file: used.file, span: used.place.span, heat, remade })
            });
        closed.next()
    }

    /// Whether another construction, behind a look whether the client is closed, fills the same place.
    fn is_remade(&self, at: SiteRef, site: &ClientSite) -> bool {
        let module = self.program.module(at.file);
        let class = |site: &ClientSite| site.place.function.and_then(|id| module.function(id).class);
        let fills_same = |other: &ClientSite| {
            site.bindings.iter().filter(|to| other.bindings.contains(to)).any(|to| match to {
                Binding::SelfField(_) => class(other) == class(site),
                Binding::Global(_) => true,
                _ => false,
            })
        };
        module.sites.iter().any(|other| other.reopened && fills_same(other))
    }

    /// Where callers of functions that return the client use it again and again, and leave it open.
    pub fn left_open(&self, at: SiteRef) -> Vec<Misuse> {
        let site = self.program.module(at.file).site(at.id);
        let is_given = |to: &Binding| matches!(to, Binding::Returned | Binding::Local | Binding::Dropped);
        let returned = site.bindings.contains(&Binding::Returned) && site.bindings.iter().all(is_given);
        let factory = site.place.function.filter(|_| returned && site.guard.is_none() && site.scope.is_none());
        let mut todo: Vec<_> = factory.map(|id| FunctionRef { file: at.file, id }).into_iter().collect();
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        while let Some(factory) = todo.pop().filter(|_| seen.len() < MAX_FACTORIES) {
            if !seen.insert(factory) || self.entries.get(factory).is_some() {
                continue;
            }
            for edge in self.program.callers(factory).into_iter().filter(is_had_anew) {
                let place = &edge.call.place;
                let bindings = edge.call.bindings.as_slice();
                // A loop may close each of many.
                let is_one = place.repeats.iter().all(|repeat| repeat.kind != RepeatKind::Comprehension);
                let stays = is_one && edge.call.scope.is_none() && !edge.call.deferred && !bindings.is_empty();
                if bindings.contains(&Binding::Returned) && bindings.iter().all(is_given) {
                    todo.extend(place.function.map(|id| FunctionRef { file: edge.file, id }));
                } else if stays && bindings.iter().all(|to| matches!(to, Binding::Local | Binding::Dropped)) {
                    let heat = self.place_heat(edge.file, place);
                    found.extend(heat.is_hot().then_some(Misuse {
                        file: edge.file,
                        span: place.span,
                        heat,
                        remade: false,
                    }));
                }
            }
        }
        found
    }

    /// A function that belongs to the life of an object or a program: what it closes or opens is not closed per call.
    fn sets_up(&self, function: FunctionRef) -> bool {
        let definition = self.program.function(function);
        let ends = definition.name.starts_with("__") || entry::looks_seldom(definition);
        definition.constructs.is_some() || (ends && self.entries.get(function).is_none())
    }

    /// Where a kept client is used on an event loop that is made again and again.
    pub(super) fn across_loops(&self, at: SiteRef, site: &ClientSite) -> Option<Misuse> {
        if self.is_by_loop(at, site) {
            return None;
        }
        let uses = self.uses(at);
        (0..self.program.files()).find_map(|file| {
            let loops = self.program.fan_outs(file).filter(|(fan_out, _)| fan_out.kind == FanOutKind::Loop);
            loops.into_iter().find_map(|(start, reached)| {
                let reaches = |used: &Used<'_>| {
                    let inside = used.file == file && start.place.span.contains(used.place.span);
                    inside || used.function().is_some_and(|function| reached.contains(&function))
                };
                if !uses.iter().any(reaches) || self.is_made_within(at, site, |function| reached.contains(&function)) {
                    return None;
                }
                let heat = self.place_heat(file, &start.place);
                heat.is_hot().then_some(Misuse { file, span: start.place.span, heat, remade: false })
            })
        })
    }

    /// A client that is made by what runs in the loop, and kept by an object of the same: it belongs to that loop.
    fn is_made_within(&self, at: SiteRef, site: &ClientSite, within: impl Fn(FunctionRef) -> bool) -> bool {
        let held = |to: &Binding| matches!(to, Binding::SelfField(_));
        let Some(function) = site.place.function.map(|id| FunctionRef { file: at.file, id }) else { return false };
        if !site.bindings.iter().any(held) {
            return false;
        }
        let class = self.program.constructed_by(function).or(self.program.class_of(function));
        let made = class.map(|class| self.program.constructions(class)).unwrap_or_default();
        made.iter().any(|edge| edge.call.place.function.is_some_and(|id| within(FunctionRef { file: edge.file, id })))
    }

    /// Kept once for each event loop.
    fn is_by_loop(&self, at: SiteRef, site: &ClientSite) -> bool {
        let module = self.program.module(at.file);
        let keyed = site.bindings.iter().any(|to| matches!(to, Binding::Stored(text) if text.contains("loop")));
        let asks = |path: &str| path.ends_with("get_running_loop") || path.ends_with("get_event_loop");
        let of_function = module.calls.iter().filter(|call| call.place.function == site.place.function);
        keyed || of_function.into_iter().any(|call| matches!(&call.callee, Callee::Path(path) if asks(path)))
    }

    /// Uses of a client in its file and in others.
    fn uses(&self, at: SiteRef) -> Vec<Used<'m>> {
        let module = self.program.module(at.file);
        let own = module.uses.iter().filter(|usage| usage.site == at.id && usage.kind == UseKind::Call);
        let own = own.map(|usage| Used { file: at.file, place: &usage.place, member: usage.path.as_str() });
        let foreign = self.program.foreign_uses(at).iter();
        let foreign = foreign.map(|usage| Used {
            file: usage.edge.file,
            place: &usage.edge.call.place,
            member: usage.member.as_str(),
        });
        let site = module.site(at.id);
        let returned = site.bindings.iter().any(|to| matches!(to, Binding::Returned));
        let factory = site.place.function.filter(|_| returned).map(|id| FunctionRef { file: at.file, id });
        // `with factory() as client:` closes what the factory keeps.
        let entered = factory.map(|factory| self.program.callers(factory)).unwrap_or_default();
        let entered = entered.into_iter().filter(|edge| edge.call.scope.is_some());
        let entered = entered.map(|edge| Used { file: edge.file, place: &edge.call.place, member: "__enter__" });
        own.chain(foreign).chain(entered).collect()
    }
}

impl Misuse {
    /// The chain that leads from the construction over `place` to the heat.
    pub fn chain(&self, built: &Hop, note: &str) -> Vec<Hop> {
        let done = Hop { file: self.file, span: self.span, note: note.to_owned() };
        [built.clone(), done].into_iter().chain(self.heat.chain.iter().cloned()).collect()
    }

    /// How surely.
    pub fn confidence(&self) -> Confidence {
        self.heat.confidence
    }
}
