//! The commands that read source files, from arguments to exit code; `coldcall check` here, the others below.

mod audit;
mod file;

pub use audit::audit;

use crate::failure::Failure;
use coldcall::cli::CheckArgs;
use coldcall::discover::{self, Discovery, Found};
use coldcall::engine::{self, Stage, Timings};
use coldcall::finding::Report;
use coldcall::output::{self, Colour, RuleText, Style};
use coldcall::project::cargo::CargoMetadata;
use coldcall::settings::SettingsStore;
use coldcall::source::{SourceFile, read};
use coldcall::{pages, paths};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const FINDINGS: u8 = 1;
const INCOMPLETE: u8 = 2;
/// Wide lines are hard to read, narrow ones break code.
const WIDTHS: (usize, usize) = (60, 120);

/// Runs `coldcall check`.
pub fn check(args: &CheckArgs, rules: &[&str]) -> Result<ExitCode, Failure> {
    let mut timings = Timings::default();
    let cwd = std::env::current_dir()?;
    let store = SettingsStore::new(&cwd, args.overrides(), args.run.config_source(), rules)?;
    let (discovery, text) = timings.timed(Stage::Discover, || find(args, &store))?;
    if args.show_settings {
        return show(args, &store, &cwd);
    }
    if args.show_files {
        let lines: String = discovery.files.iter().map(|file| format!("{}\n", file.shown)).collect();
        io::stdout().write_all(lines.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let named = discovery.named();
    let fail_on = store.for_directory(&first_folder(args, &cwd))?.fail_on;
    let metadata = args.run.cargo_metadata.then(CargoMetadata::default);
    let mut report = engine::check(discovery, text, &store, args.run.jobs.map_or(0, usize::from), metadata, timings)?;
    // A hook hands over whatever was committed; a person who names a file wants it read.
    let missed = |path: &String| !args.run.force_exclude && named.contains(path);
    let incomplete = report.skipped.iter().any(|skipped| args.strict || missed(&skipped.path));
    let failing = report.findings.iter().any(|finding| finding.severity >= fail_on);
    if args.quiet {
        report.skipped.clear();
        report.warnings.clear();
    }
    let mut timings = std::mem::take(&mut report.timings);
    timings.timed(Stage::Output, || write(args, &report))?;
    if args.timings {
        write!(io::stderr(), "{timings}")?;
    }
    Ok(match (incomplete, failing && !args.exit_zero) {
        (true, _) => ExitCode::from(INCOMPLETE),
        (false, true) => ExitCode::from(FINDINGS),
        (false, false) => ExitCode::SUCCESS,
    })
}

/// What there is to check.
fn find(args: &CheckArgs, store: &SettingsStore) -> Result<(Discovery, Option<SourceFile>), Failure> {
    if args.reads_stdin() {
        return stdin(args, store);
    }
    Ok((discover::discover(&args.paths, store, args.run.force_exclude)?, None))
}

/// Standard input as the one file of the run.
fn stdin(args: &CheckArgs, store: &SettingsStore) -> Result<(Discovery, Option<SourceFile>), Failure> {
    let name = args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("stdin.py"));
    let path = paths::absolute(&name, store.cwd());
    let shown = paths::shown(&path, store.cwd());
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let source = read::from_bytes(&bytes, &shown)
        .map_err(|error| Failure::Stdin { name: shown.clone(), reason: error.to_string() })?;
    let found = Found { path, root_relative: shown.clone(), shown, explicit: true };
    Ok((Discovery { files: vec![found], skipped: Vec::new() }, Some(source)))
}

fn first_folder(args: &CheckArgs, cwd: &Path) -> PathBuf {
    let first = args.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let path = paths::absolute(first, cwd);
    if path.is_dir() { path } else { path.parent().unwrap_or(cwd).to_owned() }
}

fn show(args: &CheckArgs, store: &SettingsStore, cwd: &Path) -> Result<ExitCode, Failure> {
    let settings = store.for_directory(&first_folder(args, cwd))?;
    io::stdout().write_all(settings.to_toml().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn write(args: &CheckArgs, report: &Report) -> Result<(), Failure> {
    let terminal = args.output_file.is_none() && io::stdout().is_terminal();
    let (format, style) = (args.output_format, style(args.color, terminal));
    let Some(path) = &args.output_file else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        return Ok(output::write(report, format, &style, &describe, &mut out)?);
    };
    let failed = |error| Failure::Write { path: path.display().to_string(), error };
    let mut bytes = Vec::new();
    output::write(report, format, &style, &describe, &mut bytes)?;
    std::fs::write(path, bytes).map_err(failed)
}

fn style(colour: Colour, terminal: bool) -> Style {
    Style {
        colour: output::use_colour(colour, terminal, |name| std::env::var(name).ok()),
        width: width(terminal),
        unicode: true,
        hyperlinks: false,
    }
}

fn describe(rule: &str) -> Option<RuleText> {
    pages::get(rule).map(|page| RuleText { summary: page.summary.to_owned(), url: None })
}

/// The terminal's width as the shell exports it, else 100 columns.
fn width(terminal: bool) -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|_| terminal);
    columns.unwrap_or(100).clamp(WIDTHS.0, WIDTHS.1)
}
