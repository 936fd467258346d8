//! What `rules/clients/python/` states is what `scripts/check-facts.py` found in the real packages.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::print_stderr, reason = "a test that did not run must say so")]

use coldcall::clients::Clients;
use coldcall::clients::resolved::Resolved;
use coldcall::clients::schema::{ClientSpec, DefaultSpec, Library, ObjectSpec};
use coldcall::clients::verified::{Found, Verified};
use coldcall::source::Language;
use pep440_rs::Version;
use std::path::Path;
use std::process::Command;
use std::str::FromStr;

fn libraries() -> impl Iterator<Item = (&'static Library, &'static Verified)> {
    let python = Clients::embedded().libraries().iter().filter(|library| library.language == Language::Python);
    python.map(|library| (library, Verified::of(&library.library).unwrap_or_else(|| panic!("{}", again(library)))))
}

fn again(library: &Library) -> String {
    let name = &library.library;
    format!("{name}: verify it anew, `python3 scripts/check-facts.py --only {name} --write`")
}

fn version(text: &str) -> Version {
    Version::from_str(text).unwrap()
}

fn resolved(at: &str) -> Resolved {
    Resolved::at(version(at))
}

fn client<'a>(library: &'a Library, found: &Found) -> Option<&'a ClientSpec> {
    let is_it = |spec: &&ClientSpec| spec.symbols.first() == Some(&found.subject);
    library.client.iter().find(is_it)
}

fn object<'a>(library: &'a Library, found: &Found) -> Option<&'a ObjectSpec> {
    library.object.iter().find(|spec| spec.symbols.first() == Some(&found.subject))
}

/// Values as they are compared: 12 is 12.0, and a slash at the end of a URL does not count.
fn normal(value: &toml::Value) -> toml::Value {
    match value {
        toml::Value::String(text) => toml::Value::String(text.trim_end_matches('/').to_owned()),
        toml::Value::Integer(number) => toml::Value::Float(f64::from(i32::try_from(*number).unwrap())),
        other => other.clone(),
    }
}

/// What the library's file states for a line of the record, at `at`; `None` where it states nothing any more.
fn stated(library: &Library, found: &Found, at: &str) -> Option<toml::Value> {
    let spec = client(library, found);
    match (found.fact.as_str(), found.fact.split_once(' ')) {
        ("base-url", _) => spec?.base_url.as_ref().map(|base| toml::Value::from(base.default.as_str())),
        (fact, _) if fact.starts_with("own pool") => Some(spec?.pools_in(|| resolved(at)).into()),
        ("positional", _) => {
            let names =
                spec.map(|spec| &spec.positional).or_else(|| object(library, found).map(|spec| &spec.positional));
            names.map(|names| toml::Value::from(names.clone()))
        }
        (_, Some(("unset", field))) => object(library, found)?.unset.get(field).cloned(),
        (_, Some(("default", field))) => object(library, found)?.library_defaults.get(field).cloned(),
        (setting, None) => library.default_of(spec?, setting, &resolved(at)).map(|default| default.value.clone()),
        _ => None,
    }
}

/// The facts of the record that values of the library's file answer to, with each version that they were found in.
fn compared<'a>(record: &'a Verified) -> impl Iterator<Item = (&'a Found, &'a str)> {
    const OTHERS: [&str; 3] = ["base-url from", "region", "inert"];
    let is_value = |found: &&Found| {
        !OTHERS.iter().any(|other| found.fact.starts_with(other))
            && !found.fact.ends_with("()")
            && found.fact != "exists"
    };
    let versions = |found: &'a Found| record.versions_of(found).iter().map(move |at| (found, at.as_str()));
    record.found.iter().filter(is_value).flat_map(versions)
}

#[test]
fn what_is_stated_is_what_was_found() {
    for (library, record) in libraries() {
        for (found, at) in compared(record) {
            let (subject, fact) = (&found.subject, &found.fact);
            let Some(stated) = stated(library, found, at) else { continue };
            assert_eq!(normal(&stated), normal(&found.value), "{subject} {fact} of {at}; {}", again(library));
        }
    }
}

