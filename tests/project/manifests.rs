//! What a project asks for.

use crate::support::{Folder, httpx};

#[test]
fn pyproject_in_all_its_forms() {
    for (text, shown) in [
        ("[project]\ndependencies = ['httpx[http2]>=0.27,<1']", "httpx >=0.27,<1 (not locked)"),
        ("[project.optional-dependencies]\nhttp = ['httpx~=0.27.0']", "httpx ~=0.27.0 (not locked)"),
        ("[dependency-groups]\nall = [{ include-group = 'all' }, 'httpx==0.28.1']", "httpx 0.28.1"),
        ("[tool.poetry.dependencies]\nhttpx = '^0.27.1'", "httpx ^0.27.1 (not locked)"),
        ("[tool.poetry.dependencies]\nhttpx = '0.27.1'", "httpx 0.27.1"),
        ("[tool.poetry.dependencies]\nhttpx = '*'", "httpx"),
        (
            "[tool.poetry.group.web.dependencies]\nhttpx = { version = '~0.27', extras = ['http2'] }",
            "httpx ~0.27 (not locked)",
        ),
        (
            "[tool.poetry.dependencies]\nhttpx = [{ version = '0.27.2', python = '<3.9' }, { version = '0.28.1', python = '>=3.9' }]",
            "httpx 0.27.2 or 0.28.1",
        ),
        ("[tool.pdm.dev-dependencies]\nx = ['httpx>=0.27']", "httpx >=0.27 (not locked)"),
        ("[tool.uv]\ndev-dependencies = ['httpx>=0.27']", "httpx >=0.27 (not locked)"),
        ("[tool.hatch.envs.default]\nextra-dependencies = ['httpx>=0.27']", "httpx >=0.27 (not locked)"),
        (
            "[project]\ndependencies = ['httpx>=0.27']\n[dependency-groups]\ndev = ['httpx==0.28.1']",
            "httpx >=0.27 (not locked)",
        ),
        ("[project]\ndependencies = 3", "httpx"),
    ] {
        assert_eq!(httpx("pyproject.toml", text), shown, "{text}");
    }
}

#[test]
fn pipfile() {
    let text = "[packages]\nhttpx = {version = '>=0.27', extras = ['http2']}\n[dev-packages]\nh2 = '*'\n";
    let folder = Folder::new(&[("Pipfile", text)]);
    assert_eq!((folder.httpx(), folder.extras()), ("httpx >=0.27 (not locked)".into(), vec!["http2".into()]));
    assert_eq!(httpx("Pipfile", "[packages]\nhttpx = '==0.28.1'\n"), "httpx 0.28.1");
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    let folder = Folder::new(&[("pyproject.toml", "[project]\ndependencies = [\n"), ("Pipfile", "\n= 1")]);
    let warnings = folder.warnings();
    assert!(warnings[0].starts_with("Pipfile: not read as a manifest: line 2, column 1: "), "{warnings:?}");
    assert!(warnings[1].starts_with("pyproject.toml: not read as a manifest: line "), "{warnings:?}");
}
