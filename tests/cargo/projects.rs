//! Which package a file belongs to, and what its manifest says about it.

use crate::support::{Folder, library, manifest};

#[test]
fn a_rust_file_belongs_to_the_nearest_package() {
    let folder = Folder::new(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
        ("crates/a/Cargo.toml", &manifest("")),
        ("crates/a/sub/Cargo.toml", "[workspace]\n"),
    ]);
    let mut projects = folder.projects();
    let mut root = |path: &str| folder.of(&mut projects, path).root.clone();
    assert_eq!(root("crates/a/src/deep/x.rs"), folder.path("crates/a"));
    assert_eq!(root("crates/a/Cargo.toml"), folder.path("crates/a"));
    assert_eq!(root("crates/a/sub/x.rs"), folder.path("crates/a"), "a workspace alone is no package");
    assert_eq!(root("crates/a/sub/Cargo.toml"), folder.path("crates/a/sub"));
    assert_eq!(root("Cargo.toml"), folder.path(""));
    assert_eq!(root("tools/x.rs"), folder.path(""));
}

#[test]
fn without_a_manifest_the_run_s_folder_counts() {
    let folder = Folder::new(&[]);
    let project = folder.project("a/b.rs");
    assert_eq!(project.root, folder.path("."));
    assert_eq!(project.resolved(&library()), Default::default());
    assert!(project.rust_version().is_none() && project.edition().is_none() && !project.has_dependency("tokio"));
}

#[test]
fn in_a_mixed_folder_each_language_has_its_own() {
    let folder = Folder::new(&[
        ("Cargo.toml", &manifest("wire = \"0.12.1\"")),
        ("src/lib.rs", ""),
        ("pyproject.toml", "[project]\nname = \"app\"\n"),
        ("requirements.txt", "wire==3.4\n"),
    ]);
    let mut projects = folder.projects();
    let (rust, python) = (folder.of(&mut projects, "src/lib.rs"), folder.of(&mut projects, "app.py"));
    assert_eq!((&rust.root, &python.root), (&folder.path("."), &folder.path(".")));
    assert_eq!(rust.resolved(&library()).shown("wire"), "wire ^0.12.1 (not locked)");
    assert_eq!(python.resolved(&library()).shown("wire"), "wire 3.4");
    assert!(rust.is_library && !python.is_library);
    assert_eq!(folder.of(&mut projects, "Cargo.toml").root, folder.path("."));
}

#[test]
fn a_library_has_no_program_and_is_deployed_by_nobody() {
    let library = |files: &[(&str, &str)]| {
        let folder = Folder::new(&[("Cargo.toml", &manifest(""))]);
        files.iter().for_each(|(path, text)| folder.write(path, text));
        folder.project("src/x.rs").is_library
    };
    assert!(library(&[("src/lib.rs", "")]));
    assert!(library(&[("Cargo.toml", &(manifest("") + "[lib]\npath = \"x.rs\"\n"))]));
    assert!(!library(&[]));
    assert!(!library(&[("src/lib.rs", ""), ("src/main.rs", "")]));
    assert!(!library(&[("src/lib.rs", ""), ("src/bin/a.rs", "")]));
    assert!(!library(&[("src/lib.rs", ""), ("Cargo.toml", &(manifest("") + "[[bin]]\nname = \"x\"\n"))]));
    let extra = "[[bin]]\nname = \"x\"\npath = \"src/bin/x.rs\"\nrequired-features = [\"cli\"]\n";
    assert!(library(&[("src/lib.rs", ""), ("src/bin/x.rs", ""), ("Cargo.toml", &(manifest("") + extra))]));
    assert!(!library(&[("src/lib.rs", ""), ("Dockerfile", "")]));
    let private = manifest("").replace("edition", "publish = false\nedition");
    assert!(!library(&[("src/lib.rs", ""), ("Cargo.toml", &private)]));
}

#[test]
fn advice_learns_compiler_edition_and_dependencies() {
    let folder = Folder::new(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"a\"]\n[workspace.package]\nrust-version = \"1.70\"\nedition = \"2021\"\n[workspace.dependencies]\ntokio = \"1\"\n",
        ),
        (
            "a/Cargo.toml",
            "[package]\nname = \"a\"\nrust-version.workspace = true\nedition.workspace = true\n[dependencies]\ntokio.workspace = true\n\
             cell = { package = \"once_cell\", version = \"1\" }\n[dev-dependencies]\nserde = \"1\"\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n",
        ),
        ("b/Cargo.toml", "[package]\nname = \"b\"\nrust-version = \"1.85.1\"\n"),
    ]);
    let a = folder.project("a/src/lib.rs");
    assert_eq!(a.rust_version().unwrap().to_string(), "1.70");
    assert_eq!(a.edition(), Some("2021"));
    let has = |name: &str| a.has_dependency(name);
    assert!(has("tokio") && has("once_cell") && has("once-cell") && has("libc") && !has("serde") && !has("cell"));
    let b = folder.project("b/src/lib.rs");
    assert_eq!(b.rust_version().unwrap().to_string(), "1.85.1");
    assert_eq!(b.edition(), None);
}

