//! What is known of a library, for people: `coldcall library`.

use super::schema::{ClientSpec, DefaultSpec, Library};
use super::verified::Verified;
use super::{Clients, read};
use crate::source::Language;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Every library with its language, and when and with what its facts were checked, a line each.
pub fn list(clients: &Clients) -> String {
    let mut lines: Vec<[String; 4]> = clients.libraries().iter().map(row).collect();
    lines.sort();
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(String::len).max().unwrap_or(0);
    let (name, language) = (width(0), width(1));
    let shown = lines
        .iter()
        .map(|[library, of, day, versions]| format!("{library:name$}  {of:language$}  verified {day}  {versions}\n"));
    shown.collect()
}

fn row(library: &Library) -> [String; 4] {
    let record = record(library);
    let day = record.map(|record| record.verified.as_str()).or(read_in(library).map(|(day, _)| day));
    let day = day.unwrap_or(&library.verified).to_owned();
    let versions = record.map_or_else(|| library.versions.clone(), |record| record.versions.join(", "));
    [library.library.clone(), language(library).to_owned(), day, versions]
}

fn language(library: &Library) -> &'static str {
    match library.language {
        Language::Python => "Python",
        Language::Rust | Language::CargoManifest => "Rust",
    }
}

fn record(library: &Library) -> Option<&'static Verified> {
    (library.language == Language::Python).then(|| Verified::of(&library.library)).flatten()
}

fn read_in(library: &Library) -> Option<(&'static str, BTreeSet<String>)> {
    (library.language == Language::Rust).then(|| read::of(&library.library)).flatten()
}

/// The page of the library `name`; of all that are called so, where several languages have one, else of those whose files
/// tell of that package too. `None` where none is. Case and `_` for `-` do not count.
pub fn page(clients: &Clients, name: &str) -> Option<String> {
    let name = plain(name);
    let is_called = |library: &&Library| plain(&library.library) == name || plain(&library.package) == name;
    let holds = |library: &&Library| library.imports.iter().any(|import| is_import(&plain(import), &name));
    let pages = |wanted: &dyn Fn(&&Library) -> bool| -> Vec<String> {
        clients.libraries().iter().filter(|library| wanted(library)).map(of_library).collect()
    };
    let called = pages(&is_called);
    let found = if called.is_empty() { pages(&holds) } else { called };
    (!found.is_empty()).then(|| found.join("\n"))
}

/// The name of a library that is like `name`.
pub fn nearest<'a>(clients: &'a Clients, name: &str) -> Option<&'a str> {
    let names = clients.libraries().iter().flat_map(|library| [library.library.as_str(), library.package.as_str()]);
    crate::settings::nearest(name, names)
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace('_', "-")
}

/// An import that ends in a dash stands for all packages whose names begin so: `aws-sdk-`.
fn is_import(import: &str, name: &str) -> bool {
    import == name || (import.ends_with('-') && name.starts_with(import))
}

fn of_library(library: &Library) -> String {
    let mut text = format!("# {}\n\n{} package `{}`.\n\n", library.library, language(library), library.package);
    text += &verification(library);
    if !library.default.is_empty() {
        text += "\n## Defaults\n\n";
        text.extend(library.default.iter().map(default));
    }
    text += "\n## Clients\n\n";
    text.extend(library.client.iter().filter(|spec| !spec.holder).map(client));
    text
}

/// When the facts were last checked, with which versions, and how.
fn verification(library: &Library) -> String {
    let mut text = String::new();
    if let Some(record) = record(library) {
        let versions = record.versions.join(", ");
        let _ = writeln!(
            text,
            "Last verified {} with Python {}, by building each client and reading off what it is set to: {versions}.",
            record.verified, record.python
        );
        if !record.not_installed.is_empty() {
            let _ =
                writeln!(text, "Not looked at, for they do not install there: {}.", record.not_installed.join(", "));
        }
        text.push('\n');
    }
    if let Some((day, crates)) = read_in(library) {
        let crates = crates.into_iter().collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "Last verified {day}, by reading the defaults in the source of {crates}.\n");
    }
    let _ = writeln!(text, "Facts of {}: {}; versions {}.", library.verified, library.source, library.versions);
    text
}

fn default(spec: &DefaultSpec) -> String {
    let value = spec.value.as_str().map_or_else(|| spec.value.to_string(), str::to_owned);
    format!("- {} = {value}{} ({})\n", spec.setting, range(&spec.since, &spec.until), spec.source)
}

/// The versions of a fact, for the end of a clause.
fn range(since: &Option<String>, until: &Option<String>) -> String {
    match (since, until) {
        (None, None) => String::new(),
        (Some(since), None) => format!(" from {since} on"),
        (None, Some(until)) => format!(" before {until}"),
        (Some(since), Some(until)) => format!(" from {since} on, before {until}"),
    }
}

fn client(spec: &ClientSpec) -> String {
    let symbol = spec.symbols.first().map_or("", String::as_str);
    let mut text = format!("- `{symbol}`{}", range(&spec.since, &spec.until));
    if let Some(base) = &spec.base_url {
        let _ = write!(text, "; base URL {}", base.default);
        if !base.variables.is_empty() {
            let _ = write!(text, ", or that of {}", base.variables.join(", "));
        }
    }
    if let Some(region) = &spec.region {
        let _ = write!(text, "; region from {}; without one it {}", region.variables.join(", "), region.without);
    }
    text.push('\n');
    text.extend(spec.default.iter().map(|spec| format!("  {}", default(spec))));
    if let Some(caveat) = &spec.caveat {
        let _ = writeln!(text, "  {caveat}");
    }
    text
}
