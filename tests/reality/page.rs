//! `docs/reality.md`: every program with what was predicted and what was measured.

use crate::libraries;
use crate::measure::Measured;
use crate::predict::{self, Predicted};
use crate::programs::{Language, Program, Workload, sets};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const INTRODUCTION: &str = "# Predicted and measured

Programs with real libraries make calls to a server on loopback that counts; `coldcall audit` says from their sources
alone what it will count. A test compares the two for each program, and another one this table with the sources. The
programs are in `fixtures/reality/`, and each says in its `reality.toml` which calls it makes.

*Connections* are completed TLS handshakes. *Idle closes* are connections that the client closed before the last round
of calls, because they had expired, were too many to keep, or belonged to a client that was gone.
`COLDCALL_WRITE_REALITY=1 cargo test --test reality` measures and writes this table.

| Program | What it shows | Libraries | Calls | Predicted | Measured |
| --- | --- | --- | --- | --- | --- |
";

pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reality.md")
}

/// All columns but the last.
pub fn row(program: &Program, predicted: &Result<Predicted, String>) -> String {
    let predicted = match predicted {
        Ok(Predicted { fails: Some(text), .. }) => format!("fails: {text}"),
        Ok(Predicted { connections, protocol, idle_closes, .. }) => {
            figures(&connections.to_string(), protocol, &idle_closes.to_string())
        }
        Err(why) => format!("nothing: {}", why.lines().next().unwrap_or("")),
    };
    let libraries = libraries::libraries(program).join(", ");
    let columns = [
        format!("`{}`", program.name()),
        program.workload.about.clone(),
        libraries,
        calls(&program.workload),
        predicted,
    ];
    format!("| {}", columns.map(|column| column.replace('|', "\\|")).join(" | "))
}

fn figures(connections: &str, protocol: &str, idle_closes: &str) -> String {
    let plural = if connections == "1" { "" } else { "s" };
    format!("{connections} connection{plural}, {protocol}, {idle_closes} closed idle")
}

/// The last column.
pub fn measured(measured: &Measured) -> String {
    match &measured.fails {
        Some(text) => format!("fails: {text}"),
        None => {
            let resumed = if measured.resumed > 0 { format!(", {} resumed", measured.resumed) } else { String::new() };
            let (connections, closed) = (measured.connections.to_string(), measured.idle_closes.to_string());
            figures(&connections, measured.protocol, &closed) + &resumed
        }
    }
}

fn calls(workload: &Workload) -> String {
    let mut text = workload.rounds.to_string();
    if workload.at_once > 1 {
        write!(text, " times {} at once", workload.at_once).unwrap();
    }
    if workload.gap_s > 0.0 {
        write!(text, ", {} s apart", workload.gap_s).unwrap();
    }
    if !workload.http2 {
        text += ", server without HTTP/2";
    }
    if let Some(seconds) = workload.keep_alive_s {
        write!(text, ", server keeps {seconds} s").unwrap();
    }
    text
}

/// The rows of the committed table: all columns but the last, and the last.
fn committed() -> Vec<(String, String)> {
    let text = fs::read_to_string(path()).unwrap_or_default();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let columns = rows.filter_map(|line| line.strip_suffix(" |")?.rsplit_once(" | "));
    columns.map(|(left, last)| (left.to_owned(), last.to_owned())).collect()
}

/// The name of the program in a row.
fn program_of(row: &str) -> &str {
    row.split('`').nth(1).unwrap_or("")
}

/// Writes the table. Programs that were not run now keep what was measured before.
pub fn write(rows: &[(String, Option<String>)]) {
    let known = committed();
    let known: BTreeMap<&str, &str> = known.iter().map(|(row, last)| (program_of(row), last.as_str())).collect();
    let line = |(row, measured): &(String, Option<String>)| {
        let before = known.get(program_of(row)).copied().unwrap_or("not yet measured");
        format!("{row} | {} |\n", measured.as_deref().unwrap_or(before))
    };
    fs::create_dir_all(path().parent().unwrap()).unwrap();
    fs::write(path(), INTRODUCTION.to_owned() + &rows.iter().map(line).collect::<String>()).unwrap();
}

#[test]
fn the_table_in_the_docs_is_what_the_sources_say() {
    let programs = Language::ALL.into_iter().flat_map(sets).flat_map(|(_, programs)| programs);
    let now: Vec<String> = programs.map(|program| row(&program, &predict::predict(&program))).collect();
    let committed: Vec<String> = committed().into_iter().map(|(row, _)| row).collect();
    let news: Vec<&String> = now.iter().filter(|row| !committed.contains(row)).collect();
    let olds: Vec<&String> = committed.iter().filter(|row| !now.contains(row)).collect();
    assert!(
        news.is_empty() && olds.is_empty(),
        "docs/reality.md is not up to date; COLDCALL_WRITE_REALITY=1 writes it\nnow: {news:#?}\nthere: {olds:#?}"
    );
}

#[test]
fn every_program_that_the_claims_name_is_in_the_suite() {
    let claims = fs::read_to_string(path().with_file_name("claims.md")).unwrap();
    let named: Vec<&str> =
        claims.split('`').filter(|code| code.starts_with("python/") || code.starts_with("rust/")).collect();
    let programs = Language::ALL.into_iter().flat_map(sets).flat_map(|(_, programs)| programs);
    let known: Vec<String> = programs.map(|program| program.name()).collect();
    assert!(named.len() > 20, "{named:?}");
    named.iter().for_each(|name| assert!(known.iter().any(|known| known == name), "docs/claims.md names {name}"));
}
