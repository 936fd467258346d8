//! `--cargo-metadata`, with the real cargo and with programs in its place that misbehave.

use crate::support::{Folder, library, manifest};
use coldcall::project::cargo::CargoMetadata;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const WIRE: &str = "[package]\nname = \"wire\"\nversion = \"0.12.9\"\nedition = \"2021\"\n[features]\ndefault = [\"tls\"]\ntls = []\nhttp2 = []\njson = []\n";

/// A package with a library beside it, locked by the real cargo.
fn real() -> Folder {
    let folder = Folder::new(&[
        ("Cargo.toml", &manifest("wire = { path = \"wire\", version = \"0.12\", features = [\"json\"] }")),
        ("src/main.rs", "fn main() {}\n"),
        ("wire/Cargo.toml", WIRE),
        ("wire/src/lib.rs", ""),
    ]);
    let locked =
        Command::new(env!("CARGO")).args(["generate-lockfile", "--offline"]).current_dir(folder.path("")).output();
    assert!(locked.unwrap().status.success());
    folder
}

#[test]
fn features_from_cargo_are_certain() {
    let folder = real();
    let before = fs::read(folder.path("Cargo.lock")).unwrap();
    let mut projects = folder.asking(CargoMetadata::default());
    let resolved = folder.of(&mut projects, "src/main.rs").resolved(&library());
    assert_eq!(projects.warnings(), [""; 0]);
    assert_eq!(crate::support::shown(resolved.clone()), ("wire 0.12.9".into(), Some("default json tls".into())));
    assert!(resolved.features.unwrap().certain);
    assert_eq!(fs::read(folder.path("Cargo.lock")).unwrap(), before);
    assert!(!folder.path("target").exists(), "nothing is written");
    assert!(!folder.resolved("src/main.rs").features.unwrap().certain, "nobody asked");
}

#[test]
fn a_missing_lock_file_is_not_written() {
    let folder = real();
    fs::remove_file(folder.path("Cargo.lock")).unwrap();
    let mut projects = folder.asking(CargoMetadata::default());
    assert!(!folder.of(&mut projects, "src/main.rs").resolved(&library()).features.unwrap().certain);
    assert!(!folder.path("Cargo.lock").exists());
    let warnings = projects.warnings();
    assert!(warnings[0].starts_with("Cargo.toml: `cargo metadata` failed: "), "{warnings:?}");
    assert!(warnings[0].contains("lock"), "{warnings:?}");
}

/// What is told, and how long it takes, where `script` stands in for cargo.
fn with_script(script: &str) -> (Vec<String>, Duration) {
    let folder =
        Folder::new(&[("Cargo.toml", &manifest("wire = \"0.12\"")), ("cargo", &format!("#!/bin/sh\n{script}\n"))]);
    fs::set_permissions(folder.path("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    let start = Instant::now();
    let mut projects =
        folder.asking(CargoMetadata { cargo: folder.path("cargo").into(), limit: Duration::from_secs(2) });
    let resolved = folder.of(&mut projects, "src/main.rs").resolved(&library());
    folder.of(&mut projects, "Cargo.toml");
    assert_eq!(resolved.shown("wire"), "wire ^0.12 (not locked)");
    assert!(!resolved.features.unwrap().certain);
    (projects.warnings(), start.elapsed())
}

#[test]
fn whatever_goes_wrong_the_run_goes_on_and_says_so() {
    let told = |script: &str, reason: &str| {
        let warning = format!("Cargo.toml: `cargo metadata` failed: {reason}");
        let (warnings, _) = with_script(script);
        assert!(warnings.len() == 1 && warnings[0].starts_with(&warning), "{warnings:?}");
        assert!(warnings[0].ends_with("; features are read from the manifests"), "{warnings:?}");
    };
    told("echo warning: x >&2; echo 'error: no such package' >&2; echo why >&2; exit 101", "no such package;");
    told("exit 1", "it failed without a word;");
    told("echo surprise", "its answer cannot be read: ");
    told("echo '{\"packages\": 3}'", "its answer cannot be read: ");
}

#[test]
fn a_cargo_that_hangs_is_ended() {
    for script in
        ["sleep 30", "exec sleep 30", "sleep 30 & exit 0", "exec >&-; exec sleep 30", "exec >&- 2>&-; exec sleep 30"]
    {
        let (warnings, took) = with_script(script);
        assert!(took < Duration::from_secs(20), "{script}: {took:?}");
        assert!(warnings[0].contains("it took longer than 2s"), "{script}: {warnings:?}");
    }
}

#[test]
fn a_cargo_that_is_not_there_is_told() {
    let folder = Folder::new(&[("Cargo.toml", &manifest("wire = \"0.12\""))]);
    let limit = Duration::from_secs(2);
    let mut projects = folder.asking(CargoMetadata { cargo: folder.path("nowhere").into(), limit });
    folder.of(&mut projects, "src/main.rs");
    assert!(projects.warnings()[0].contains("it cannot be run: "), "{:?}", projects.warnings());
}

/// `coldcall check` with `arguments` in `folder`.
fn check(folder: &Folder, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coldcall"));
    command.arg("check").args(arguments).current_dir(folder.path("")).env("CARGO", folder.path("cargo"));
    command.output().unwrap()
}

#[test]
fn the_program_runs_cargo_only_when_it_is_asked_to() {
    let source = "// coldcall: so that the file is read\nfn main() {}\n";
    let folder = Folder::new(&[("Cargo.toml", &manifest("")), ("src/main.rs", source)]);
    folder.write("cargo", "#!/bin/sh\ntouch ran\necho 'error: not today' >&2\nexit 1\n");
    fs::set_permissions(folder.path("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    check(&folder, &[]);
    assert!(!folder.path("ran").exists());
    let output = check(&folder, &["--cargo-metadata"]);
    assert!(folder.path("ran").exists());
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(text.contains("not today"), "{text}");
}
