//! One file: read, prefiltered, lowered. A failure stays with its file.

use super::{Job, Knowledge};
use crate::finding::Skipped;
use crate::frontend;
use crate::model::Module;
use crate::settings::Settings;
use crate::source::{SourceFile, read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

/// A lowered file.
pub struct Analysed {
    /// Absolute path.
    pub path: PathBuf,
    /// Folder that projects are looked for in when no manifest is near: where the run started looking.
    pub root: PathBuf,
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
    /// Lowered.
    Analysed(Box<Analysed>),
    /// Not analysed, with the reason.
    Skipped(Skipped),
    /// A test: quiet unless asked for.
    Test,
    /// Names no client: nothing to say.
    Quiet,
}

/// Reads and lowers one file.
pub fn analyse(job: Job) -> Outcome {
    let Job { found, text, settings, clients, renames } = job;
    if settings.passes_over(&found.root_relative) {
        return Outcome::Test;
    }
    let skipped = |reason: String| Outcome::Skipped(Skipped { path: found.shown.clone(), reason });
    let source = match text.map_or_else(|| read::read(&found.path, &found.shown, settings.max_file_size), Ok) {
        Ok(source) => source,
        Err(error) => return skipped(error.to_string()),
    };
    if !clients.wants(&source, &renames) {
        return Outcome::Quiet;
    }
    let lowered = catch_unwind(AssertUnwindSafe(|| frontend::lower(&source, &clients.clients, &renames)));
    let (module, failure) = match lowered {
        Ok(Ok(module)) => (module, None),
        Ok(Err(error)) => return skipped(error.to_string()),
        Err(panic) => (Module::default(), Some(panic_text(panic.as_ref()))),
    };
    let depth = found.root_relative.split('/').count();
    let root = found.path.ancestors().nth(depth).unwrap_or(&found.path).to_owned();
    Outcome::Analysed(Box::new(Analysed { path: found.path, root, source, module, settings, clients, failure }))
}

/// What a panic said.
pub fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
