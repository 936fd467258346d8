//! Versions and features of a library, by package.

use crate::support::{Folder, lock, manifest};

const ON: &str = "http2 native tls";

#[test]
fn the_lock_decides_by_the_package_that_asks() {
    let packages: &[(&str, &str, &[&str])] = &[
        ("app", "0.1.0", &["wire 0.12.9"]),
        ("own-old", "0.1.0", &["wire 0.11.2 (registry+https://example.com/index)"]),
        ("own-none", "0.1.0", &[]),
        ("wire", "0.11.2", &[]),
        ("wire", "0.12.9", &["h2", "native-tls"]),
    ];
    let folder = Folder::new(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"app\", \"own-*\"]\n"),
        ("Cargo.lock", &lock(packages)),
        ("app/Cargo.toml", &manifest("wire = \"0.12\"")),
        ("own-old/Cargo.toml", "[package]\nname = \"own-old\"\n[dependencies]\nwire = \"0.11\"\n"),
        ("own-none/Cargo.toml", "[package]\nname = \"own-none\"\n"),
    ]);
    assert_eq!(folder.wire("app/src/x.rs"), ("wire 0.12.9".into(), Some(ON.into())));
    assert_eq!(folder.wire("own-old/src/x.rs"), ("wire 0.11.2".into(), Some("old-tls".into())));
    assert_eq!(
        folder.wire("own-none/src/x.rs"),
        ("wire 0.12.9".into(), None),
        "what it does not ask for has no features"
    );
    assert!(folder.resolved("app/src/x.rs").versions.exact().is_some());
    assert!(!folder.resolved("app/src/x.rs").features.unwrap().certain);
}

#[test]
fn two_versions_for_one_package_are_told_apart_by_its_own_code_s_requirement() {
    let packages: &[(&str, &str, &[&str])] =
        &[("app", "0.1.0", &["wire 0.11.2", "wire 0.12.9"]), ("wire", "0.11.2", &[]), ("wire", "0.12.9", &[])];
    let files = |dependencies: &str| {
        Folder::new(&[("Cargo.toml", &manifest(dependencies)), ("Cargo.lock", &lock(packages))]).wire("src/x.rs").0
    };
    assert_eq!(
        files("wire = \"0.11\"\n[dev-dependencies]\nwire12 = { package = \"wire\", version = \"0.12\" }"),
        "wire 0.11.2"
    );
    assert_eq!(
        files("a = { package = \"wire\", version = \"0.12\" }\nwire = \"0.11.1\""),
        "wire",
        "which of the two the code means is not known"
    );
    assert_eq!(files("wire = \">=0.11, <0.12\""), "wire 0.11.2");
    assert_eq!(files("wire = \"*\""), "wire 0.12.9");
}

#[test]
fn a_lock_without_the_package_that_asks_is_searched_by_requirement() {
    let packages: &[(&str, &str, &[&str])] = &[("wire", "0.11.2", &[]), ("wire", "0.12.9", &[])];
    let wire = |dependency: &str| {
        Folder::new(&[("Cargo.toml", &manifest(dependency)), ("Cargo.lock", &lock(packages))]).wire("src/x.rs").0
    };
    assert_eq!(wire("wire = \"0.11\""), "wire 0.11.2");
    assert_eq!(wire("wire = \"0.12\""), "wire 0.12.9");
    assert_eq!(wire(""), "wire 0.12.9", "else the newest");
}

