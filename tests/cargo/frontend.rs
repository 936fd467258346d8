//! A manifest as a source file: its dependencies and comments, with their places.

use coldcall::clients::Clients;
use coldcall::frontend::{Renames, lower};
use coldcall::model::Module;
use coldcall::source::{Language, SourceFile};

fn lowered(text: &str) -> Module {
    let file = SourceFile::new("Cargo.toml", Language::CargoManifest, text);
    lower(&file, Clients::embedded(), &Renames::new()).unwrap()
}

/// Package, text of the place, and whether it is needed to run.
fn dependencies(text: &str) -> Vec<(String, &str, bool)> {
    let found = lowered(text).dependencies.into_iter();
    found.map(|one| (one.package, &text[one.span.start..one.span.end], one.is_normal)).collect()
}

#[test]
fn each_table_of_dependencies_is_read_with_its_place() {
    let text = "[package]\nname = \"ä\"\n\n[dependencies]\nreqwest = \"0.12\" # why\nhttp = { package = \"ureq\", version = \"3\" }\n\
                'quoted' = '1'\n\n[dependencies.hyper]\nversion = \"1\"\n\n[dev-dependencies]\nsurf = \"2\"\n\n[build-dependencies]\n\
                minreq = \"2\"\n\n[target.'cfg(unix)'.dependencies]\nisahc = \"1\"\n\n[target.x86_64-unknown-linux-gnu.dev-dependencies]\n\
                awc = \"3\"\n\n[workspace.dependencies]\ntonic = { version = \"0.14\", features = [\n  \"tls\",\n] }\n";
    let expected = [
        ("reqwest", "reqwest = \"0.12\"", true),
        ("ureq", "http = { package = \"ureq\", version = \"3\" }", true),
        ("quoted", "'quoted' = '1'", true),
        ("hyper", "hyper", true),
        ("surf", "surf = \"2\"", false),
        ("minreq", "minreq = \"2\"", false),
        ("isahc", "isahc = \"1\"", true),
        ("awc", "awc = \"3\"", false),
        ("tonic", "tonic = { version = \"0.14\", features = [\n  \"tls\",\n] }", false),
    ];
    assert_eq!(dependencies(text), expected.map(|(package, place, normal)| (package.to_owned(), place, normal)));
}

#[test]
fn a_key_before_a_dot_is_the_place() {
    let text = "[dependencies]\nreqwest.workspace = true\nureq.version = \"3\"\n[dependencies]#\n";
    let places: Vec<&str> = dependencies(text).into_iter().map(|(_, place, _)| place).collect();
    assert_eq!(places, ["reqwest", "ureq"]);
    let inline = "dependencies = { reqwest = \"0.12\", ureq = { version = \"3\" } }\ndependencies.surf = \"2\"";
    assert_eq!(dependencies(inline)[0].1, "reqwest = \"0.12\"");
}

#[test]
fn comments_are_found_outside_of_strings() {
    let text = "# first\n[package]\nname = \"a#b\" # second\ndescription = \"\"\"\n# no\n\"\"\"\nx = '# no' #third";
    let module = lowered(text);
    let comments: Vec<&str> = module.comments.iter().map(|span| &text[span.start..span.end]).collect();
    assert_eq!(comments, ["# first", "# second", "#third"]);
}

#[test]
fn a_syntax_error_leaves_the_rest() {
    let module = lowered("[dependencies]\nreqwest = \"0.12\"\nureq = = \"3\"\n# note\n");
    assert!(!module.broken.is_empty());
    assert!(module.dependencies.iter().any(|one| one.package == "reqwest"));
    assert_eq!(module.comments.len(), 1);
}

#[test]
fn hostile_text_ends() {
    let nested = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let tables = format!("[{}a]\n", "a.".repeat(10_000));
    let inline = format!("dependencies = {}", "{ a = ".repeat(50_000));
    for text in
        [&nested, &tables, &inline, "", "\u{feff}", "\0", "dependencies = 3", "[dependencies]\na = 3\n[target]\nx = 1"]
    {
        lowered(text);
    }
}
