//! The libraries of a program with their versions, as the set pins them.

use crate::programs::{Language, Program};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

/// Libraries that the source of the program names, with the versions that its set locks.
pub fn libraries(program: &Program) -> Vec<String> {
    let source = fs::read_to_string(program.set.join(&program.source)).unwrap();
    let named = |name: &str| {
        let module = name.replace('-', "_");
        match program.language {
            Language::Python => imports(&source, &module),
            Language::Rust => source.contains(&format!("{module}::")),
        }
    };
    let pinned = match program.language {
        Language::Python => requirements(&fs::read_to_string(program.set.join("requirements.txt")).unwrap()),
        Language::Rust => locked(
            &fs::read_to_string(program.set.join("Cargo.toml")).unwrap(),
            &fs::read_to_string(program.set.join("Cargo.lock")).unwrap(),
        ),
    };
    let used = pinned.into_iter().filter(|(name, _)| named(name) && !["tokio", "futures"].contains(&name.as_str()));
    used.map(|(name, version)| format!("{name} {version}")).collect()
}

/// Whether a line of the source imports the module.
fn imports(source: &str, module: &str) -> bool {
    let mut words = source.lines().map(|line| line.split(|sign: char| !(sign.is_alphanumeric() || sign == '_')));
    words.any(|mut words| matches!(words.next(), Some("import" | "from")) && words.next() == Some(module))
}

fn requirements(text: &str) -> BTreeMap<String, String> {
    let pins = text.lines().filter_map(|line| line.split_once("=="));
    pins.map(|(name, version)| (name.split('[').next().unwrap().to_owned(), version.to_owned())).collect()
}

#[derive(Deserialize)]
struct Manifest {
    dependencies: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

/// The dependencies of a package in the versions of its lock file.
fn locked(manifest: &str, lock: &str) -> BTreeMap<String, String> {
    let manifest: Manifest = toml::from_str(manifest).unwrap();
    let lock: Lock = toml::from_str(lock).unwrap();
    let own = lock.package.into_iter().filter(|package| manifest.dependencies.contains_key(&package.name));
    own.map(|package| (package.name, package.version)).collect()
}

#[test]
fn versions_come_from_pins_and_locks() {
    assert!(imports("import httpx\n", "httpx") && imports("from langchain_openai import X", "langchain_openai"));
    assert!(!imports("import httpx2\n# import httpx\n", "httpx"));
    assert_eq!(requirements("httpx[http2]==0.28.1\nh2==4.4.1\n")["httpx"], "0.28.1");
    let manifest = "[dependencies]\nreqwest = \"0.12\"\n";
    let lock =
        "[[package]]\nname = \"h2\"\nversion = \"1.0.0\"\n[[package]]\nname = \"reqwest\"\nversion = \"0.12.28\"\n";
    assert_eq!(locked(manifest, lock), BTreeMap::from([("reqwest".to_owned(), "0.12.28".to_owned())]));
}
