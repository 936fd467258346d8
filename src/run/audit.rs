//! `coldcall audit`, from arguments to exit code.

use crate::failure::Failure;
use coldcall::audit::{self, Inventory};
use coldcall::cli::AuditArgs;
use coldcall::discover;
use coldcall::engine::{self, Timings};
use coldcall::project::cargo::CargoMetadata;
use coldcall::rules::FileView;
use coldcall::settings::SettingsStore;
use std::io;
use std::process::ExitCode;

/// Runs `coldcall audit`.
pub fn audit(args: &AuditArgs, rules: &[&str]) -> Result<ExitCode, Failure> {
    let cwd = std::env::current_dir()?;
    let store = SettingsStore::new(&cwd, args.overrides(), args.run.config_source(), rules)?;
    let discovery = discover::discover(&args.paths, &store, args.run.force_exclude)?;
    let (workload, jobs) = (args.workload(), args.run.jobs.map_or(0, usize::from));
    let metadata = args.run.cargo_metadata.then(CargoMetadata::default);
    let gather = |views: &[FileView<'_>]| audit::gather(views, &workload);
    let (report, clients) = engine::survey(discovery, None, &store, jobs, metadata, Timings::default(), gather)?;
    write(args, &Inventory::new(clients, workload, report))?;
    Ok(ExitCode::SUCCESS)
}

fn write(args: &AuditArgs, inventory: &Inventory) -> Result<(), Failure> {
    let format = args.output_format;
    let Some(path) = &args.output_file else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        return Ok(audit::format::write(inventory, format, &mut out)?);
    };
    let failed = |error| Failure::Write { path: path.display().to_string(), error };
    let mut bytes = Vec::new();
    audit::format::write(inventory, format, &mut bytes)?;
    std::fs::write(path, bytes).map_err(failed)
}
