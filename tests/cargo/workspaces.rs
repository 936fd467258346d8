//! Which lock file and which manifests are those of a package's build.

use crate::support::{Folder, lock, manifest};

const NOT_LOCKED: &str = "wire ^0.12 (not locked)";

fn member(name: &str, dependency: &str) -> String {
    format!("[package]\nname = \"{name}\"\n[dependencies]\n{dependency}\n")
}

/// A workspace that locks 0.12.9, with a package in `inner`.
fn around(workspace: &str, inner: &str) -> Folder {
    let packages: &[(&str, &str, &[&str])] =
        &[("own-a", "0.1.0", &["wire"]), ("wire", "0.12.9", &["h2", "native-tls"])];
    Folder::new(&[("Cargo.toml", workspace), ("Cargo.lock", &lock(packages)), ("inner/Cargo.toml", inner)])
}

#[test]
fn the_lock_of_another_workspace_is_none() {
    let inner = manifest("wire = \"0.12\"");
    let version = |workspace: &str, inner: &str| around(workspace, inner).wire("inner/src/x.rs").0;
    assert_eq!(version("[workspace]\nmembers = [\"inner\"]\n", &inner), "wire 0.12.9");
    assert_eq!(version("[workspace]\nexclude = [\"inner\"]\n", &inner), NOT_LOCKED);
    assert_eq!(version("[workspace]\nmembers = [\"inn*\"]\nexclude = [\"inner\"]\n", &inner), NOT_LOCKED);
    assert_eq!(version("[workspace]\n", &format!("{inner}\n[workspace]\n")), NOT_LOCKED);
    assert_eq!(version(&member("own-a", "wire = \"0.12\""), &inner), NOT_LOCKED, "a package alone has no members");
    let both = "[workspace]\nmembers = [\"inner\"]\nexclude = [\"inner\"]\n";
    assert_eq!(version(both, &inner), "wire 0.12.9", "a member that is named is one");
}

#[test]
fn a_lock_that_the_manifest_has_outgrown_is_none() {
    let version = |dependency: &str| around(&member("own-a", dependency), "").wire("src/x.rs").0;
    assert_eq!(version("wire = \"0.12\""), "wire 0.12.9");
    assert_eq!(version("wire = \"0.13\""), "wire ^0.13 (not locked)");
    assert_eq!(version("wire = \"0.12.10\""), "wire ^0.12.10 (not locked)");
    assert_eq!(version("wire = { path = \"../wire\" }"), "wire 0.12.9", "whatever stands there");
}

#[test]
fn path_dependencies_are_built_along() {
    let wire =
        |features: &str| format!("wire = {{ version = \"0.12\", default-features = false, features = [{features}] }}");
    let app = |dependency: &str| manifest(&format!("{}\n{dependency}", wire("")));
    let folder = Folder::new(&[
        ("app/Cargo.toml", &app("net = { path = \"../net\" }")),
        ("net/Cargo.toml", &member("net", &format!("{}\ndeep.workspace = true", wire("\"json\"")))),
        ("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n[workspace.dependencies]\ndeep = { path = \"lib/deep\" }\n"),
        ("lib/deep/Cargo.toml", &member("deep", &format!("{}\napp = {{ path = \"../../app\" }}", wire("\"gzip\"")))),
        ("other/Cargo.toml", &member("other", &wire("\"x\""))),
    ]);
    assert_eq!(folder.wire("app/src/x.rs").1.as_deref(), Some("gzip json"));
    folder.write("app/Cargo.toml", app("[dev-dependencies]\nnet = { path = \"../net\" }"));
    assert_eq!(folder.wire("app/src/x.rs").1.as_deref(), Some(""), "what tests need is not in the program");
}
