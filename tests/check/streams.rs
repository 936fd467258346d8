//! Standard input and output: names, colour, pipes, and the same bytes on every run.

use crate::support::{LOOP, Run, Sandbox, program, repository};
use std::io::{Read, Write};
use std::process::{Command, Stdio};

const ESCAPE: &str = "\u{1b}[";

fn fed(command: &mut Command, text: &[u8]) -> Run {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    Run::from(child.wait_with_output().unwrap())
}

#[test]
fn standard_input_has_the_name_that_it_is_given() {
    let config = "[per-path-ignores]\n\"old/**\" = [\"one-shot-request\"]\n";
    let sandbox = Sandbox::new(&[("coldcall.toml", config)]);
    let check = |arguments: &[&str]| {
        let mut command = program(sandbox.path());
        fed(command.args(["check", "--output-format", "concise", "-"]).args(arguments), LOOP.as_bytes())
    };
    assert_eq!(check(&[]).exits(1).findings(), ["stdin.py:6 one-shot-request"]);
    let named = check(&["--stdin-filename", "src/app.py"]).exits(1);
    assert_eq!(named.findings(), ["src/app.py:6 one-shot-request"]);
    assert!(check(&["--stdin-filename", "old/app.py"]).exits(0).findings().is_empty());
}

#[test]
fn standard_input_that_is_no_text_is_2() {
    let sandbox = Sandbox::new(&[]);
    let run = fed(program(sandbox.path()).args(["check", "-"]), b"\xff\xfe\xff").exits(2);
    assert!(run.stderr.contains("stdin.py"), "{run:?}");
}

#[test]
fn colour_obeys_the_flag_and_the_environment() {
    let sandbox = Sandbox::new(&[("app.py", LOOP)]);
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = program(sandbox.path());
        command.arg("check").args(arguments).envs(variables.iter().copied());
        Run::of(&mut command).exits(1).stdout.contains(ESCAPE)
    };
    assert!(!coloured(&[], &[]), "standard output is no terminal");
    assert!(coloured(&[], &[("FORCE_COLOR", "1")]));
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    assert!(!coloured(&[], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "always", "--output-format", "json"], &[]), "JSON has no colour");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    // More than a pipe holds, so that writing must meet the closed end.
    let many = LOOP.replace("import requests\n", "").repeat(1000);
    let sandbox = Sandbox::new(&[("app.py", &format!("import requests\n{many}"))]);
    for format in ["human", "concise", "json", "sarif", "github"] {
        let mut command = program(sandbox.path());
        command.args(["check", "--output-format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 1]).unwrap();
        drop(out);
        let run = Run::from(child.wait_with_output().unwrap()).exits(0);
        assert_eq!(run.stderr, "", "{format}");
    }
}

#[test]
fn the_same_bytes_on_every_run_and_with_any_number_of_threads() {
    let sandbox = Sandbox::new(&[]);
    for number in 0..20 {
        sandbox.add(&format!("m{number}/app.py"), LOOP);
    }
    for source in ["fixtures/demo/desk/app.py", "fixtures/demo/desk/tools.py", "fixtures/hostile/modern.py"] {
        sandbox.add(source.rsplit('/').next().unwrap(), std::fs::read(repository(source)).unwrap());
    }
    for format in ["human", "concise", "json", "sarif", "github"] {
        let run = |jobs| sandbox.check(&format!("--output-format {format} --min-confidence low {jobs}")).exits(1);
        let first = run("");
        assert!(first.stdout.len() > 1000, "{first:?}");
        for jobs in ["", "-j 1", "-j 2", "-j 7"] {
            assert_eq!(run(jobs), first, "{format} {jobs}");
        }
    }
}

#[test]
fn quiet_leaves_the_findings() {
    let sandbox = Sandbox::new(&[("app.py", LOOP)]);
    sandbox.add("binary.py", b"import httpx\0");
    assert!(sandbox.concise("").exits(1).stdout.contains("skipped"));
    let quiet = sandbox.concise("--quiet").exits(1);
    assert_eq!((quiet.findings().len(), quiet.stdout.contains("skipped")), (1, false));
}

#[test]
fn an_output_file_takes_what_standard_output_would() {
    let sandbox = Sandbox::new(&[("app.py", LOOP)]);
    let shown = sandbox.concise("").stdout;
    assert_eq!(sandbox.concise("-o out.txt").exits(1).stdout, "");
    assert_eq!(std::fs::read_to_string(sandbox.path().join("out.txt")).unwrap(), shown);
}
