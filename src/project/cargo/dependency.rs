//! The dependencies of a package as they hold: inherited from the workspace, with what its default features add.

use super::manifest::{Detail, Manifest, Table};
use super::requirement::Requirement;
use crate::frontend::Renames;
use crate::paths;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What a dependency is for, in the order in which they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The package's own code.
    Normal,
    /// Its tests or its build script.
    Aside,
    /// Whatever members of the workspace inherit it.
    Members,
}

/// One dependency.
#[derive(Debug)]
pub struct Dependency {
    /// Its key in the manifest, by which the code knows it.
    pub key: String,
    /// Name in the registry.
    pub package: String,
    /// Its folder, where it does not come from a registry or a repository.
    pub path: Option<PathBuf>,
    /// Versions.
    pub requirement: Requirement,
    /// Features that are switched on.
    pub features: Vec<String>,
    /// Whether its default features are on.
    pub defaults: bool,
    /// What it is for.
    pub purpose: Purpose,
    /// Everything about it could be read: what it inherits was found.
    pub is_complete: bool,
}

impl Dependency {
    /// Whether both entries mean one package in one version.
    pub fn is_same_build(&self, other: &Self) -> bool {
        self.key == other.key && self.requirement.is_like(&other.requirement)
    }

    /// Whether both entries switch on the same features.
    pub fn has_features_of(&self, other: &Self) -> bool {
        let set = |one: &Self| one.features.iter().cloned().collect::<BTreeSet<String>>();
        self.defaults == other.defaults && set(self) == set(other)
    }
}

/// The dependencies in `manifest`, whose workspace's manifest is `workspace`.
pub fn dependencies(manifest: &Manifest, workspace: Option<&Manifest>) -> Vec<Dependency> {
    let said = &manifest.said;
    let tables = || std::iter::once(&said.tables).chain(said.target.values());
    let normal = tables().map(|tables| (&tables.dependencies, Purpose::Normal));
    let aside = tables().flat_map(|tables| [&tables.dev_dependencies, &tables.build_dependencies]);
    let aside = aside.map(|table| (table, Purpose::Aside));
    let members = said.workspace.iter().map(|workspace| (&workspace.dependencies, Purpose::Members));
    let reader = Reader { manifest, workspace, enabled: enabled_by_default(manifest) };
    let of_table = |(table, purpose): (&Table, Purpose)| -> Vec<Dependency> {
        table.iter().map(|(key, written)| reader.dependency(key, &written.detail(), purpose)).collect()
    };
    normal.chain(aside).chain(members).flat_map(of_table).collect()
}

/// What the entries of one manifest are read with.
struct Reader<'a> {
    manifest: &'a Manifest,
    workspace: Option<&'a Manifest>,
    /// Pairs of key and feature.
    enabled: BTreeSet<(&'a str, &'a str)>,
}

impl Reader<'_> {
    fn dependency(&self, key: &str, own: &Detail, purpose: Purpose) -> Dependency {
        let base = self.inherited(key).filter(|_| own.workspace);
        let is_complete = base.is_some() || !own.workspace;
        let base = base.unwrap_or_default();
        let added = self.enabled.iter().filter(|(name, _)| *name == key).map(|(_, feature)| *feature);
        let features: Vec<String> = base.features.iter().chain(&own.features).cloned().collect();
        let features: Vec<String> = features.into_iter().chain(added.map(str::to_owned)).collect();
        // A member cannot switch off what it inherits, but it can switch it on again.
        let default_features = match own.workspace {
            true => base.default_features.unwrap_or(true) || own.default_features == Some(true),
            false => own.default_features.unwrap_or(true),
        };
        Dependency {
            key: key.to_owned(),
            path: self.path(own, &base),
            package: own.package.clone().or(base.package).unwrap_or_else(|| key.to_owned()),
            requirement: Requirement::parse(own.version.as_deref().or(base.version.as_deref())),
            defaults: default_features || features.iter().any(|feature| feature == "default"),
            features,
            purpose,
            is_complete,
        }
    }

    /// The entry of the workspace.
    fn inherited(&self, key: &str) -> Option<Detail> {
        Some(self.workspace?.said.workspace.as_ref()?.dependencies.get(key)?.detail())
    }

    /// A path counts from the manifest that names it.
    fn path(&self, own: &Detail, base: &Detail) -> Option<PathBuf> {
        let of = |detail: &Detail, manifest: &Manifest| {
            detail.path.as_ref().map(|path| paths::absolute(path.as_ref(), &manifest.folder))
        };
        of(own, self.manifest).or_else(|| of(base, self.workspace?))
    }
}

/// What the package's own default features switch on in its dependencies: pairs of key and feature.
fn enabled_by_default(manifest: &Manifest) -> BTreeSet<(&str, &str)> {
    let (mut todo, mut seen, mut enabled) = (vec!["default"], BTreeSet::new(), BTreeSet::new());
    while let Some(feature) = todo.pop() {
        if !seen.insert(feature) {
            continue;
        }
        for item in manifest.said.features.get(feature).into_iter().flatten() {
            match item.split_once('/') {
                Some((key, feature)) => _ = enabled.insert((key.trim_end_matches('?'), feature)),
                None => todo.push(item),
            }
        }
    }
    enabled
}

/// The names in the code that stand for crates of another name.
pub fn renames(dependencies: &[Dependency]) -> Renames {
    let crates = dependencies.iter().filter(|dependency| dependency.purpose != Purpose::Members);
    let names = crates.map(|dependency| (dependency.key.replace('-', "_"), dependency.package.replace('-', "_")));
    names.filter(|(name, stands_for)| name != stands_for).collect()
}
