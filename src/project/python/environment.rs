//! A virtual environment: what is installed in it, read from the metadata of each package. Nothing is run.

use super::requirement::Requirement;
use super::statement::{Kind, Statement};
use crate::project::files::Files;
use pep440_rs::Version;
use std::path::{Path, PathBuf};
use std::str::FromStr;

const WHAT: &str = "package metadata";
/// Folders of a package, and the file in them that names it.
const METADATA: &[(&str, &str)] = &[(".dist-info", "METADATA"), (".egg-info", "PKG-INFO")];

/// Where the environment at `path` keeps its packages; none where it is no environment.
pub fn site_packages(path: &Path) -> Vec<PathBuf> {
    let versions = entries(&path.join("lib")).into_iter().filter(|at| name(at).starts_with("python"));
    let all = versions.chain([path.join("Lib")]).map(|at| at.join("site-packages"));
    all.filter(|at| at.is_dir()).collect()
}

impl Statement {
    /// Of the environment at `path`; `None` where there is none.
    pub fn of_environment(path: &Path, files: &mut Files) -> Option<Self> {
        let folders = site_packages(path);
        let mut statement = Self::new(Kind::Lock);
        for package in folders.iter().flat_map(|folder| entries(folder)) {
            let named = METADATA.iter().find(|(end, _)| name(&package).ends_with(end));
            let file = named.map(|(_, file)| package.join(file)).filter(|file| file.exists());
            let read = |text: &str| header(text).ok_or("line 1: the header has no name, or no version".to_owned());
            file.and_then(|file| files.parsed(&file, WHAT, read)).into_iter().for_each(|found| statement.add(found));
        }
        (!folders.is_empty()).then_some(statement)
    }
}

fn header(text: &str) -> Option<Requirement> {
    let lines = || text.lines().take_while(|line| !line.is_empty());
    let field = |name: &str| lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()));
    Some(Requirement::locked(field("Name")?, Version::from_str(field("Version")?).ok()?))
}

/// What is in a folder, in order.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = all.map(|entry| entry.path()).collect();
    all.sort();
    all
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or("")
}
