//! Lock files.

use crate::support::{Folder, httpx};

const LOCK: &str = "[[package]]\nname = 'httpx'\nversion = '0.28.1'\n";

#[test]
fn several_locked_versions_are_a_set() {
    let both = format!("[[package]]\nname = 'httpx'\nversion = '0.27.2'\n{LOCK}");
    assert_eq!(httpx("uv.lock", &both), "httpx 0.27.2 or 0.28.1");
    let files = [("uv.lock", both.as_str()), ("pyproject.toml", "[project]\ndependencies = ['httpx>=0.28']")];
    assert_eq!(Folder::new(&files).httpx(), "httpx 0.28.1", "those that the project asks for");
}

#[test]
fn a_lock_comes_before_pins_and_these_before_ranges() {
    let range = ("pyproject.toml", "[project]\ndependencies = ['httpx>=0.20']");
    let pin = ("requirements.txt", "httpx==0.27.2");
    assert_eq!(Folder::new(&[range, pin, ("poetry.lock", LOCK)]).httpx(), "httpx 0.28.1");
    assert_eq!(Folder::new(&[range, pin]).httpx(), "httpx 0.27.2");
    assert_eq!(Folder::new(&[range]).httpx(), "httpx >=0.20 (not locked)");
}

#[test]
fn the_nearest_lock_counts_where_it_fits() {
    let folder = Folder::new(&[
        ("uv.lock", LOCK),
        ("pyproject.toml", ""),
        ("a/pyproject.toml", "[project]\ndependencies = ['httpx>=0.27']"),
        ("b/pyproject.toml", "[project]\ndependencies = ['httpx<0.28']"),
        ("c/pyproject.toml", ""),
        ("c/poetry.lock", "[[package]]\nname = 'httpx'\nversion = '0.23.0'\n"),
    ]);
    assert_eq!(folder.httpx_at("a/src/a/x.py"), "httpx 0.28.1", "a workspace shares its root's lock");
    assert_eq!(folder.httpx_at("b/x.py"), "httpx <0.28 (not locked)", "the lock is of another project");
    assert_eq!(folder.httpx_at("c/x.py"), "httpx 0.23.0");
}

#[test]
fn broken_locks_are_told_with_their_place() {
    let folder = Folder::new(&[
        ("uv.lock", "version = 1\n[[package]\n"),
        ("poetry.lock", "package = 3\n"),
        ("pdm.lock", &format!("x = {}", "[".repeat(100_000))),
        ("pylock.dev.toml", "[[packages]]\nversion = '1'\n"),
        ("Pipfile.lock", "{\n  \"default\": {"),
        ("requirements.txt", "httpx==0.28.1\n"),
    ]);
    assert_eq!(folder.httpx(), "httpx 0.28.1", "the others still count");
    let warnings = folder.warnings();
    assert_eq!(warnings.len(), 5, "{warnings:?}");
    for warning in &warnings {
        assert!(warning.contains(": not read as a lock file: ") && warning.contains("line "), "{warning}");
    }
}
