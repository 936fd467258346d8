//! What can be wrong with a configuration, with the place.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// A place in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as shown: relative to the working directory where possible, with `/`.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Byte range in `text`.
    pub span: Range<usize>,
    /// The whole file.
    pub text: Arc<str>,
}

impl Place {
    /// The place of the bytes `span` of `text`, the content of the file shown as `path`.
    pub fn new(path: &str, text: &Arc<str>, span: Range<usize>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Self { path: path.to_owned(), line, column, span, text: Arc::clone(text) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// What is wrong with a folder that is to be an environment.
pub(super) const NO_ENVIRONMENT: &str =
    "no Python environment: it has neither `lib/python*/site-packages` nor `Lib/site-packages`";

/// Why the settings cannot be used. Displays in one line with the place; [`SettingsError::message`], [`SettingsError::help`] and
/// [`SettingsError::place`] are the parts, for a richer report.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A key that does not exist.
    #[error("{place}: {}{}", self.message(), Hint(self.help()))]
    UnknownKey {
        /// The key.
        place: Box<Place>,
        /// As written.
        key: String,
        /// Nearest key that exists.
        nearest: Option<String>,
    },
    /// A rule that does not exist.
    #[error("{place}: {}{}", self.message(), Hint(self.help()))]
    UnknownRule {
        /// The name.
        place: Box<Place>,
        /// As written.
        rule: String,
        /// Nearest rule that exists.
        nearest: Option<String>,
    },
    /// A pattern that is no glob.
    #[error("{place}: {}", self.message())]
    BadGlob {
        /// The pattern.
        place: Box<Place>,
        /// As written.
        glob: String,
        /// What is wrong with it.
        message: String,
    },
    /// Broken TOML, a value of the wrong type, or one out of range.
    #[error("{place}: {message}")]
    Invalid {
        /// The value, or where the file stops making sense.
        place: Box<Place>,
        /// What is wrong.
        message: String,
    },
    /// A pattern from the command line that is no glob.
    #[error("`{glob}` is not a glob: {message}")]
    BadArgument {
        /// As written.
        glob: String,
        /// What is wrong with it.
        message: String,
    },
    /// The folder given with `--python-env` is no environment.
    #[error("`--python-env {path}`: {}", NO_ENVIRONMENT)]
    NoEnvironment {
        /// As given.
        path: String,
    },
    /// The file given with `--config` holds no section for coldcall.
    #[error("{path}: no {sections} section")]
    NoSection {
        /// The file as shown.
        path: String,
        /// Sections that would do.
        sections: &'static str,
    },
    /// A configuration file that cannot be read.
    #[error("{}: {}", path.display(), crate::paths::reason(source.kind()))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// `; did you mean ..?` behind a message.
struct Hint(Option<String>);

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl SettingsError {
    /// Where the mistake is, where that is in a file that could be read.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::UnknownKey { place, .. }
            | Self::UnknownRule { place, .. }
            | Self::BadGlob { place, .. }
            | Self::Invalid { place, .. } => Some(place),
            Self::BadArgument { .. } | Self::NoEnvironment { .. } | Self::NoSection { .. } | Self::Read { .. } => None,
        }
    }

    /// What is wrong, without the place, one line.
    pub fn message(&self) -> String {
        match self {
            Self::UnknownKey { key, .. } => format!("unknown key `{key}`"),
            Self::UnknownRule { rule, .. } => format!("unknown rule `{rule}`"),
            Self::BadGlob { glob, message, .. } => format!("`{glob}` is not a glob: {message}"),
            Self::Invalid { message, .. } => message.clone(),
            Self::BadArgument { .. } | Self::NoEnvironment { .. } | Self::NoSection { .. } | Self::Read { .. } => {
                self.to_string()
            }
        }
    }

    /// What to do about it, where that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::UnknownKey { nearest, .. } => nearest.as_ref().map(|key| format!("did you mean `{key}`?")),
            Self::UnknownRule { nearest, .. } => nearest.as_ref().map(|rule| format!("did you mean `{rule}`?")),
            _ => None,
        }
    }
}
