//! What is generated from the definition of the command line.

use super::Cli;
use clap::CommandFactory;
use clap_complete::Shell;
use std::io;

/// The completion script for `shell`.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "coldcall", &mut script);
    script
}

/// The manual page in roff: of the program, or of its subcommand `name`.
///
/// # Errors
/// [`io::ErrorKind::NotFound`] where there is no such subcommand.
pub fn man_page(name: Option<&str>) -> io::Result<Vec<u8>> {
    let mut command = Cli::command();
    command.build();
    let page = match name {
        None => command,
        Some(name) => command
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("no subcommand `{name}`")))?,
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff)?;
    Ok(roff)
}
