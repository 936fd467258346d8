//! Where ways up end, and how hot that is.

use super::heat::{Heat, hop};
use super::{Level, Lifetimes, entry};
use crate::finding::{Confidence, Hop};
use crate::frameworks::Heat as EntryHeat;
use crate::link::{Edge, FunctionRef};
use crate::model::Function;

impl Lifetimes<'_> {
    pub(super) fn entry_heat(&self, function: FunctionRef) -> Option<Heat> {
        let entry = self.entries.get(function)?;
        let heat = match entry.heat {
            EntryHeat::Once | EntryHeat::Memoised => Heat::new(Level::Once, entry.confidence),
            EntryHeat::Test => Heat { test: true, ..Heat::new(Level::Once, entry.confidence) },
            EntryHeat::PerRequest => {
                let name = (function.file, self.program.function(function).name_span);
                let (file, span) = entry.handed.unwrap_or(name);
                let hop = hop(file, span, &format!("{}, {}", entry.what, entry.every()));
                Heat { chain: vec![hop], ..Heat::new(Level::PerRequest, entry.confidence) }
            }
        };
        Some(Heat { hot: Some(function), entry: Some(entry.clone()), ..heat })
    }

    /// Nothing in sight calls it: how likely is it a hot path, where it is what `runs` that counts?
    pub(super) fn uncalled_heat(&self, function: FunctionRef, runs: bool) -> Heat {
        let definition = self.program.function(function);
        let hot = runs && definition.parent.is_none() && entry::looks_hot(definition) && !is_unused(definition);
        let note = format!("in each call of {}", self.called(function));
        let confidence = if hot { Confidence::Medium } else { Confidence::Low };
        let chain = vec![hop(function.file, definition.name_span, &note)];
        Heat { confidence, chain, ..Heat::unknown(Some(function)) }
    }

    pub(super) fn call_hop(&self, edge: Edge<'_>, callee: FunctionRef) -> Hop {
        hop(edge.file, edge.call.place.span, &format!("{} is called here", self.called(callee)))
    }

    /// A function in running text.
    fn called(&self, function: FunctionRef) -> String {
        let definition: &Function = self.program.function(function);
        match self.program.class_of(function) {
            _ if definition.is_closure() => "this closure".to_owned(),
            Some(class) => {
                let mark = self.program.module(function.file).language.member_mark();
                format!("`{}{mark}{}`", self.program.class(class).name, definition.name)
            }
            None => format!("`{}`", definition.name),
        }
    }
}

/// Only its module can call a private function, and that does not name it.
fn is_unused(function: &Function) -> bool {
    let others_may_call = function.is_public || function.class.is_some() || function.implements.is_some();
    !others_may_call && !function.is_mentioned && function.decorators.is_empty()
}
