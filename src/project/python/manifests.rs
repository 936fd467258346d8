//! What a project says that it needs: pyproject.toml, Pipfile, setup.cfg and environment.yml.

use super::requirement::Requirement;
use super::statement::{Kind, Statement};
use super::{conda, setup_cfg, specifier};
use crate::project::files::Files;
use crate::project::problem;
use std::path::Path;
use toml::{Table, Value};

const WHAT: &str = "a manifest";

/// Needed by the project itself; and by its extras, groups and tools.
#[derive(Debug, Default)]
pub struct Needs {
    /// Whatever is installed of it.
    pub own: Statement,
    /// Only with something asked for besides.
    pub aside: Statement,
}

/// What the manifests in `folder` say.
pub fn read(folder: &Path, files: &mut Files) -> Needs {
    let mut needs = Needs { own: Statement::new(Kind::Manifest), aside: Statement::new(Kind::Manifest) };
    if let Some(table) = files.parsed(&folder.join("pyproject.toml"), WHAT, problem::read::<Table>) {
        add_project(&Value::Table(table), &mut needs);
    }
    if let Some(table) = files.parsed(&folder.join("Pipfile"), WHAT, problem::read::<Table>) {
        table.get("packages").into_iter().for_each(|packages| add_table(packages, &mut needs.own));
        table.get("dev-packages").into_iter().for_each(|packages| add_table(packages, &mut needs.aside));
    }
    setup_cfg::add(folder, files, &mut needs);
    conda::add(folder, files, &mut needs.own);
    // A program, which is never run.
    needs.own.is_partial = folder.join("setup.py").exists();
    needs
}

fn add_project(table: &Value, needs: &mut Needs) {
    let of = |keys: &[&str]| at(table, keys);
    let own = of(&["project", "dependencies"]);
    own.into_iter().for_each(|list| add_list(list, &mut needs.own));
    let poetry = of(&["tool", "poetry", "dependencies"]);
    poetry.into_iter().for_each(|packages| add_table(packages, &mut needs.own));
    // Whatever a group includes is a group too.
    let groups = [
        of(&["project", "optional-dependencies"]),
        of(&["dependency-groups"]),
        of(&["tool", "pdm", "dev-dependencies"]),
    ];
    let lists = groups.into_iter().flatten().filter_map(Value::as_table).flat_map(|groups| groups.iter());
    lists.for_each(|(_, list)| add_list(list, &mut needs.aside));
    of(&["tool", "uv", "dev-dependencies"]).into_iter().for_each(|list| add_list(list, &mut needs.aside));
    for (_, environment) in of(&["tool", "hatch", "envs"]).and_then(Value::as_table).into_iter().flatten() {
        let lists = ["dependencies", "extra-dependencies"].map(|key| environment.get(key));
        lists.into_iter().flatten().for_each(|list| add_list(list, &mut needs.aside));
    }
    let groups = of(&["tool", "poetry", "group"]).and_then(Value::as_table).into_iter().flatten();
    let groups = groups.filter_map(|(_, group)| group.get("dependencies"));
    groups
        .chain(of(&["tool", "poetry", "dev-dependencies"]))
        .for_each(|packages| add_table(packages, &mut needs.aside));
}

fn at<'v>(table: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().try_fold(table, |value, key| value.get(key))
}

/// Texts of PEP 508.
fn add_list(list: &Value, statement: &mut Statement) {
    let texts = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.filter_map(Requirement::parse).for_each(|asked| statement.add(asked));
}

/// `name = "^1.2"`, `name = { version = "^1.2", extras = ["x"] }`, or several of these for several platforms.
fn add_table(packages: &Value, statement: &mut Statement) {
    for (name, said) in packages.as_table().into_iter().flatten() {
        match said {
            Value::Array(several) => several.iter().for_each(|one| statement.add(of_entry(name, one, true))),
            one => statement.add(of_entry(name, one, false)),
        }
    }
}

fn of_entry(name: &str, said: &Value, is_conditional: bool) -> Requirement {
    let words = said.as_str().or_else(|| said.get("version")?.as_str()).unwrap_or("*");
    let extras = said.get("extras").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let limits = ["markers", "python", "platform"].iter().any(|key| said.get(key).is_some());
    Requirement {
        extras: extras.map(super::requirement::normalise).collect(),
        is_conditional: is_conditional || limits,
        ..Requirement::any(name).within(words, specifier::poetry)
    }
}
