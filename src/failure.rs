//! What can go wrong at the edge, and how it is told.

use coldcall::discover::DiscoverError;
use coldcall::engine::EngineError;
use coldcall::settings::SettingsError;
use miette::{LabeledSpan, MietteDiagnostic, NamedSource, Report};
use std::io;

/// Why the program could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// See [`DiscoverError`].
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// See [`SettingsError`].
    #[error(transparent)]
    Settings(#[from] Box<SettingsError>),
    /// See [`EngineError`].
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Standard input cannot be analysed.
    #[error("{name}: {reason}")]
    Stdin { name: String, reason: String },
    /// The output file cannot be written.
    #[error("{path}: {error}")]
    Write { path: String, error: io::Error },
    /// Standard output cannot be written.
    #[error("cannot write: {0}")]
    Io(#[from] io::Error),
}

impl Failure {
    /// Whoever read our output has had enough: no failure.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Failure::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The failure for people, with the place in the configuration where there is one.
    pub fn report(&self) -> Report {
        let Some(error) = self.settings() else { return Report::msg(self.to_string()) };
        let Some(place) = error.place() else { return Report::msg(self.to_string()) };
        let message = format!("{}:{}:{}: {}", place.path, place.line, place.column, error.message());
        let mut diagnostic = MietteDiagnostic::new(message).with_label(LabeledSpan::underline(place.span.clone()));
        if let Some(help) = error.help() {
            diagnostic = diagnostic.with_help(help);
        }
        Report::new(diagnostic).with_source_code(NamedSource::new(&place.path, place.text.to_string()))
    }

    fn settings(&self) -> Option<&SettingsError> {
        match self {
            Failure::Settings(error)
            | Failure::Discover(DiscoverError::Settings(error))
            | Failure::Engine(EngineError::Settings(error)) => Some(error),
            _ => None,
        }
    }
}