#[test]
fn without_a_lock_the_requirement_tells_where_it_can() {
    let wire = |requirement: &str| {
        let folder = Folder::new(&[("Cargo.toml", &manifest(&format!("wire = \"{requirement}\"")))]);
        let resolved = folder.resolved("src/x.rs");
        let known = resolved.features.is_some();
        (resolved.versions.set().map(|set| set.to_string()), known)
    };
    for (requirement, set) in [
        ("0.12", ">=0.12.0, <0.13.0"),
        ("^0.12.3", ">=0.12.3, <0.13.0"),
        ("=0.12.4", "0.12.4"),
        ("=0.12", ">=0.12.0, <0.13.0"),
        ("~0.12.4", ">=0.12.4, <0.13.0"),
        ("~1", ">=1.0.0, <2.0.0"),
        ("0.12.*", ">=0.12.0, <0.13.0"),
        ("0.0.3", ">=0.0.3, <0.0.4"),
        ("0.0", ">=0.0.0, <0.1.0"),
        ("1", ">=1.0.0, <2.0.0"),
        ("1.0.0-alpha.25", ">=1.0.0a25, <2.0.0"),
    ] {
        assert_eq!(wire(requirement), (Some(set.into()), true), "{requirement}");
    }
    for (requirement, set) in [
        ("0", ">=0.0.0, <1.0.0"),
        (">=0.11", ">=0.11.0"),
        (">0.11", ">=0.12.0"),
        (">0.11.2", ">0.11.2"),
        (">=0.11, <0.13", ">=0.11.0, <0.13.0"),
        ("<=0.12", "<0.13.0"),
    ] {
        assert_eq!(wire(requirement), (Some(set.into()), false), "{requirement}");
    }
    for unknown in ["*", "nonsense", "", "18446744073709551615", ">=2, <1"] {
        assert!(!wire(unknown).1, "{unknown}");
    }
    assert_eq!(wire(">=2, <1").0, None, "no version at all");
    assert_eq!(Folder::new(&[("Cargo.toml", &manifest("wire = { path = \"../wire\" }"))]).wire("src/x.rs").0, "wire");
    assert_eq!(Folder::new(&[("Cargo.toml", &manifest(""))]).wire("src/x.rs").0, "wire");
}

#[test]
fn an_exact_requirement_needs_no_lock() {
    let shown = |requirement: &str| {
        Folder::new(&[("Cargo.toml", &manifest(&format!("wire = \"{requirement}\"")))]).wire("src/x.rs").0
    };
    assert_eq!(shown("=0.12.4"), "wire 0.12.4");
    assert_eq!(shown("=0.12"), "wire =0.12 (not locked)");
}

/// Features of `wire` in a package with `dependencies`, locked at 0.12.9 with all that they need.
fn features(dependencies: &str) -> String {
    let packages: &[(&str, &str, &[&str])] = &[("app", "0.1.0", &["wire"]), ("wire", "0.12.9", &["h2", "native-tls"])];
    let folder = Folder::new(&[("Cargo.toml", &manifest(dependencies)), ("Cargo.lock", &lock(packages))]);
    folder.wire("src/x.rs").1.unwrap()
}

#[test]
fn features_are_those_of_the_manifest() {
    assert_eq!(features("wire = \"0.12\""), ON);
    assert_eq!(features("wire = { version = \"0.12\", default-features = false }"), "");
    assert_eq!(
        features("wire = { version = \"0.12\", default_features = false, features = [\"alpn\"] }"),
        "alpn native"
    );
    assert_eq!(
        features("wire = { version = \"0.12\", default-features = false, features = [\"default\"] }"),
        "default http2 native tls"
    );
    let tests = "wire = { version = \"0.12\", default-features = false }\n[dev-dependencies]\nwire = { version = \"0.12\", features = [\"mock\"] }\n";
    assert_eq!(features(tests), "", "what tests ask for is not in the program");
    assert_eq!(
        features("[dev-dependencies]\nwire = { version = \"0.12\", features = [\"mock\"] }"),
        "http2 mock native tls"
    );
    let renamed = "net = { package = \"wire\", version = \"0.12\", default-features = false, features = [\"json\"] }";
    assert_eq!(features(renamed), "json");
}

#[test]
fn features_that_differ_by_platform_are_unknown() {
    let of = |features: &str| {
        let entry = format!("wire = {{ version = \"0.12\", features = [{features}] }}");
        let tables = format!(
            "[target.'cfg(unix)'.dependencies]\nwire = {{ version = \"0.12\", features = [\"json\"] }}\n\
             [target.'cfg(windows)'.dependencies]\n{entry}\n"
        );
        Folder::new(&[("Cargo.toml", &manifest(&tables))]).wire("src/x.rs")
    };
    assert_eq!(of("\"json\"").1.as_deref(), Some("http2 json native tls"));
    assert_eq!(of("\"alpn\""), ("wire ^0.12 (not locked)".into(), None));
}

