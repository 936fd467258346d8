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
fn setup_cfg() {
    for (text, shown) in [
        (
            "[options]\ninstall_requires =\n    requests\n    httpx[http2]>=0.27,<1 ; python_version > '3.8'\n",
            "httpx >=0.27,<1 (not locked)",
        ),
        ("[options]\ninstall_requires = httpx==0.28.1\n", "httpx 0.28.1"),
        ("[options.extras_require]\nhttp =\n  # why\n  httpx~=0.27.0\n", "httpx ~=0.27.0 (not locked)"),
        ("[metadata]\nname = x\ndescription = httpx==1\n", "httpx"),
    ] {
        assert_eq!(httpx("setup.cfg", text), shown, "{text}");
    }
}

#[test]
fn environment_yml() {
    for (entry, shown) in [
        ("httpx=0.27", "httpx =0.27 (not locked)"),
        ("httpx=0.27.2=py_0", "httpx =0.27.2=py_0 (not locked)"),
        ("httpx==0.28.1", "httpx 0.28.1"),
        ("conda-forge::httpx >=0.27,<1", "httpx >=0.27,<1 (not locked)"),
        ("httpx 0.27.* py_0", "httpx 0.27.*py_0 (not locked)"),
        ("httpx", "httpx"),
        ("pip:\n      - httpx==0.28.1", "httpx 0.28.1"),
    ] {
        let text = format!("name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - {entry}\n");
        assert_eq!(httpx("environment.yml", &text), shown, "{text}");
    }
    assert_eq!(httpx("environment.yml", "name: x\ndependencies:\n"), "httpx", "none at all");
}

#[test]
fn what_is_broken_elsewhere_is_told_too() {
    let deep = format!("dependencies: {}", "[".repeat(100_000));
    for (name, text, place) in [
        ("environment.yml", "name: x\ndependencies: [a\n", "line "),
        ("environment.yml", deep.as_str(), "line 1"),
        ("setup.cfg", "[options\n", "line"),
    ] {
        let warnings = Folder::new(&[(name, text)]).warnings();
        assert!(
            warnings[0].starts_with(&format!("{name}: not read as a")) && warnings[0].contains(place),
            "{warnings:?}"
        );
        assert_eq!(warnings[0].lines().count(), 1, "{warnings:?}");
    }
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    let folder = Folder::new(&[("pyproject.toml", "[project]\ndependencies = [\n"), ("Pipfile", "\n= 1")]);
    let warnings = folder.warnings();
    assert!(warnings[0].starts_with("Pipfile: not read as a manifest: line 2, column 1: "), "{warnings:?}");
    assert!(warnings[1].starts_with("pyproject.toml: not read as a manifest: line "), "{warnings:?}");
}
