//! Lock files as the tools write them: uv 0.11, Poetry 2.5, Pipenv, pip-tools. That of PDM is read by hand-made ones only.

use crate::support::{Folder, shown};
use coldcall::finding::Confidence;
use coldcall::project::Presence;
use std::path::Path;

/// A folder of `tests/data/locks/`, as a repository of its own.
fn real(name: &str, files: &[&str]) -> Folder {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/locks").join(name);
    let folder = Folder::new(&[]);
    files.iter().for_each(|file| folder.write(file, std::fs::read(data.join(file)).unwrap()));
    folder
}

#[test]
fn a_uv_workspace_that_forks_by_python() {
    let folder = real("uv", &["uv.lock", "pyproject.toml", "packages/cart/pyproject.toml"]);
    let (project, warnings) = folder.read("packages/cart/src/app.py");
    assert_eq!(shown(&project), "httpx 0.27.2 or 0.28.1");
    assert_eq!(project.presence("h2", "httpx"), Presence::Absent(Confidence::High), "cart is a member");
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn locks_with_an_extra() {
    for (name, files) in [
        ("poetry", ["poetry.lock", "pyproject.toml"]),
        ("pylock", ["pylock.toml", "pyproject.toml"]),
        ("pipenv", ["Pipfile.lock", "Pipfile"]),
    ] {
        let folder = real(name, &files);
        assert_eq!(folder.httpx(), "httpx 0.28.1", "{name}");
        assert!(matches!(folder.h2(), Presence::Present(_)), "{name}");
        assert_eq!(folder.extras(), ["http2"], "{name}");
        assert!(folder.warnings().is_empty(), "{name}");
    }
}

#[test]
fn compiled_requirements() {
    let folder = real("pip-compile", &["requirements.in", "requirements.txt"]);
    assert_eq!((folder.httpx(), folder.h2()), ("httpx 0.28.1".into(), Presence::Absent(Confidence::High)));
    let folder = real("uv-compile", &["requirements.txt"]);
    assert_eq!(folder.httpx(), "httpx 0.28.1");
    assert!(matches!(folder.h2(), Presence::Present(_)));
}
