//! Locked and pinned versions: uv.lock, poetry.lock, pdm.lock, pylock.toml, requirements*.txt.

use super::problem;
use crate::paths;
use pep440_rs::Version;
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

/// Lock files that are TOML with an array of packages, and that array's key.
const TOML_LOCKS: &[(&str, &str)] =
    &[("uv.lock", "package"), ("poetry.lock", "package"), ("pdm.lock", "package"), ("pylock.toml", "packages")];

/// Locked and pinned versions of one folder.
#[derive(Debug, Default)]
pub struct Locked {
    /// By normalised package name; the first file that names a package wins.
    pub versions: BTreeMap<String, Version>,
    /// Files that could not be read as what they are, as sentences with the path.
    pub warnings: Vec<String>,
}

impl Locked {
    /// Reads the lock files and requirements in `folder`; paths are told relative to `cwd`.
    pub fn read(folder: &Path, cwd: &Path) -> Self {
        let mut locked = Self::default();
        read(folder, cwd, &mut locked);
        locked
    }
}

fn read(folder: &Path, cwd: &Path, locked: &mut Locked) {
    for (name, key) in TOML_LOCKS {
        let path = folder.join(name);
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        match problem::read::<toml::Table>(&text) {
            Ok(table) => add_packages(&table, key, locked),
            Err(error) => {
                locked.warnings.push(format!("{}: not read as a lock file: {error}", paths::shown(&path, cwd)));
            }
        }
    }
    for path in requirement_files(folder) {
        if let Ok(text) = std::fs::read_to_string(&path) {
            text.lines().for_each(|line| add_pin(line, locked));
        }
    }
}

fn add_packages(table: &toml::Table, key: &str, locked: &mut Locked) {
    let packages = table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
    for package in packages {
        let text = |field: &str| package.get(field).and_then(toml::Value::as_str);
        if let (Some(name), Some(version)) = (text("name"), text("version")) {
            add(name, version, locked);
        }
    }
}

/// `requirements*.txt` in the folder, in order.
fn requirement_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
            name.starts_with("requirements") && name.ends_with(".txt") && path.is_file()
        })
        .collect();
    files.sort();
    files
}

/// `name[extra]==1.2.3 ; marker`.
fn add_pin(line: &str, locked: &mut Locked) {
    let line = line.split(['#', ';']).next().unwrap_or("");
    if let Some((name, version)) = line.split_once("==") {
        let name = name.split('[').next().unwrap_or("").trim();
        let version = version.trim().split([',', ' ', '\\']).next().unwrap_or("").trim_start_matches('=').trim();
        add(name, version, locked);
    }
}

fn add(name: &str, version: &str, locked: &mut Locked) {
    if let Ok(version) = Version::from_str(version) {
        locked.versions.entry(normalise(name)).or_insert(version);
    }
}

/// Package names compare without case, `-`, `_` and `.` being the same.
pub fn normalise(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace(['_', '.'], "-")
}
