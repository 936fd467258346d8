//! Lowers every Rust file below the folders that are named, whether it names a client or not, and says how they were read:
//! `cargo run --release --example survey -- FOLDER...`.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::exit, reason = "a tool for the terminal")]

use coldcall::clients::Clients;
use coldcall::frontend::{Renames, lower, rust};
use coldcall::source::read;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use walkdir::WalkDir;

/// Large enough for generated tables.
const MAX_BYTES: u64 = 64 << 20;
const STACK_BYTES: usize = 16 << 20;

/// What became of one file.
enum Outcome {
    Read { by_syn: bool, calls: usize, text_calls: bool, took: Duration },
    Refused(String),
    Panicked,
}

fn main() {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if folders.is_empty() {
        eprintln!("usage: survey FOLDER...");
        std::process::exit(2);
    }
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| rust_files(folder)).collect();
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build();
    let started = Instant::now();
    let work = || files.par_iter().map(|path| (path, survey(path))).collect::<Vec<_>>();
    let outcomes = pool.map_or_else(|_| work(), |pool| pool.install(work));
    report(&outcomes, started.elapsed());
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let paths = entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    paths.filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

fn survey(path: &Path) -> Outcome {
    let file = match read::read(path, &path.to_string_lossy(), MAX_BYTES) {
        Ok(file) => file,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    let started = Instant::now();
    let lowered = catch_unwind(AssertUnwindSafe(|| {
        let reading = rust::reading(&file.text)?;
        lower(&file, Clients::embedded(), &Renames::new()).map(|_| reading)
    }));
    let took = started.elapsed();
    match lowered {
        Ok(Ok(reading)) => {
            let text_calls = file.text.contains('(');
            Outcome::Read { by_syn: reading.by_syn, calls: reading.calls, text_calls, took }
        }
        Ok(Err(error)) => Outcome::Refused(error.to_string()),
        Err(_) => Outcome::Panicked,
    }
}

fn report(outcomes: &[(&PathBuf, Outcome)], took: Duration) {
    let (mut by_syn, mut by_tree, mut with_calls, mut without_text) = (0, 0, 0, 0);
    let mut slowest: Vec<(Duration, &Path)> = Vec::new();
    for (path, outcome) in outcomes {
        match outcome {
            Outcome::Read { by_syn: true, took, .. } => {
                by_syn += 1;
                slowest.push((*took, path));
            }
            Outcome::Read { calls, text_calls, took, .. } => {
                by_tree += 1;
                with_calls += usize::from(*calls > 0);
                without_text += usize::from(!text_calls);
                slowest.push((*took, path));
                println!("tree-sitter, {calls} calls: {}", path.display());
            }
            Outcome::Refused(why) => println!("refused, {why}: {}", path.display()),
            Outcome::Panicked => println!("PANIC: {}", path.display()),
        }
    }
    slowest.sort_by(|left, right| right.cmp(left));
    for (took, path) in slowest.iter().take(5) {
        println!("{} ms: {}", took.as_millis(), path.display());
    }
    let bad = outcomes.iter().filter(|(_, outcome)| !matches!(outcome, Outcome::Read { .. })).count();
    println!(
        "{} files in {} s: {by_syn} by syn, {by_tree} by tree-sitter ({with_calls} of them with calls seen, {without_text} hold no \
         parenthesis), {bad} not read",
        outcomes.len(),
        took.as_secs()
    );
}
