//! One file: read, prefiltered, lowered. A failure stays with its file.

use super::{Job, Knowledge};
use crate::finding::Skipped;
use crate::frontend::{self, Renames};
use crate::link::Unit;
use crate::link::imports::{self, Import};
use crate::model::Module;
use crate::settings::Settings;
use crate::source::{Language, SourceFile, read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

/// A lowered file.
pub struct Analysed {
    /// Absolute path.
    pub path: PathBuf,
    /// Folder that projects are looked for in when no manifest is near: where the run started looking.
    pub root: PathBuf,
    /// Where it stands among the others.
    pub unit: Unit,
    /// Text.
    pub source: SourceFile,
    /// What it contributes; empty where the analysis failed.
    pub module: Module,
    /// What applies to it.
    pub settings: Arc<Settings>,
    /// Clients known in it.
    pub(super) clients: Arc<Knowledge>,
    /// What the analysis died of.
    pub failure: Option<String>,
}

/// What became of a file.
pub enum Outcome {
    /// Names a client.
    Wanted(Box<Wanted>),
    /// Not analysed, with the reason.
    Skipped(Skipped),
    /// A test: quiet unless asked for.
    Test,
    /// Names no client: nothing to say, unless it has to do with one of another file.
    Quiet(Box<Quiet>),
}

/// A file that is to be parsed.
pub struct Wanted {
    source: SourceFile,
    unit: Unit,
    job: Job,
}

/// A file that was looked at and not parsed.
pub struct Quiet {
    /// Where it stands among the others.
    pub unit: Unit,
    /// What it imports, in Python.
    pub imports: Vec<Import>,
    job: Job,
}

/// Reads one file, and sees whether it is worth parsing.
pub fn look(mut job: Job) -> Outcome {
    let kept = job.text.take();
    let Job { found, settings, .. } = &job;
    if settings.passes_over(&found.root_relative) {
        return Outcome::Test;
    }
    let source = match kept {
        Some(source) => source,
        None => match read::read(&found.path, &found.shown, settings.max_file_size) {
            Ok(source) => source,
            Err(error) => return Outcome::Skipped(Skipped { path: found.shown.clone(), reason: error.to_string() }),
        },
    };
    let path = found.path.to_string_lossy().replace('\\', "/");
    let unit = Unit { path, language: source.language, package: job.package.clone() };
    if !job.clients.wants(&source, &job.renames) {
        let is_python = source.language == Language::Python;
        let imports = if is_python { imports::of(&source.text) } else { Vec::new() };
        // What came from elsewhere than the disk is kept; it cannot be read again.
        let text = if found.path.exists() { None } else { Some(source) };
        return Outcome::Quiet(Box::new(Quiet { unit, imports, job: Job { text, ..job } }));
    }
    Outcome::Wanted(Box::new(Wanted { source, unit, job }))
}

impl Quiet {
    /// Its text; nothing where it cannot be read any more.
    pub fn text(&self) -> String {
        self.source().map(|source| source.text.to_string()).unwrap_or_default()
    }

    /// Crates that its package renames.
    pub fn renames(&self) -> &Renames {
        &self.job.renames
    }

    fn source(&self) -> Option<SourceFile> {
        let Job { found, settings, text, .. } = &self.job;
        text.clone().or_else(|| read::read(&found.path, &found.shown, settings.max_file_size).ok())
    }

    /// Lowers it after all. A file that cannot be parsed was none of anybody's business before, and stays so.
    pub fn lower(self) -> Option<Analysed> {
        let source = self.source()?;
        let lowered = Wanted { source, unit: self.unit, job: self.job }.lower();
        lowered.ok().filter(|analysed| analysed.failure.is_none())
    }
}

impl Wanted {
    /// Lowers it.
    pub fn lower(self) -> Result<Analysed, Skipped> {
        let Self { source, unit, job: Job { found, settings, clients, renames, .. } } = self;
        let lowered = catch_unwind(AssertUnwindSafe(|| frontend::lower(&source, &clients.clients, &renames)));
        let (module, failure) = match lowered {
            Ok(Ok(module)) => (module, None),
            Ok(Err(error)) => return Err(Skipped { path: found.shown, reason: error.to_string() }),
            Err(panic) => (Module::default(), Some(panic_text(panic.as_ref()))),
        };
        let depth = found.root_relative.split('/').count();
        let root = found.path.ancestors().nth(depth).unwrap_or(&found.path).to_owned();
        Ok(Analysed { path: found.path, root, unit, source, module, settings, clients, failure })
    }
}

/// What a panic said.
pub fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
