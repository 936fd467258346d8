//! uv.lock, poetry.lock, pdm.lock, pylock.toml, Pipfile.lock: whole environments.

use super::requirement::Requirement;
use super::statement::{Kind, Statement};
use crate::project::files::Files;
use crate::project::problem;
use pep440_rs::Version;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use toml::Value;

const WHAT: &str = "a lock file";

/// The lock files in `folder`, the ones that count first before others.
pub fn read(folder: &Path, files: &mut Files) -> Vec<Statement> {
    let names = ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"].map(str::to_owned);
    let all = names.into_iter().chain(named_pylocks(folder));
    let mut locks: Vec<Statement> =
        all.filter_map(|name| files.parsed(&folder.join(name), WHAT, toml::<File>).map(of_toml)).collect();
    locks.extend(files.parsed(&folder.join("Pipfile.lock"), WHAT, json).map(of_pipfile));
    locks.retain(|lock| !lock.is_empty());
    locks
}

/// `pylock.dev.toml`.
fn named_pylocks(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| name.starts_with("pylock.") && name.ends_with(".toml") && name != "pylock.toml").collect();
    names.sort();
    names
}

fn toml<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    problem::read(text)
}

fn json(text: &str) -> Result<BTreeMap<String, serde_json::Value>, String> {
    // The message ends with line and column.
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
struct File {
    #[serde(default, alias = "packages")]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    /// Projects of one's own may have none.
    version: Option<String>,
    source: Option<Value>,
    /// Lists of tables (uv), a table (Poetry) or texts (PDM).
    dependencies: Option<Value>,
    #[serde(default)]
    extras: Option<Value>,
    metadata: Option<Value>,
}

fn of_toml(file: File) -> Statement {
    let mut lock = Statement::new(Kind::Lock);
    for package in file.package {
        let own = ["editable", "virtual", "directory"].iter().find_map(|key| text(package.source.as_ref()?.get(key)));
        lock.members.extend(own.map(Into::into));
        let listed = package.extras.as_ref().and_then(Value::as_array).into_iter().flatten();
        lock.add_extras(&package.name, listed.filter_map(Value::as_str));
        let requires = package.metadata.as_ref().and_then(|metadata| metadata.get("requires-dist"));
        [package.dependencies.as_ref(), requires].into_iter().flatten().for_each(|all| add_extras(all, &mut lock));
        if let Some(version) = package.version.and_then(|version| Version::from_str(&version).ok()) {
            lock.add(Requirement::locked(&package.name, version));
        }
    }
    lock
}

/// Adds the extras in a list of dependencies.
fn add_extras(dependencies: &Value, lock: &mut Statement) {
    let extras = |of: &Value| -> Vec<String> {
        let listed = of.get("extra").or_else(|| of.get("extras")).and_then(Value::as_array).into_iter().flatten();
        listed.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut add = |name: &str, extras: Vec<String>| lock.add_extras(name, extras.iter().map(String::as_str));
    for one in dependencies.as_array().into_iter().flatten() {
        match (one.as_str().and_then(Requirement::parse), text(one.get("name"))) {
            (Some(asked), _) => add(&asked.name, asked.extras.into_iter().collect()),
            (None, Some(name)) => add(name, extras(one)),
            (None, None) => {}
        }
    }
    for (name, one) in dependencies.as_table().into_iter().flatten() {
        let several = one.as_array().into_iter().flatten();
        several.chain([one]).for_each(|one| add(name, extras(one)));
    }
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

/// Its categories, of which `default` and `develop` are the usual ones.
fn of_pipfile(file: BTreeMap<String, serde_json::Value>) -> Statement {
    let mut lock = Statement::new(Kind::Lock);
    let categories = file.iter().filter(|(name, _)| *name != "_meta").filter_map(|(_, packages)| packages.as_object());
    for (name, package) in categories.flatten() {
        let extras = package.get("extras").and_then(serde_json::Value::as_array).into_iter().flatten();
        lock.add_extras(name, extras.filter_map(serde_json::Value::as_str));
        let version = package.get("version").and_then(serde_json::Value::as_str);
        if let Some(version) = version.and_then(|text| Version::from_str(text.trim_start_matches('=')).ok()) {
            lock.add(Requirement::locked(name, version));
        }
    }
    lock
}
