//! The program: reads the command line, runs, writes, and turns the result into an exit code.

mod failure;
mod run;

use coldcall::cli::{Cli, Command};
use coldcall::clients::{Clients, page};
use coldcall::{cli, pages};
use failure::Failure;
use std::io::{self, Write};
use std::process::ExitCode;

/// Could not do what was asked.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let rules: Vec<&str> = pages::names().collect();
    let cli = match Cli::try_parse_with(std::env::args_os(), &rules) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, with code 0. Nowhere is left to say that printing failed.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(FAILED));
        }
    };
    let done = match cli.command {
        Command::Check(args) => run::check(&args, &rules),
        Command::Audit(args) => run::audit(&args, &rules),
        Command::Rule { name } => rule(name.as_deref()).map_err(Failure::from),
        Command::Library { name } => library(name.as_deref()).map_err(Failure::from),
        Command::Completions { shell } => print(&cli::completions(shell)).map_err(Failure::from),
        Command::Man { command } => {
            cli::man_page(command.as_deref()).and_then(|page| print(&page)).map_err(Failure::from)
        }
    };
    match done {
        Ok(code) => code,
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "{:?}", failure.report());
            ExitCode::from(FAILED)
        }
    }
}

fn print(text: &[u8]) -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// `coldcall rule`: a page, or all names with their summaries.
fn rule(name: Option<&str>) -> io::Result<ExitCode> {
    let Some(name) = name else {
        let width = pages::names().map(str::len).max().unwrap_or(0);
        let lines = pages::all().iter().map(|page| format!("{:width$}  {}\n", page.name, page.summary));
        return print(lines.collect::<String>().as_bytes());
    };
    match pages::get(name) {
        Some(page) => print(page.for_people().as_bytes()),
        None => {
            let hint = pages::nearest(name).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            writeln!(io::stderr(), "there is no rule `{name}`{hint}")?;
            Ok(ExitCode::from(FAILED))
        }
    }
}

/// `coldcall library`: what is known of one, or all with the day of their verification.
fn library(name: Option<&str>) -> io::Result<ExitCode> {
    let clients = Clients::embedded();
    let Some(name) = name else { return print(page::list(clients).as_bytes()) };
    match page::page(clients, name) {
        Some(page) => print(page.as_bytes()),
        None => {
            let hint = page::nearest(clients, name).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            let hint = if hint.is_empty() { "; `coldcall library` lists all" } else { &hint };
            writeln!(io::stderr(), "no library `{name}` is known{hint}")?;
            Ok(ExitCode::from(FAILED))
        }
    }
}
