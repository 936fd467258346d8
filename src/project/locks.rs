//! Locked and pinned versions: uv.lock, poetry.lock, pdm.lock, pylock.toml, requirements*.txt.

use super::Project;
use crate::paths;
use pep440_rs::Version;
use std::path::Path;
use std::str::FromStr;

/// Lock files that are TOML with an array of packages, and that array's key.
const TOML_LOCKS: &[(&str, &str)] =
    &[("uv.lock", "package"), ("poetry.lock", "package"), ("pdm.lock", "package"), ("pylock.toml", "packages")];

/// Adds the versions that the lock files in `folder` name; the first file that names a package wins.
pub fn read(folder: &Path, cwd: &Path, project: &mut Project) {
    for (name, key) in TOML_LOCKS {
        let path = folder.join(name);
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        match text.parse::<toml::Table>() {
            Ok(table) => add_packages(&table, key, project),
            Err(error) => {
                project.warnings.push(format!(
                    "{}: not read as a lock file: {}",
                    paths::shown(&path, cwd),
                    error.message()
                ));
            }
        }
    }
    for path in requirement_files(folder) {
        if let Ok(text) = std::fs::read_to_string(&path) {
            text.lines().for_each(|line| add_pin(line, project));
        }
    }
}

fn add_packages(table: &toml::Table, key: &str, project: &mut Project) {
    let packages = table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
    for package in packages {
        let text = |field: &str| package.get(field).and_then(toml::Value::as_str);
        if let (Some(name), Some(version)) = (text("name"), text("version")) {
            add(name, version, project);
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
fn add_pin(line: &str, project: &mut Project) {
    let line = line.split(['#', ';']).next().unwrap_or("");
    if let Some((name, version)) = line.split_once("==") {
        let name = name.split('[').next().unwrap_or("").trim();
        let version = version.split([',', ' ', '\\']).next().unwrap_or("").trim_start_matches('=').trim();
        add(name, version, project);
    }
}

fn add(name: &str, version: &str, project: &mut Project) {
    if let Ok(version) = Version::from_str(version) {
        project.versions.entry(normalise(name)).or_insert(version);
    }
}

/// Package names compare without case, `-`, `_` and `.` being the same.
pub fn normalise(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace(['_', '.'], "-")
}
