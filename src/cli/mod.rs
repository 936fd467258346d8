//! The command line.

mod audit;
mod check;
mod pages;
mod run;

pub use audit::AuditArgs;
pub use check::CheckArgs;
pub use pages::{completions, man_page};
pub use run::RunArgs;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use std::ffi::OsString;

const AFTER_HELP: &str = "\
Exit codes:
  0  nothing to report
  1  findings from `--fail-on` on (default: warning)
  2  could not do what was asked: bad arguments, a missing path, broken configuration";

/// Finds cold calls: requests that pay DNS, TCP, TLS and certificate loading each time because of how a client is built or
/// configured.
#[derive(Debug, Parser)]
#[command(name = "coldcall", version, about, after_help = AFTER_HELP, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look for cold calls in files and folders.
    Check(Box<CheckArgs>),
    /// List all clients: what each is set to, how long it lives, who shares it, and what it costs.
    Audit(Box<AuditArgs>),
    /// Explain a rule, or list all rules.
    #[command(after_help = "Examples:\n  coldcall rule\n  coldcall rule client-per-call")]
    Rule {
        /// Rule to explain; without it, all rules are listed.
        name: Option<String>,
    },
    /// Show what is known of a client library and when that was last verified, or list all libraries.
    #[command(after_help = "Examples:\n  coldcall library\n  coldcall library anthropic")]
    Library {
        /// Library to show; without it, all are listed.
        name: Option<String>,
    },
    /// Print completions for a shell.
    #[command(hide = true)]
    Completions {
        /// Shell to complete for.
        shell: Shell,
    },
    /// Print a manual page in roff.
    #[command(hide = true)]
    Man {
        /// Page of a subcommand instead of the main page.
        command: Option<String>,
    },
}

impl Cli {
    /// Reads a command line, the program's name first. `rules` are the names of all rules.
    ///
    /// # Errors
    /// What clap reports: wrong arguments (exit code 2), and also `--help` and `--version` (exit code 0). A rule that does not
    /// exist is named with the nearest one that does. [`clap::Error::exit`] does the right thing with each.
    pub fn try_parse_with<I, T>(arguments: I, rules: &[&str]) -> Result<Self, clap::Error>
    where
        I: IntoIterator<Item = T>,
        T: Into<OsString> + Clone,
    {
        let cli = Self::try_parse_from(arguments)?;
        let (name, checked) = match &cli.command {
            Command::Check(args) => ("check", args.validate(rules)),
            Command::Audit(args) => ("audit", args.validate()),
            _ => return Ok(cli),
        };
        checked.map(|()| cli).map_err(|message| {
            let mut command = Self::command();
            command.build();
            let subcommand = command.find_subcommand_mut(name).map(std::mem::take);
            subcommand.unwrap_or(command).error(ErrorKind::ValueValidation, message)
        })
    }
}
