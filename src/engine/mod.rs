//! From discovered files to a report: the stages in order, each file on its own until the rules see them together.

mod analyse;
mod compiled;
mod judge;
mod reach;
mod timings;

pub use timings::{Stage, Timings};

use crate::clients::{Clients, ClientsError};
use crate::discover::{Discovery, Found};
use crate::finding::{Report, Skipped};
use crate::frontend::Renames;
use crate::link::CratePackage;
use crate::prefilter::Prefilter;
use crate::project::Projects;
use crate::project::cargo::CargoMetadata;
use crate::rules::FileView;
use crate::settings::{Settings, SettingsError, SettingsStore};
use crate::source::read::FileKind;
use crate::source::{Language, SourceFile};
use analyse::{Outcome, Quiet, Wanted};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Worker stacks are larger than the default: rules and resolution recurse a little, and a debug build's frames are large.
const STACK_BYTES: usize = 16 << 20;

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A configuration cannot be used.
    #[error(transparent)]
    Settings(#[from] Box<SettingsError>),
    /// The clients of a configuration, or our own, cannot be used.
    #[error("the clients in the configuration cannot be used: {0}")]
    Clients(#[from] ClientsError),
    /// No threads.
    #[error("worker threads cannot be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// One file to analyse, with what applies to it.
struct Job {
    found: Found,
    /// Its text where it does not come from the disk.
    text: Option<SourceFile>,
    settings: Arc<Settings>,
    clients: Arc<Knowledge>,
    /// Crates that the package of a Rust file renames.
    renames: Arc<Renames>,
    /// Package of a Rust file.
    package: Option<Arc<CratePackage>>,
}

/// Clients and the prefilters that look for them.
struct Knowledge {
    clients: Clients,
    python: Prefilter,
    rust: Prefilter,
    manifests: Prefilter,
}

/// Checks `discovery`'s files on `jobs` threads (0 for one a core). `text` replaces the content of the file of its path.
/// `metadata` tells how to ask Cargo about packages, if at all; `timings` began with the run.
///
/// # Errors
/// A configuration cannot be used, or threads cannot be started. A file that cannot be analysed is part of the report.
pub fn check(
    discovery: Discovery,
    text: Option<SourceFile>,
    store: &SettingsStore,
    jobs: usize,
    metadata: Option<CargoMetadata>,
    timings: Timings,
) -> Result<Report, EngineError> {
    survey(discovery, text, store, jobs, metadata, timings, |_| ()).map(|(report, ())| report)
}

/// As [`check`]; `look` sees all files with their clients besides, as the rules do.
///
/// # Errors
/// As those of [`check`].
pub fn survey<T: Send>(
    discovery: Discovery,
    text: Option<SourceFile>,
    store: &SettingsStore,
    jobs: usize,
    metadata: Option<CargoMetadata>,
    mut timings: Timings,
    look: impl FnOnce(&[FileView<'_>]) -> T + Send,
) -> Result<(Report, T), EngineError> {
    let mut projects = Projects::new(store.cwd(), metadata);
    let plan = || plan(discovery.files, text, store, &mut projects);
    let jobs_to_do = timings.timed(Stage::Projects, plan)?;
    let files = jobs_to_do.len();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK_BYTES).build()?;
    timings.threads = pool.current_num_threads();
    let (mut report, seen) = pool.install(|| run(jobs_to_do, projects, timings, look));
    report.summary.files = files.saturating_sub(report.skipped.len());
    report.skipped.extend(discovery.skipped);
    report.skipped.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
    Ok((report, seen))
}

/// The stages from reading on, on the threads of the pool that this runs in.
fn run<T>(
    jobs: Vec<Job>,
    projects: Projects,
    mut timings: Timings,
    look: impl FnOnce(&[FileView<'_>]) -> T,
) -> (Report, T) {
    let read = || jobs.into_par_iter().map(analyse::look).collect();
    let Sorted { wanted, quiet, mut skipped, tests } = sort_out(timings.timed(Stage::Read, read));
    let parse = || wanted.into_par_iter().map(Wanted::lower).collect();
    let lowered: Vec<_> = timings.timed(Stage::Parse, parse);
    let mut analysed = Vec::with_capacity(lowered.len());
    for file in lowered {
        match file {
            Ok(file) => analysed.push(file),
            Err(file) => skipped.push(file),
        }
    }
    let parsed = analysed.len();
    timings.parsed = parsed;
    let mut reached = reach::reach(analysed, quiet, &mut timings);
    compiled::drop_unnamed(&mut reached);
    let (mut report, seen) = judge::judge(reached, skipped, projects, timings, look);
    report.summary.tests = tests;
    report.summary.parsed = parsed;
    (report, seen)
}

/// Pairs each file with its settings and with the clients known under them.
fn plan(
    files: Vec<Found>,
    mut text: Option<SourceFile>,
    store: &SettingsStore,
    projects: &mut Projects,
) -> Result<Vec<Job>, EngineError> {
    let mut known: HashMap<*const Settings, Arc<Knowledge>> = HashMap::new();
    let mut jobs = Vec::with_capacity(files.len());
    for found in files {
        let settings = store.for_file(&found.path)?;
        let clients = match known.get(&Arc::as_ptr(&settings)) {
            Some(clients) => Arc::clone(clients),
            None => {
                let clients = Arc::new(Knowledge::of(&settings)?);
                known.insert(Arc::as_ptr(&settings), Arc::clone(&clients));
                clients
            }
        };
        let text = text.take_if(|text| text.path == found.shown);
        // A manifest that is broken is told, whatever it names.
        let is_cargo = matches!(FileKind::of(&found.path), Some(FileKind::Rust | FileKind::CargoManifest));
        let is_read = is_cargo && !settings.passes_over(&found.root_relative);
        let renames = if is_read { projects.renames(&found.path) } else { Arc::default() };
        let is_rust = FileKind::of(&found.path) == Some(FileKind::Rust);
        let package = if is_rust { projects.crate_of(&found.path) } else { None };
        jobs.push(Job { found, text, settings, clients, renames, package });
    }
    Ok(jobs)
}

impl Knowledge {
    fn of(settings: &Settings) -> Result<Self, ClientsError> {
        let clients = if settings.clients.is_empty() {
            Clients::embedded().clone()
        } else {
            Clients::with_user(settings.clients.clone())?
        };
        let prefilter = |language| Prefilter::new(&clients, language);
        Ok(Self {
            python: prefilter(Language::Python),
            rust: prefilter(Language::Rust),
            manifests: prefilter(Language::CargoManifest),
            clients,
        })
    }

    /// Whether a file is worth parsing. A client that the package renames goes by its other name in the code.
    fn wants(&self, source: &SourceFile, renames: &Renames) -> bool {
        let renamed =
            |(name, stands_for): (&String, &String)| source.text.contains(name) && self.rust.wants(stands_for);
        match source.language {
            Language::Python => self.python.wants(&source.text),
            Language::Rust => self.rust.wants(&source.text) || renames.iter().any(renamed),
            Language::CargoManifest => self.manifests.wants(&source.text),
        }
    }
}

/// What became of the files.
#[derive(Default)]
struct Sorted {
    wanted: Vec<Wanted>,
    quiet: Vec<Quiet>,
    skipped: Vec<Skipped>,
    tests: usize,
}

fn sort_out(outcomes: Vec<Outcome>) -> Sorted {
    let mut sorted = Sorted::default();
    for outcome in outcomes {
        match outcome {
            Outcome::Wanted(file) => sorted.wanted.push(*file),
            Outcome::Quiet(file) => sorted.quiet.push(*file),
            Outcome::Skipped(file) => sorted.skipped.push(file),
            Outcome::Test => sorted.tests += 1,
        }
    }
    sorted
}