#[test]
fn the_package_s_own_default_features_count() {
    let own = "wire = { version = \"0.12\", default-features = false, optional = true }\n[features]\ndefault = [\"fast\", \"dep:wire\"]\n\
               fast = [\"wire/json\", \"more\"]\nmore = [\"wire?/gzip\", \"fast\", \"other/x\"]\nunused = [\"wire/stream\"]\n";
    assert_eq!(features(own), "gzip json");
    assert_eq!(features(&own.replace("wire/json", "wire/default")), "default gzip http2 native tls");
}

#[test]
fn a_feature_whose_package_is_not_locked_is_off() {
    let packages: &[(&str, &str, &[&str])] =
        &[("app", "0.1.0", &["wire"]), ("wire", "0.12.9", &["native-tls 0.2.11", "h3"])];
    let folder = Folder::new(&[("Cargo.toml", &manifest("wire = \"0.12\"")), ("Cargo.lock", &lock(packages))]);
    assert_eq!(folder.wire("src/x.rs").1.unwrap(), "native tls");
}

#[test]
fn members_inherit_from_their_workspace_and_build_together() {
    let top = "[workspace]\nmembers = [\"app\", \"own-*\"]\nexclude = [\"own-out\"]\n\n[workspace.dependencies]\n\
               wire = { version = \"0.12\", default-features = false, features = [\"json\"] }\n";
    let member = |name: &str, dependency: &str| format!("[package]\nname = \"{name}\"\n[dependencies]\n{dependency}\n");
    let folder = Folder::new(&[
        ("Cargo.toml", top),
        (
            "app/Cargo.toml",
            &member("app", "wire = { workspace = true, features = [\"gzip\"], default-features = false }"),
        ),
        ("own-a/Cargo.toml", &member("own-a", "wire.workspace = true")),
    ]);
    let both = ("wire ^0.12 (not locked)".to_owned(), Some("gzip json".to_owned()));
    assert_eq!(folder.wire("app/src/x.rs"), both);
    assert_eq!(folder.wire("own-a/src/x.rs"), both, "one build has one set of features");
    assert_eq!(folder.wire("Cargo.toml"), both, "the workspace speaks for what its members inherit");

    folder.write("own-b/Cargo.toml", member("own-b", "wire = \"0.11\""));
    folder.write("own-out/Cargo.toml", member("own-out", "wire = \"0.12\""));
    assert_eq!(folder.wire("app/src/x.rs"), both, "neither another major version nor another workspace adds any");
    assert_eq!(folder.wire("own-b/src/x.rs").1.as_deref(), Some("old-tls"));
    assert_eq!(folder.wire("own-out/src/x.rs").1.as_deref(), Some(ON));

    folder.write("own-c/Cargo.toml", member("own-c", "wire = { workspace = true, default-features = true }"));
    assert_eq!(folder.wire("app/src/x.rs").1.as_deref(), Some("gzip http2 json native tls"));
}

#[test]
fn what_cannot_be_inherited_is_unknown() {
    let folder = Folder::new(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n"),
        ("app/Cargo.toml", &manifest("wire.workspace = true")),
        ("Cargo.lock", &lock(&[("app", "0.1.0", &["wire"]), ("wire", "0.12.9", &[])])),
    ]);
    assert_eq!(folder.wire("app/src/x.rs"), ("wire 0.12.9".into(), None));
}

#[test]
fn a_version_that_is_none_is_unknown() {
    let folder = Folder::new(&[
        ("Cargo.toml", &manifest("wire = \"0.12\"")),
        ("Cargo.lock", &lock(&[("app", "0.1.0", &["wire"]), ("wire", "twelve", &[])])),
    ]);
    assert_eq!(folder.wire("src/x.rs").0, "wire ^0.12 (not locked)");
    folder.write("Cargo.toml", manifest("wire = \"1.0.0-x.y\""));
    folder.write("Cargo.lock", lock(&[("app", "0.1.0", &["wire"]), ("wire", "1.0.0-x.y", &[])]));
    assert_eq!(folder.wire("src/x.rs"), ("wire".into(), None));
}