/// Whether some line of the record shows that `default` of `spec` holds.
fn is_found(library: &Library, record: &Verified, spec: &ClientSpec, default: &DefaultSpec) -> bool {
    let chosen = |at: &str| {
        library.default_of(spec, &default.setting, &resolved(at)).is_some_and(|of| std::ptr::eq(of, default))
    };
    compared(record)
        .any(|(found, at)| found.fact == default.setting && spec.symbols.first() == Some(&found.subject) && chosen(at))
}

#[test]
fn every_default_was_found() {
    for (library, record) in libraries() {
        let shared = library.default.iter().map(|default| (None, default));
        let own = library.client.iter().flat_map(|spec| spec.default.iter().map(move |default| (Some(spec), default)));
        for (of, default) in shared.chain(own) {
            let of_it = |spec: &&ClientSpec| of.is_none_or(|of| std::ptr::eq(of, *spec));
            let shown = library.client.iter().filter(of_it).any(|spec| is_found(library, record, spec, default));
            let (setting, value) = (&default.setting, &default.value);
            assert!(shown, "{setting} = {value} since {:?}; {}", default.since, again(library));
        }
    }
}

#[test]
fn both_sides_of_every_boundary_were_looked_at() {
    for (library, record) in libraries() {
        let tried: Vec<Version> = record.versions.iter().chain(&record.not_installed).map(|at| version(at)).collect();
        let own = library.client.iter().flat_map(|spec| &spec.default);
        for default in library.default.iter().chain(own) {
            for bound in default.since.iter().chain(&default.until).map(|bound| version(bound)) {
                let both = tried.iter().any(|at| *at < bound) && tried.iter().any(|at| *at >= bound);
                assert!(both, "{} from {bound} on; {}", default.setting, again(library));
            }
        }
    }
}

#[test]
fn clients_that_share_in_some_versions_were_seen_to() {
    for (library, record) in libraries().filter(|(library, _)| library.default.is_empty()) {
        for spec in library.client.iter().filter(|spec| spec.since.is_some() || spec.until.is_some()) {
            let subject = &spec.symbols[0];
            let own_pool = |found: &&Found| found.subject == *subject && found.fact.starts_with("own pool");
            let seen = |own: bool| record.found.iter().filter(own_pool).any(|found| found.value == own.into());
            assert!(seen(true) && seen(false), "{subject}; {}", again(library));
        }
    }
}

#[test]
fn every_base_url_and_object_was_found() {
    for (library, record) in libraries() {
        let is_there = |subject: Option<&String>, fact: &str| {
            record.found.iter().any(|found| Some(&found.subject) == subject && found.fact == fact)
        };
        for spec in &library.client {
            let urls = spec.base_url.iter().flat_map(|base| {
                let variables = base.variables.iter().map(|variable| format!("base-url from {variable}"));
                std::iter::once("base-url".to_owned()).chain(variables)
            });
            for fact in urls {
                assert!(is_there(spec.symbols.first(), &fact), "{:?} {fact}; {}", spec.symbols, again(library));
            }
        }
        for spec in &library.object {
            for field in spec.unset.keys() {
                let fact = format!("unset {field}");
                assert!(is_there(spec.symbols.first(), &fact), "{:?} {fact}; {}", spec.symbols, again(library));
            }
        }
    }
}

#[test]
fn the_page_of_a_library_says_when_it_was_verified_and_with_what() {
    for (library, record) in libraries() {
        let page = coldcall::clients::page::page(Clients::embedded(), &library.library).unwrap();
        let line = format!("Last verified {} with Python {}", record.verified, record.python);
        assert!(page.contains(&line), "{page}");
        assert!(record.versions.iter().all(|version| page.contains(version)), "{page}");
    }
}

/// Installs packages, which takes minutes and a registry: only where it is asked for.
#[test]
fn the_newest_versions_are_still_as_stated() {
    if std::env::var_os("COLDCALL_REQUIRE_FACTS").is_none_or(|value| value != "1") {
        eprintln!("NOT RUN: COLDCALL_REQUIRE_FACTS=1 installs the newest packages and compares them");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = root.join("scripts/check-facts.py");
    let output = Command::new("python3").arg(script).arg("--quick").output().expect("python3");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}
