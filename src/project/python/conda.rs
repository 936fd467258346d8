//! environment.yml: packages of conda, and of pip below them.

use super::requirement::Requirement;
use super::specifier;
use super::statement::Statement;
use crate::project::files::Files;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::path::Path;

const NAMES: [&str; 2] = ["environment.yml", "environment.yaml"];

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    dependencies: Option<Vec<Entry>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Conda(String),
    Pip { pip: Vec<String> },
    Other(IgnoredAny),
}

/// Adds what the environment files in `folder` say.
pub fn add(folder: &Path, files: &mut Files, statement: &mut Statement) {
    for name in NAMES {
        let file = files.parsed(&folder.join(name), "an environment file", parse);
        for entry in file.and_then(|file| file.dependencies).into_iter().flatten() {
            match entry {
                Entry::Conda(text) => statement.add(of_conda(&text)),
                Entry::Pip { pip } => {
                    pip.iter().filter_map(|text| Requirement::parse(text)).for_each(|asked| statement.add(asked))
                }
                Entry::Other(_) => {}
            }
        }
    }
}

fn parse(text: &str) -> Result<File, String> {
    serde_saphyr::from_str(text).map_err(|error| {
        let place = error.location().map(|at| format!("line {}, column {}: ", at.line(), at.column()));
        let message = error.without_snippet().to_string();
        format!("{}{}", place.unwrap_or_default(), message.lines().next().unwrap_or_default())
    })
}

/// `conda-forge::httpx=0.27`, `httpx >=0.27,<1`, `httpx 0.27.* py_0`.
fn of_conda(text: &str) -> Requirement {
    let spec = text.rsplit("::").next().unwrap_or(text).trim();
    let end = spec.find(|letter: char| letter.is_whitespace() || "=<>!~[".contains(letter)).unwrap_or(spec.len());
    let (name, words) = spec.split_at(end);
    Requirement::any(name).within(words, specifier::conda)
}
