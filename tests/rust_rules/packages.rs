//! Suggestions that depend on what a package's manifest says, by the program itself.

use serde_json::Value;
use std::fs;
use std::process::Command;

/// What the program finds in a package: its manifest beside name and version, and its `src/main.rs`.
fn found(manifest: &str, code: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let manifest = format!("[package]\nname = \"desk\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{manifest}");
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.path().join("src/main.rs"), code).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_coldcall"));
    command.current_dir(folder.path()).args(["check", "--output-format", "json", "--isolated", "--exit-zero", "."]);
    let output = command.args(["--min-confidence", "low", "--select", "client-per-call"]).output().unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    json["findings"][0].clone()
}

const SEND: &str = "async fn fetch(id: u32) {\n    let client = reqwest::Client::new();\n    client.get(URL).send().await;\n}\n\nfn main() {}\n";

#[test]
fn a_crate_that_is_missing_is_named() {
    for (version, dependency, cell, told) in [
        ("1.65", "", "Lazy<", true),
        ("1.65", "once_cell = \"1\"\n", "Lazy<", false),
        ("1.75", "", "OnceLock<", false),
        ("1.85", "", "LazyLock<", false),
    ] {
        let manifest = format!("rust-version = \"{version}\"\n[dependencies]\nreqwest = \"0.12\"\n{dependency}");
        let finding = found(&manifest, SEND).to_string();
        assert!(finding.contains(cell), "{version}: {finding}");
        assert_eq!(finding.contains("Add the dependency `once_cell`"), told, "{version}: {finding}");
    }
}

#[test]
fn actix_shares_it_above_its_server() {
    let code = "use actix_web::{HttpResponse, get};\n#[get(\"/\")]\nasync fn rates() -> HttpResponse {\n    let client = reqwest::Client::new();\n    client.get(URL).send().await;\n    HttpResponse::Ok().finish()\n}\n\nfn main() {}\n";
    let finding = found("[dependencies]\nreqwest = \"0.12\"\nactix-web = \"4\"\n", code);
    let help = finding["help"].as_str().unwrap();
    assert!(help.contains("above `HttpServer::new`, whose closure takes it by `move`"), "{help}");
    assert!(finding.to_string().contains("actix_web::web::Data::new(reqwest::Client::new())"), "{finding}");
}
