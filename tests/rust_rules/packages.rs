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

#[test]
fn a_state_that_exists_gets_a_field_and_middleware_no_parameter() {
    let program = |routes: &str| {
        format!(
            "use axum::{{Router, routing::get}};\n\nfn app(state: Desk) -> Router {{\n    Router::new(){routes}\n}}\n\nasync fn rates() {{\n    let client = reqwest::Client::new();\n    client.get(URL).send().await;\n}}\n\nfn main() {{}}\n"
        )
    };
    let found = |routes: &str| found("[dependencies]\nreqwest = \"0.12\"\naxum = \"0.8\"\n", &program(routes));
    let alone = found(".route(\"/\", get(rates))").to_string();
    assert!(alone.contains(".with_state(client)") && !alone.contains("in a field beside"), "{alone}");
    let beside = found(".route(\"/\", get(rates)).with_state(state)").to_string();
    assert!(!beside.contains(".with_state(client)") && beside.contains("in a field beside"), "{beside}");
    let layer = found(".layer(axum::middleware::from_fn(rates))").to_string();
    assert!(layer.contains("axum") && !layer.contains(".with_state(client)"), "{layer}");
}

#[test]
fn a_field_gives_its_own_name_not_that_of_its_struct() {
    let code = "use axum::{Router, routing::get};\n\nstruct Api { http: reqwest::Client }\n\nfn app() -> Router {\n    Router::new().route(\"/\", get(rates))\n}\n\nasync fn rates() {\n    let api = Api { http: reqwest::Client::new() };\n    api.http.get(URL).send().await;\n}\n\nfn main() {}\n";
    let finding = found("[dependencies]\nreqwest = \"0.12\"\naxum = \"0.8\"\n", code).to_string();
    assert!(finding.contains("let http = reqwest::Client::new();"), "{finding}");
}
