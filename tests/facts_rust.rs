//! Each default in `rules/clients/rust/` was compared with the source of its crate: `scripts/check-facts-rust.py`.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::print_stderr, reason = "a test that did not run must say so")]

use coldcall::clients::schema::{DefaultSpec, Library};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// `rules/verified/rust.toml`.
#[derive(Deserialize)]
struct Record {
    verified: String,
    default: Vec<Verified>,
}

/// A default that held.
#[derive(Deserialize)]
struct Verified {
    library: String,
    #[serde(default)]
    client: String,
    setting: String,
    since: Option<String>,
    until: Option<String>,
    value: toml::Value,
    read: Vec<String>,
}

/// What makes a default another one.
fn identity(library: &str, client: &str, fact: &DefaultSpec) -> String {
    let (since, until) = (fact.since.as_deref().unwrap_or(""), fact.until.as_deref().unwrap_or(""));
    format!("{library} {client} {} from {since} to {until}: {}", fact.setting, fact.value)
}

impl Verified {
    fn identity(&self) -> String {
        let (since, until) = (self.since.as_deref().unwrap_or(""), self.until.as_deref().unwrap_or(""));
        format!("{} {} {} from {since} to {until}: {}", self.library, self.client, self.setting, self.value)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The defaults as they are stated. Those on HTTP/2 no line of source tells: the reality suite measures them.
fn stated() -> BTreeSet<String> {
    let files = fs::read_dir(root().join("rules/clients/rust")).unwrap().map(|entry| entry.unwrap().path());
    let libraries = files.map(|path| toml::from_str::<Library>(&fs::read_to_string(path).unwrap()).unwrap());
    libraries.flat_map(|library| identities(&library)).collect()
}

fn identities(library: &Library) -> Vec<String> {
    let own = library.default.iter().map(|fact| ("", fact));
    let clients = library.client.iter();
    let of_clients = clients.flat_map(|spec| spec.default.iter().map(|fact| (spec.symbols[0].as_str(), fact)));
    let read = own.chain(of_clients).filter(|(_, fact)| fact.setting != "http2");
    read.map(|(client, fact)| identity(&library.library, client, fact)).collect()
}

#[test]
fn each_default_was_read_in_its_crate() {
    let record: Record = toml::from_str(&fs::read_to_string(root().join("rules/verified/rust.toml")).unwrap()).unwrap();
    assert!(record.default.iter().all(|fact| !fact.read.is_empty()), "nothing was read for some");
    let verified: BTreeSet<String> = record.default.iter().map(Verified::identity).collect();
    let differ: Vec<_> = stated().symmetric_difference(&verified).cloned().collect();
    assert!(
        differ.is_empty(),
        "not as on {}; run `python3 scripts/check-facts-rust.py --write`:\n{}",
        record.verified,
        differ.join("\n")
    );
}

#[test]
fn the_page_of_a_library_says_in_which_crates_its_defaults_were_read() {
    let page = coldcall::clients::page::page(coldcall::clients::Clients::embedded(), "reqwest").unwrap();
    assert!(page.contains("by reading the defaults in the source of reqwest 0.11.0, reqwest 0.11.27"), "{page}");
}

#[test]
fn the_main_libraries_are_as_stated() {
    let required = std::env::var_os("COLDCALL_REQUIRE_FACTS").is_some();
    if !required {
        eprintln!("the crates were not read: set COLDCALL_REQUIRE_FACTS to have them fetched");
        return;
    }
    let script = root().join("scripts/check-facts-rust.py");
    let run = Command::new("python3").arg(script).arg("--quick").output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
