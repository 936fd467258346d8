//! `coldcall audit`, from arguments to exit code.

use super::file::write_whole;
use crate::failure::Failure;
use coldcall::audit::format::Format;
use coldcall::audit::{self, Inventory};
use coldcall::cli::AuditArgs;
use coldcall::engine::{self, Timings};
use coldcall::project::cargo::CargoMetadata;
use coldcall::rules::FileView;
use coldcall::settings::SettingsStore;
use coldcall::{discover, paths};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs `coldcall audit`.
pub fn audit(args: &AuditArgs, rules: &[&str]) -> Result<ExitCode, Failure> {
    let cwd = std::env::current_dir()?;
    let store = SettingsStore::new(&cwd, args.overrides(), args.run.config_source(), rules)?;
    let discovery = discover::discover(&args.paths, &store, args.run.force_exclude)?;
    let named = discovery.named();
    let (workload, jobs) = (args.workload(), args.run.jobs.map_or(0, usize::from));
    let metadata = args.run.cargo_metadata.then(CargoMetadata::default);
    let gather = |views: &[FileView<'_>]| audit::gather(views, &workload);
    let (report, clients) = engine::survey(discovery, None, &store, jobs, metadata, Timings::default(), gather)?;
    let missed = report.skipped.iter().any(|skipped| !args.run.force_exclude && named.contains(&skipped.path));
    let folder = folder(&args.paths, &cwd);
    write(args, &Inventory::new(folder, clients, workload, report))?;
    Ok(if missed { ExitCode::from(super::INCOMPLETE) } else { ExitCode::SUCCESS })
}

/// Name of the folder that is looked through: the one that is named, else the working directory.
fn folder(named: &[PathBuf], cwd: &Path) -> String {
    let only = match named {
        [one] => paths::absolute(one, cwd),
        _ => cwd.to_owned(),
    };
    let folder = if only.is_dir() { &only } else { cwd };
    folder.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
}

fn write(args: &AuditArgs, inventory: &Inventory) -> Result<(), Failure> {
    let terminal = args.output_file.is_none() && io::stdout().is_terminal();
    let (format, style) = (args.output_format, super::style(args.color, terminal));
    if !matches!(format, Format::Human | Format::Json) {
        tell_what_is_missing(inventory)?;
    }
    let Some(path) = &args.output_file else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        return Ok(audit::format::write(inventory, format, &style, &mut out)?);
    };
    let failed = |error| Failure::Write { path: path.display().to_string(), error };
    let mut bytes = Vec::new();
    audit::format::write(inventory, format, &style, &mut bytes)?;
    write_whole(path, &bytes).map_err(failed)
}

/// Formats of one row for each client have no place for what was not read.
fn tell_what_is_missing(inventory: &Inventory) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for skipped in &inventory.skipped {
        writeln!(err, "skipped {}: {}", skipped.path, skipped.reason)?;
    }
    inventory.warnings.iter().try_for_each(|warning| writeln!(err, "{warning}"))
}
