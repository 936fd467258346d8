//! Parses what has to do with the clients of other files, round by round, until nothing new appears.

use super::analyse::{Analysed, Quiet};
use super::timings::{Stage, Timings};
use crate::frameworks::{Frameworks, Heat};
use crate::lifetime::{Entries, Entry};
use crate::link::{Contents, CratePackage, Frontier, Layout, Names, Program, Unit};
use crate::source::Language;
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// The parsed files of a run, and what was not.
pub struct Reached {
    /// Parsed files.
    pub analysed: Vec<Analysed>,
    /// Files that nothing led to.
    pub quiet: Vec<Quiet>,
}

/// Finds the files that name what leads up from a client, and parses them.
pub fn reach(analysed: Vec<Analysed>, quiet: Vec<Quiet>, timings: &mut Timings) -> Reached {
    timings.quiet = quiet.len();
    let mut rounds = 0;
    let reached = timings.timed(Stage::Link, || follow(Reached { analysed, quiet }, &mut rounds));
    timings.rounds = rounds;
    timings.followed = timings.quiet - reached.quiet.len();
    reached
}

fn follow(mut reached: Reached, rounds: &mut usize) -> Reached {
    while !reached.analysed.iter().all(|file| file.module.sites.is_empty()) {
        *rounds += 1;
        let wanted = reached.wanted();
        if !wanted.contains(&true) {
            break;
        }
        let mut marks = wanted.into_iter();
        let (next, quiet) = reached.quiet.into_iter().partition(|_| marks.next().unwrap_or(false));
        let next: Vec<Quiet> = next;
        reached.quiet = quiet;
        reached.analysed.extend(next.into_par_iter().filter_map(Quiet::lower).collect::<Vec<_>>());
    }
    reached
}

impl Reached {
    /// Where each file stands, the parsed ones first.
    pub fn layout(&self) -> (Vec<Unit>, Layout) {
        let parsed = self.analysed.iter().map(|file| file.unit.clone());
        let units: Vec<Unit> = parsed.chain(self.quiet.iter().map(|file| file.unit.clone())).collect();
        let layout = Layout::new(&units);
        (units, layout)
    }

    /// All names of the run.
    pub fn names<'m>(&'m self, layout: &'m Layout) -> Names<'m> {
        let parsed = self.analysed.iter().map(|file| Contents::Lowered(&file.module));
        let quiet = self.quiet.iter().map(|file| Contents::Imports(&file.imports));
        Names::new(layout, parsed.chain(quiet).collect())
    }

    /// The parsed files, joined.
    pub fn program<'m>(&'m self, layout: &'m Layout) -> Program<'m> {
        let aside = self.analysed.iter().map(is_aside).collect();
        Program::new(self.names(layout), self.analysed.iter().map(|file| &file.module).collect(), aside)
    }

    /// Which of the files that were not parsed matter.
    fn wanted(&self) -> Vec<bool> {
        let (units, layout) = self.layout();
        let program = self.program(&layout);
        let entries = Entries::of(&program, Frameworks::embedded());
        let names = self.names(&layout);
        let is_entry = |function| {
            // What is memoised is kept by an object or under a key: by whom and how often matters.
            let is_end = |entry: &Entry| !matches!(entry.heat, Heat::Test | Heat::Memoised);
            entries.get(function).is_some_and(is_end)
        };
        let frontier = Frontier::of(&program, &units, is_entry);
        let wants = |(at, file): (usize, &Quiet)| match file.unit.language {
            Language::Python => frontier.wants_python(self.analysed.len() + at, &file.imports, &names, || file.text()),
            Language::Rust => {
                let at = self.analysed.len() + at;
                let wants = |package: &Arc<CratePackage>| {
                    frontier.may_want_rust(at, package)
                        && frontier.wants_rust(at, &package.root, file.renames(), &file.text())
                };
                file.unit.package.as_ref().is_some_and(wants)
            }
            Language::CargoManifest => false,
        };
        self.quiet.par_iter().enumerate().map(wants).collect()
    }
}

/// Folders whose code shows how something is used, and is not what uses it.
const ASIDE: &[&str] = &[
    "examples",
    "example",
    "samples",
    "sample",
    "demo",
    "demos",
    "docs",
    "doc",
    "docs_src",
    "tutorials",
    "cookbook",
    "notebooks",
    "benchmarks",
    "benches",
    "benchmark",
    "scripts",
];

/// Whether a file stands in such a folder, below the one in which the run looks.
fn is_aside(file: &Analysed) -> bool {
    let below = file.path.strip_prefix(&file.root).unwrap_or(&file.path);
    let mut folders = below.parent().into_iter().flat_map(Path::components);
    folders.any(|part| part.as_os_str().to_str().is_some_and(|part| ASIDE.contains(&part)))
}
