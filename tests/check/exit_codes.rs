//! 0 nothing to report, 1 findings from `--fail-on` on, 2 could not do what was asked.

use crate::support::{ADVICE, LOOP, Run, Sandbox, program};

#[test]
fn a_clean_folder_is_0() {
    let run = Sandbox::new(&[("app.py", "import httpx\n")]).check("").exits(0);
    assert!(run.stdout.contains("No cold calls found in 1 file"), "{run:?}");
    assert_eq!(run.stderr, "");
}

#[test]
fn a_folder_without_python_is_0() {
    Sandbox::new(&[("notes.txt", LOOP)]).check("").exits(0);
}

#[test]
fn a_warning_is_1_and_advice_is_0() {
    assert_eq!(Sandbox::new(&[("app.py", LOOP)]).concise("").exits(1).findings(), ["app.py:6 one-shot-request"]);
    assert!(!Sandbox::new(&[("app.py", ADVICE)]).concise("").exits(0).findings().is_empty());
}

#[test]
fn fail_on_moves_the_bound() {
    let warning = Sandbox::new(&[("app.py", LOOP)]);
    warning.check("--fail-on error").exits(0);
    warning.check("--fail-on warning").exits(1);
    warning.check("--fail-on advice").exits(1);
    let advice = Sandbox::new(&[("app.py", ADVICE)]);
    advice.check("--fail-on warning").exits(0);
    advice.check("--fail-on advice").exits(1);
}

#[test]
fn exit_zero_still_shows_findings() {
    let run = Sandbox::new(&[("app.py", LOOP)]).concise("--exit-zero").exits(0);
    assert_eq!(run.findings().len(), 1);
}

#[test]
fn a_missing_path_is_2_and_named() {
    let run = Sandbox::new(&[("app.py", LOOP)]).check("app.py gone.py").exits(2);
    assert!(run.stderr.contains("gone.py"), "{run:?}");
    assert_eq!(run.stdout, "");
}

#[test]
fn exit_zero_forgives_findings_only() {
    Sandbox::new(&[]).check("--exit-zero gone.py").exits(2);
}

#[test]
fn wrong_arguments_are_2() {
    let sandbox = Sandbox::new(&[("app.py", LOOP)]);
    for arguments in ["--no-such-flag", "--fail-on loud", "--jobs 0", "--config coldcall.toml --isolated", "- app.py"] {
        let run = sandbox.check(arguments).exits(2);
        assert!(run.stderr.contains("error"), "{arguments}: {run:?}");
    }
}

#[test]
fn an_output_file_that_cannot_be_written_is_2() {
    let run = Sandbox::new(&[("app.py", LOOP)]).check("-o no/such/folder.json").exits(2);
    assert!(run.stderr.contains("no/such/folder.json"), "{run:?}");
}

#[test]
fn skipped_files_are_listed_and_strict_makes_them_2() {
    let sandbox = Sandbox::new(&[("app.py", "import httpx\n")]);
    sandbox.add("binary.py", b"import httpx\0");
    sandbox.add("large.py", "import httpx\n".repeat(10));
    let run = sandbox.concise("--max-file-size 100").exits(0);
    assert!(run.stdout.contains("binary.py: skipped: binary (zero byte at offset 12)"), "{run:?}");
    assert!(run.stdout.contains("large.py: skipped: larger than 100 bytes"), "{run:?}");
    sandbox.check("--max-file-size 100 --strict").exits(2);
    sandbox.check("--max-file-size 100 --strict app.py").exits(0);
}

#[test]
fn a_file_that_cannot_be_read_is_not_judged() {
    let sandbox = Sandbox::new(&[]);
    sandbox.add("binary.py", b"import httpx\0");
    let run = sandbox.check("").exits(0);
    assert!(run.stdout.ends_with("Nothing was checked; 1 file not analysed\n"), "{run:?}");
    sandbox.add("app.py", "import httpx\n");
    let run = sandbox.check("").exits(0);
    assert!(
        run.stdout.contains("No cold calls found in 1 file (1 uses a client library); 1 file not analysed"),
        "{run:?}"
    );
}

#[test]
fn a_configuration_that_is_missing_is_told_like_any_missing_file() {
    let run = Sandbox::new(&[("app.py", LOOP)]).check("--config nope.toml").exits(2);
    assert!(run.stderr.contains("nope.toml: no such file or directory"), "{run:?}");
}

#[test]
fn audit_says_that_it_reads_no_standard_input() {
    let run = Run::of(program(Sandbox::new(&[]).path()).args(["audit", "-"])).exits(2);
    assert!(run.stderr.contains("`audit` reads no standard input"), "{run:?}");
}

#[test]
fn a_library_is_found_by_the_names_that_people_know_it_by() {
    let sandbox = Sandbox::new(&[]);
    let library = |name: &str| Run::of(program(sandbox.path()).args(["library", name]));
    for (name, title) in [
        ("Anthropic", "# anthropic\n"),
        ("google_genai", "# google-genai\n"),
        ("aiobotocore", "# aioboto3\n"),
        ("botocore", "# boto3\n"),
        ("aws-sdk-s3", "# aws-sdk\n"),
    ] {
        let page = library(name).exits(0).stdout;
        assert!(page.contains(title), "{name}: {page}");
    }
    let wrong = library("anthropc").exits(2).stderr;
    assert!(wrong.contains("did you mean `anthropic`?"), "{wrong}");
    assert!(library("zzzzzzzz").exits(2).stderr.contains("`coldcall library` lists all"));
}
