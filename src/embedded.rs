//! The TOML files of `rules/` that are part of the program.

use include_dir::Dir;
use serde::de::DeserializeOwned;

/// Every `.toml` file under `dir` as (path, text), ordered by path.
fn toml_files(dir: &Dir<'static>) -> Vec<(String, &'static str)> {
    let mut files: Vec<_> = dir
        .entries()
        .iter()
        .flat_map(|entry| match entry {
            include_dir::DirEntry::Dir(inner) => toml_files(inner),
            include_dir::DirEntry::File(file) => {
                file.contents_utf8().map(|text| (shown(file), text)).into_iter().collect()
            }
        })
        .filter(|(path, _)| path.ends_with(".toml"))
        .collect();
    files.sort_unstable();
    files
}

/// The file's path with `/`, relative to the embedded folder.
fn shown(file: &include_dir::File<'_>) -> String {
    file.path().to_string_lossy().replace('\\', "/")
}

/// Reads every `.toml` file under `dir`; each comes with its path, parsed or with the error.
pub(crate) fn parse<T: DeserializeOwned>(dir: &Dir<'static>) -> Vec<(String, Result<T, toml::de::Error>)> {
    toml_files(dir).into_iter().map(|(path, text)| (path, toml::from_str(text))).collect()
}
