//! Which packages are built together.

use super::manifest::{Manifest, WorkspaceTable};
use globset::{GlobBuilder, GlobMatcher};
use std::path::{Component, Path, PathBuf};

/// Whether the workspace at `root` leaves the package in `folder` out. A member that is named, without wildcards, is none
/// of those.
pub fn excludes(table: &WorkspaceTable, root: &Path, folder: &Path) -> bool {
    let is_below = |path: &String| folder.starts_with(crate::paths::absolute(path.as_ref(), root));
    table.exclude.iter().any(is_below) && !table.members.iter().any(is_below)
}

/// The folders that `manifest` names as members of its workspace, its own among them if it is a package.
pub fn members(manifest: &Manifest) -> Vec<PathBuf> {
    let Some(table) = &manifest.said.workspace else { return vec![manifest.folder.clone()] };
    let named = table.members.iter().flat_map(|pattern| folders(&manifest.folder, Path::new(pattern)));
    let named = named.filter(|folder| !excludes(table, &manifest.folder, folder));
    manifest.is_package().then(|| manifest.folder.clone()).into_iter().chain(named).collect()
}

/// The folders below `root` that `pattern` names: a path, or one with wildcards for whole or parts of names.
fn folders(root: &Path, pattern: &Path) -> Vec<PathBuf> {
    pattern.components().fold(vec![root.to_owned()], |folders, component| match matcher(component) {
        Some(matcher) => folders.iter().flat_map(|folder| children(folder, &matcher)).collect(),
        None => folders.into_iter().map(|folder| crate::paths::absolute(component.as_ref(), &folder)).collect(),
    })
}

fn matcher(component: Component<'_>) -> Option<GlobMatcher> {
    let text = component.as_os_str().to_str().filter(|text| text.contains(['*', '?', '[']))?;
    GlobBuilder::new(text).literal_separator(true).build().ok().map(|glob| glob.compile_matcher())
}

fn children(folder: &Path, matcher: &GlobMatcher) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> =
        entries.filter(|path| path.file_name().is_some_and(|name| matcher.is_match(name)) && path.is_dir()).collect();
    folders.sort();
    folders
}