#[test]
fn renames_are_those_of_the_nearest_package() {
    let folder = Folder::new(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"a\"]\n[workspace.dependencies]\nnet = { package = \"hyper-util\", version = \"0.1\" }\n",
        ),
        (
            "a/Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nmy-http = { package = \"reqwest\", version = \"0.12\" }\nnet.workspace = true\n\
             ureq = \"3\"\nasync-openai = { package = \"async-openai\", version = \"0.30\" }\n[dev-dependencies]\nold = { package = \"surf\", version = \"2\" }\n",
        ),
        ("b/Cargo.toml", &manifest("")),
    ]);
    let mut projects = folder.projects();
    let renames = projects.renames(&folder.path("a/src/deep/x.rs"));
    let renames: Vec<(&str, &str)> = renames.iter().map(|(name, of)| (name.as_str(), of.as_str())).collect();
    assert_eq!(renames, [("my_http", "reqwest"), ("net", "hyper_util"), ("old", "surf")]);
    assert!(projects.renames(&folder.path("b/src/x.rs")).is_empty());
    assert!(projects.renames(&folder.path("x.rs")).is_empty());
}

#[test]
fn broken_files_are_told_once_with_their_path() {
    let folder = Folder::new(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\n"),
        ("Cargo.lock", "[[package]\nname"),
        ("a/Cargo.toml", "[package\nname = \"a\""),
        ("b/Cargo.toml", &manifest("wire = \"0.12\"")),
    ]);
    let mut projects = folder.projects();
    let paths = ["a/src/x.rs", "a/src/y.rs", "a/Cargo.toml", "b/src/x.rs", "b/Cargo.toml", "Cargo.toml"];
    let roots: Vec<_> = paths.map(|path| folder.of(&mut projects, path).root.clone()).into();
    assert_eq!(roots[0], folder.path("a"), "a broken manifest still marks a package");
    assert_eq!(folder.of(&mut projects, "a/src/x.rs").resolved(&library()), Default::default());
    assert_eq!(folder.of(&mut projects, "b/src/x.rs").resolved(&library()).shown("wire"), "wire ^0.12 (not locked)");
    let warnings = projects.warnings();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].starts_with("Cargo.lock: not read as a lock file: "), "{warnings:?}");
    assert!(warnings[1].starts_with("a/Cargo.toml: not read as a manifest: "), "{warnings:?}");
    assert!(warnings.iter().all(|warning| !warning.contains('\n')));
}

#[test]
fn what_is_wrong_is_told_with_key_and_place() {
    let told = |name: &str, text: &str| {
        let folder = Folder::new(&[("Cargo.toml", &manifest("wire = \"0.12\"")), (name, text)]);
        let mut projects = folder.projects();
        folder.of(&mut projects, "src/x.rs");
        let warnings = projects.warnings();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        warnings[0].clone()
    };
    let said = |dependency: &str| {
        let told = told("Cargo.toml", &manifest(dependency));
        told.strip_prefix("Cargo.toml: not read as a manifest: ").unwrap().to_owned()
    };
    assert_eq!(
        said("wire = 12"),
        "`wire` in line 7, column 8: invalid type: integer `12`, expected a version in quotes or a table"
    );
    assert_eq!(
        said("# ä\nwire = { version = \"0.12\", features = \"json\" }"),
        "`features` in line 8, column 39: invalid type: string \"json\", expected a list"
    );
    assert_eq!(
        said("[dev-dependencies.wire]\nversion = 12"),
        "`version` in line 8, column 11: invalid type: integer `12`, expected a string"
    );
    assert!(said("wire = = 1").starts_with("line 7, column 8: "), "{}", said("wire = = 1"));
    assert_eq!(told("Cargo.toml", "[package]\n"), "Cargo.toml: not read as a manifest: `[package]` has no `name`");
    assert_eq!(
        told("Cargo.lock", "[[package]]\nname = \"wire\"\n"),
        "Cargo.lock: not read as a lock file: line 1, column 1: missing field `version`"
    );
    assert_eq!(told("Cargo.lock/x", ""), "Cargo.lock: not read as a lock file: not a regular file");
}

#[test]
fn a_folder_for_a_manifest_is_told() {
    let folder = Folder::new(&[("Cargo.toml/x", "")]);
    let mut projects = folder.projects();
    folder.of(&mut projects, "src/x.rs");
    assert_eq!(projects.warnings(), ["Cargo.toml: not read as a manifest: not a regular file"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_for_a_manifest_does_not_hang() {
    let folder = Folder::new(&[]);
    for name in ["Cargo.toml", "Cargo.lock"] {
        assert!(std::process::Command::new("mkfifo").arg(folder.path(name)).status().unwrap().success());
    }
    assert_eq!(folder.resolved("x.rs"), Default::default());
    folder.write("a/Cargo.toml", manifest("wire = \"0.12\""));
    assert_eq!(folder.wire("a/x.rs").0, "wire ^0.12 (not locked)");
}
