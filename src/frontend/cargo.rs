//! The front end for `Cargo.toml`: what a package depends on, and where the manifest says so.

use crate::model::{Dependency, Module};
use crate::source::{Language, Span};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

/// Tables of dependencies, and whether what they name is needed to run.
const TABLES: [(&str, bool); 5] = [
    ("dependencies", true),
    ("dev-dependencies", false),
    ("dev_dependencies", false),
    ("build-dependencies", false),
    ("build_dependencies", false),
];

/// Lowers a manifest. Of one with syntax errors it takes what can be read.
pub fn lower(text: &str) -> Module {
    let (root, errors) = DeTable::parse_recoverable(text);
    let root = root.get_ref();
    let broken = errors.iter().map(|error| span(error.span().unwrap_or(0..0))).collect();
    let mut dependencies = dependencies_in(root, text);
    let targets = table(root, "target").into_iter().flat_map(DeTable::values);
    let targets = targets.filter_map(|target| target.get_ref().as_table());
    dependencies.extend(targets.flat_map(|target| dependencies_in(target, text)));
    let shared = table(root, "workspace").into_iter().flat_map(|shared| dependencies_in(shared, text));
    // The members that inherit it are told, where they name it.
    dependencies.extend(shared.map(|dependency| Dependency { is_normal: false, ..dependency }));
    dependencies.sort_by_key(|dependency| dependency.span);
    Module { language: Language::CargoManifest, dependencies, comments: comments(text), broken, ..Module::default() }
}

fn dependencies_in(parent: &DeTable<'_>, text: &str) -> Vec<Dependency> {
    let tables = TABLES.iter().filter_map(|(name, is_normal)| Some((table(parent, name)?, *is_normal)));
    let entries = tables.flat_map(|(table, is_normal)| table.iter().map(move |entry| (entry, is_normal)));
    let dependency = |((key, value), is_normal): ((&Key<'_>, &Spanned<DeValue<'_>>), bool)| Dependency {
        package: package(key, value).to_owned(),
        span: place(key, value, text),
        is_normal,
        features: features(value),
        with_defaults: with_defaults(value),
    };
    entries.map(dependency).collect()
}

type Key<'i> = Spanned<DeString<'i>>;

fn table<'a, 'i>(parent: &'a DeTable<'i>, name: &str) -> Option<&'a DeTable<'i>> {
    parent.get(name)?.get_ref().as_table()
}

/// The name in the registry.
fn package<'a>(key: &'a Key<'_>, value: &'a Spanned<DeValue<'_>>) -> &'a str {
    let renamed = value.get_ref().get("package").and_then(|package| package.get_ref().as_str());
    renamed.unwrap_or(key.get_ref())
}

fn features(value: &Spanned<DeValue<'_>>) -> Vec<String> {
    let listed = value.get_ref().get("features").and_then(|list| list.get_ref().as_array());
    listed.into_iter().flatten().filter_map(|feature| feature.get_ref().as_str().map(str::to_owned)).collect()
}

/// Whether the default features stay on; `None` for an entry that takes the workspace's word.
fn with_defaults(value: &Spanned<DeValue<'_>>) -> Option<bool> {
    let says = |key: &str| value.get_ref().get(key).and_then(|value| value.get_ref().as_bool());
    match says("workspace") {
        Some(true) => None,
        _ => Some(says("default-features").or(says("default_features")).unwrap_or(true)),
    }
}

/// Key and value where they are one line's `key = value`; the key alone where it stands in a header or before a dot.
fn place(key: &Key<'_>, value: &Spanned<DeValue<'_>>, text: &str) -> Span {
    let (key, value) = (key.span(), value.span());
    let between = text.get(key.end..value.start).unwrap_or("");
    span(if between.trim() == "=" { key.start..value.end } else { key })
}

/// Comments, outside of strings.
fn comments(text: &str) -> Vec<Span> {
    let tokens = Source::new(text).lex().filter(|token| token.kind() == TokenKind::Comment);
    tokens.map(|token| Span::new(token.span().start(), token.span().end())).collect()
}

fn span(range: Range<usize>) -> Span {
    Span::new(range.start, range.end)
}
