//! The whole program on Rust packages.

use crate::support::{Folder, lock, manifest};
use std::io::Write;
use std::process::{Command, Stdio};

/// A client library of the user's own, known as `wire` in Rust.
const KNOWN: &str = "[[clients]]\nlibrary = \"wire\"\nlanguage = \"rust\"\npackage = \"wire\"\nimports = [\"wire\"]\n\
                     verified = \"2026-11-01\"\nversions = \"0.12\"\nsource = \"made up\"\n";

/// Exit code, standard output and standard error of `coldcall check`.
fn check(folder: &Folder, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coldcall"));
    command.arg("check").args(arguments).current_dir(folder.path("")).env("NO_COLOR", "1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// How many files were found, left alone as tests, and parsed.
fn summary(folder: &Folder, arguments: &[&str], input: &str) -> [u64; 3] {
    let arguments: Vec<&str> = ["--output-format", "json"].iter().chain(arguments).copied().collect();
    let (_, out, error) = check(folder, &arguments, input);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|why| panic!("{why}: {out}{error}"));
    ["files", "tests", "parsed"].map(|key| document["summary"][key].as_u64().unwrap())
}

#[test]
fn a_renamed_client_is_not_lost_before_parsing() {
    let folder = Folder::new(&[
        ("coldcall.toml", KNOWN),
        (
            "Cargo.toml",
            &manifest("net = { package = \"wire\", version = \"0.12\" }\nother = { package = \"x\", version = \"1\" }"),
        ),
        ("src/a.rs", "fn f() { net::Client::new(); }"),
        ("src/b.rs", "fn f() { wire::Client::new(); }"),
        ("src/c.rs", "fn f() { other::Client::new(); }"),
        ("elsewhere/Cargo.toml", &manifest("")),
        ("elsewhere/src/a.rs", "fn f() { net::Client::new(); }"),
    ]);
    assert_eq!(summary(&folder, &["src"], ""), [3, 0, 2]);
    assert_eq!(summary(&folder, &["elsewhere/src"], ""), [1, 0, 0]);
}

#[test]
fn sources_and_manifests_are_found_and_tests_are_quiet() {
    let text = "fn f() { wire::Client::new(); }";
    let folder = Folder::new(&[("coldcall.toml", KNOWN), ("Cargo.toml", &manifest("wire = \"0.12\""))]);
    for path in ["src/main.rs", "target/debug/x.rs", "tests/a.rs", "benches/b.rs", "examples/c.rs", "build.rs"] {
        folder.write(path, text);
    }
    folder.write("tests/fixtures/Cargo.toml", "[package\nwire");
    assert_eq!(summary(&folder, &[], ""), [7, 5, 2]);
    let (_, out, _) = check(&folder, &[], "");
    assert!(!out.contains("not read"), "a broken manifest among the fixtures is nobody's fault: {out}");
}

#[test]
fn standard_input_may_be_rust() {
    let folder = Folder::new(&[("coldcall.toml", KNOWN)]);
    assert_eq!(summary(&folder, &["-", "--stdin-filename", "x.rs"], "fn f() { wire::get(); }"), [1, 0, 1]);
    assert_eq!(summary(&folder, &["-", "--stdin-filename", "Cargo.toml"], &manifest("wire = \"1\"")), [1, 0, 1]);
}

#[test]
fn comments_in_a_manifest_count() {
    let text = manifest("# coldcall: ignore[nonsense]\nwire = \"0.12\"");
    let folder = Folder::new(&[("Cargo.toml", &text)]);
    let (code, out, _) = check(&folder, &["--output-format", "concise"], "");
    assert_eq!(code, 1, "{out}");
    assert!(out.starts_with("Cargo.toml:7:1: warning[unused-ignore] there is no rule `nonsense`"), "{out}");
}

#[test]
fn a_broken_manifest_is_told_once() {
    let broken = "[dependencies]\nwire = = \"0.12\"\n";
    let folder =
        Folder::new(&[("coldcall.toml", KNOWN), ("Cargo.toml", broken), ("src/a.rs", "wire"), ("src/b.rs", "wire")]);
    let (code, out, error) = check(&folder, &[], "");
    let text = out + &error;
    assert_eq!((code, text.matches("Cargo.toml").count()), (0, 1), "{text}");
    assert!(text.contains("Cargo.toml: not read as a manifest: "), "{text}");

    let nowhere = Folder::new(&[("coldcall.toml", KNOWN)]);
    let (code, out, error) = check(&nowhere, &["-", "--stdin-filename", "Cargo.toml"], broken);
    let text = out + &error;
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Cargo.toml:2:8: syntax error"), "{text}");
}

#[test]
fn a_broken_manifest_is_told_although_it_names_no_client() {
    let folder = Folder::new(&[("bad/Cargo.toml", &manifest("serde = 1"))]);
    for argument in ["bad/Cargo.toml", "bad"] {
        let (code, out, error) = check(&folder, &[argument], "");
        let text = out + &error;
        assert_eq!(code, 0, "{text}");
        assert!(text.contains("bad/Cargo.toml: not read as a manifest: `serde` in line 7, column 9: "), "{text}");
    }
}

#[test]
fn a_hook_may_hand_over_other_toml_files() {
    let folder = Folder::new(&[("rustfmt.toml", "max_width = 120\n"), ("Cargo.toml", &manifest(""))]);
    let (code, out, _) = check(&folder, &["--force-exclude", "rustfmt.toml", "Cargo.toml"], "");
    assert_eq!(code, 0);
    assert!(!out.contains("rustfmt.toml"), "{out}");
    assert!(
        check(&folder, &["rustfmt.toml"], "").1.contains("rustfmt.toml: neither Python"),
        "who names it wants to know"
    );
}

/// What `http2-unavailable` says about a package whose lock file lists `listed` for reqwest.
fn http2_told(dependency: &str, version: &str, listed: &[&str]) -> String {
    let source = "use futures::StreamExt;\npub async fn all(pages: Vec<String>) {\n    let client = reqwest::Client::new();\n    \
                  futures::stream::iter(pages).map(|page| client.get(page).send()).buffer_unordered(50).count().await;\n}\n";
    let packages = [("app", "0.1.0", &["reqwest"][..]), ("reqwest", version, listed)];
    let folder = Folder::new(&[
        ("Cargo.toml", &manifest(&format!("futures = \"0.3\"\n{dependency}"))),
        ("Cargo.lock", &lock(&packages)),
        ("src/lib.rs", source),
    ]);
    check(&folder, &["--select", "http2-unavailable", "--output-format", "json"], "").1
}

#[test]
fn the_lock_file_makes_a_missing_feature_certain() {
    let rustls = "reqwest = { version = \"0.13\", default-features = false, features = [\"rustls\"] }";
    let told = http2_told(rustls, "0.13.5", &["hyper-rustls", "rustls"]);
    assert!(told.contains("This is certain: Cargo.lock lists no `h2` for `reqwest`."), "{told}");
    let told = http2_told("reqwest = \"0.12\"", "0.12.28", &["h2", "hyper-tls"]);
    assert!(told.contains("This is likely: it is read from the manifest"), "{told}");
}

#[test]
fn a_contradiction_is_told_in_words_that_fit_either_cause() {
    for features in
        ["features = [\"rustls-tls\"]", "default-features = false, features = [\"rustls-tls\", \"native-tls\"]"]
    {
        let dependency = format!("reqwest = {{ version = \"0.12\", {features} }}");
        let told = http2_told(&dependency, "0.12.28", &["h2", "hyper-rustls", "hyper-tls", "webpki-roots"]);
        assert!(told.contains("the rustls features of `reqwest` have no effect: native-tls is used"), "{told}");
        assert!(told.contains("by the default features or by name"), "{told}");
    }
}
