//! How far a search for what a path stands for has come, and how far it may go.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

/// Names that are followed from one to the next; real chains have a handful.
const MAX_STEPS: usize = 200;

/// Steps of one search, on all ways that it tries.
const MAX_TAKEN: usize = 2000;

/// A member is looked for in the bases of its class, whose own paths may lead to members.
const MAX_DEPTH: usize = 3;

/// Searches within one search: classes that derive from members of each other would have each lead to all others.
const MAX_SEARCHES: usize = 500;

/// Where a search has been: imports lead in circles, and globs lead to one place on many ways.
#[derive(Debug, Default)]
pub struct Trail {
    /// From one name to the next, where the search is now.
    pub(super) steps: usize,
    /// All that were taken, those that led nowhere included.
    taken: usize,
    seen: HashSet<(usize, String)>,
    /// Searches for bases of classes that this one is part of.
    depth: usize,
    /// Searches within the outermost one.
    searches: Rc<Cell<usize>>,
}

impl Trail {
    /// A search within this one.
    pub(super) fn within(&self) -> Option<Trail> {
        let searches = self.searches.get() + 1;
        self.searches.set(searches);
        let may_go_on = self.depth < MAX_DEPTH && searches < MAX_SEARCHES;
        may_go_on.then(|| Trail { depth: self.depth + 1, searches: Rc::clone(&self.searches), ..Trail::default() })
    }

    pub(super) fn step(&mut self) -> Option<()> {
        self.steps += 1;
        self.taken += 1;
        (self.steps < MAX_STEPS && self.taken < MAX_TAKEN).then_some(())
    }

    /// Whether `what` was not looked for in a file before.
    pub(super) fn is_new(&mut self, file: usize, what: String) -> bool {
        self.seen.insert((file, what))
    }
}
