//! The README, held to what it says.

use crate::support::{Sandbox, check_in, repository};
use coldcall::pages;
use std::fs;
use std::process::Command;

fn readme() -> String {
    fs::read_to_string(repository("README.md")).unwrap()
}

/// The texts of the fenced blocks in `language`.
fn blocks(language: &str) -> Vec<String> {
    let readme = readme();
    let open = format!("\n```{language}\n");
    let parts = readme.split(&open).skip(1);
    parts.map(|part| format!("{}\n", part.split("\n```").next().unwrap())).collect()
}

#[test]
fn the_rules_table_is_that_of_the_pages() {
    let row = |page: &pages::Page| {
        let (name, severity) = (page.name, format!("{:?}", page.severity).to_lowercase());
        format!("| [`{name}`](rules/{name}.md) | {severity} | {} |", page.summary)
    };
    let expected: Vec<String> = pages::all().iter().map(row).collect();
    let readme = readme();
    let found: Vec<&str> = readme.lines().filter(|line| line.starts_with("| [`")).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_configuration_is_every_key_with_its_default() {
    let config = &blocks("toml")[0];
    let sandbox = Sandbox::new(&[("coldcall.toml", config)]);
    let shown = sandbox.check("--show-settings").exits(0).stdout;
    let defaults = sandbox.check("--show-settings --isolated").exits(0).stdout;
    let mut shown: toml::Table = shown.parse().unwrap();
    let defaults: toml::Table = defaults.parse().unwrap();
    assert!(shown.remove("per-path-ignores").is_some(), "the example of the README");
    assert_eq!(shown, defaults);
    let written: toml::Table = config.parse().unwrap();
    assert!(defaults.keys().all(|key| written.contains_key(key)), "{written:?}");
    let uncommented = config.replace("# select", "select");
    Sandbox::new(&[("coldcall.toml", &uncommented)]).check("").exits(0);
}

#[test]
fn a_client_of_one_s_own_is_found() {
    let example = blocks("python").into_iter().find(|block| block.contains("SearchClient")).unwrap();
    let sandbox = Sandbox::new(&[("app.py", &example)]);
    sandbox.concise("").exits(0);
    sandbox.add("coldcall.toml", &blocks("toml")[1]);
    assert_eq!(sandbox.concise("--select client-per-call").exits(1).findings(), ["app.py:9 client-per-call"]);
    let one_shot = "from acme.http import search\n\nfor _ in range(9):\n    search(\"https://example.com\")\n";
    sandbox.add("app.py", one_shot);
    assert_eq!(sandbox.concise("").exits(1).findings(), ["app.py:4 one-shot-request"]);
}

/// Of what the program prints for the demo: the first diagnostic, the one about the pool, the one in Rust, and the closing
/// lines.
fn picture(real: &str) -> String {
    let (diagnostics, closing) = real.trim_end().rsplit_once("\n\n").unwrap();
    let paragraphs: Vec<&str> = diagnostics.split("\n\nwarning[").map(str::trim_end).collect();
    let with = |text: &str| paragraphs.iter().find(|paragraph| paragraph.contains(text)).unwrap();
    let (pool, rust) = (with("pool-too-small]"), with("main.rs:"));
    let first = paragraphs[0];
    format!("$ coldcall check fixtures/demo\n{first}\n\nwarning[{pool}\n\nwarning[{rust}\n\n[...]\n\n{closing}\n")
}

/// Where words were changed on purpose, `COLDCALL_UPDATE=1 cargo test the_picture` takes the picture again.
#[test]
fn the_picture_is_real() {
    let real = check_in(&repository("."), "fixtures/demo").exits(1).stdout;
    let (shown, taken) = (&blocks("text")[0], picture(&real));
    if std::env::var_os("COLDCALL_UPDATE").is_some() {
        fs::write(repository("README.md"), readme().replacen(shown.as_str(), &taken, 1)).unwrap();
        return;
    }
    assert_eq!(*shown, taken, "COLDCALL_UPDATE=1 cargo test the_picture");
}

#[test]
fn the_commands_are_those_that_are_run() {
    let commands = &blocks("console")[0];
    assert_eq!(commands, "cargo run --release -- check fixtures/demo\ncargo test\n");
    let script = fs::read_to_string(repository(".ci/run")).unwrap();
    for command in commands.lines() {
        assert!(script.lines().any(|line| line.trim_start().starts_with(command)), "{command}");
    }
}

#[test]
fn the_flags_that_it_names_exist() {
    let help =
        |command| Command::new(env!("CARGO_BIN_EXE_coldcall")).args([command, "--help"]).output().unwrap().stdout;
    let help = String::from_utf8([help("check"), help("audit")].concat()).unwrap();
    let readme = readme();
    let own = readme.split("```").step_by(2).flat_map(|text| text.split('`').skip(1).step_by(2));
    let mut flags = own.filter(|code| code.starts_with("--")).map(|code| code.split(' ').next().unwrap()).peekable();
    assert!(flags.peek().is_some());
    for flag in flags {
        assert!(help.contains(flag), "{flag}");
    }
}

#[test]
fn the_paths_that_it_links_exist() {
    let readme = readme();
    let links: Vec<&str> = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.len() > 15);
    for link in links {
        assert!(repository(link).exists(), "{link}");
    }
}
