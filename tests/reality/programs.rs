//! The programs of `fixtures/reality/`, and the calls that each makes.

use crate::server::Options;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Language {
    Python,
    Rust,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Python, Self::Rust];

    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Rust => "rust",
        }
    }

    /// Where a set keeps its programs, and how their files end.
    fn sources(self) -> (&'static str, &'static str) {
        match self {
            Self::Python => ("", "py"),
            Self::Rust => ("src/bin", "rs"),
        }
    }
}

/// What `reality.toml` says of a program.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Workload {
    /// What it shows, in half a line.
    pub about: String,
    pub rounds: usize,
    #[serde(default = "once")]
    pub at_once: usize,
    #[serde(default)]
    pub gap_s: f64,
    /// Whether the server offers HTTP/2.
    #[serde(default = "yes")]
    pub http2: bool,
    /// After how many idle seconds the server closes a connection; without it the server outlives the client.
    pub keep_alive_s: Option<f64>,
    /// Why the prediction may be a range.
    pub varies: Option<String>,
}

fn once() -> usize {
    1
}

fn yes() -> bool {
    true
}

impl Workload {
    pub fn server(&self) -> Options {
        let usual = Options::default();
        let keep_alive = self.keep_alive_s.map_or(usual.keep_alive, Duration::from_secs_f64);
        Options { http2: self.http2, keep_alive, ..usual }
    }

    /// The number, from 0, of the first request of the last round.
    pub fn last_round(&self) -> usize {
        (self.rounds - 1) * self.at_once
    }
}

#[derive(Clone, Debug)]
pub struct Program {
    pub language: Language,
    /// The set that it belongs to: programs that share their libraries.
    pub set: PathBuf,
    /// The path of the source inside the set.
    pub source: String,
    pub workload: Workload,
}

impl Program {
    /// The name of the file without its ending.
    pub fn stem(&self) -> &str {
        Path::new(&self.source).file_stem().unwrap().to_str().unwrap()
    }

    pub fn set_name(&self) -> &str {
        self.set.file_name().unwrap().to_str().unwrap()
    }

    /// How reports and the table call it.
    pub fn name(&self) -> String {
        format!("{}/{}/{}", self.language.name(), self.set_name(), self.stem())
    }
}

#[derive(Deserialize)]
struct Listing {
    programs: BTreeMap<String, Workload>,
}

/// The sets of a language, in order, each with its programs.
pub fn sets(language: Language) -> Vec<(PathBuf, Vec<Program>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reality").join(language.name());
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.into_iter().map(|set| (set.clone(), programs(language, &set))).collect()
}

/// The programs of a set; every source must be listed, and every listed source be there.
fn programs(language: Language, set: &Path) -> Vec<Program> {
    let listing = set.join("reality.toml");
    let text = fs::read_to_string(&listing).unwrap_or_else(|error| panic!("{}: {error}", listing.display()));
    let listed: Listing = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", listing.display()));
    let (folder, ending) = language.sources();
    let files = fs::read_dir(set.join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|found| found == ending));
    let mut stems: Vec<String> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    stems.sort();
    assert_eq!(stems, listed.programs.keys().cloned().collect::<Vec<_>>(), "files and {}", listing.display());
    let source = |stem: &str| Path::new(folder).join(stem).with_extension(ending).to_str().unwrap().to_owned();
    let program = |(stem, workload): (String, Workload)| Program {
        language,
        set: set.to_owned(),
        source: source(&stem),
        workload,
    };
    listed.programs.into_iter().map(program).collect()
}
