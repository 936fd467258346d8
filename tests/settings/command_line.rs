//! What the command line's arguments become, and what its mistakes look like.

use super::RULES;
use clap::error::ErrorKind;
use coldcall::cli::{Cli, Command, man_page};
use coldcall::finding::{Confidence, Severity};
use coldcall::output::Format;
use coldcall::settings::ConfigSource;
use std::path::PathBuf;

fn check(arguments: &[&str]) -> Result<Box<coldcall::cli::CheckArgs>, clap::Error> {
    let arguments = ["coldcall", "check"].iter().chain(arguments);
    match Cli::try_parse_with(arguments, &RULES)?.command {
        Command::Check(args) => Ok(args),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_command_line_becomes_overrides() {
    let args = check(&[
        "--select",
        "http2-off,client-per-call",
        "--exclude",
        "a/",
        "--exclude",
        "b",
        "--no-ignore",
        "--include-tests",
        "--min-confidence",
        "low",
        "--fail-on",
        "advice",
        "--max-file-size",
        "10",
        "--output-format",
        "sarif",
        "src",
    ])
    .unwrap();
    let overrides = args.overrides();
    assert_eq!(overrides.select.unwrap(), ["http2-off", "client-per-call"]);
    assert_eq!(overrides.exclude, ["a/", "b"]);
    assert_eq!((overrides.include_tests, overrides.respect_ignore_files), (Some(true), Some(false)));
    assert_eq!((overrides.min_confidence, overrides.fail_on), (Some(Confidence::Low), Some(Severity::Advice)));
    assert_eq!((overrides.max_file_size, args.output_format), (Some(10), Format::Sarif));
    let silent = check(&[]).unwrap();
    assert_eq!((silent.paths.clone(), silent.overrides().include_tests), (vec![PathBuf::from(".")], None));
    assert_eq!(silent.run.config_source(), ConfigSource::Nearest);
}

#[test]
fn bad_arguments_exit_with_2_and_say_what_is_right() {
    let fails = |arguments: &[&str], needle: &str| {
        let error = check(arguments).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{arguments:?}");
        assert!(error.to_string().contains(needle), "{error}");
    };
    fails(&["--select", "client-per-cal"], "did you mean `client-per-call`?");
    fails(&["--ignore", "nonsense"], "`coldcall rule` lists all rules");
    fails(&["--exclude", "a["], "a[");
    fails(&["--config", "x", "--isolated"], "cannot be used with");
    fails(&["-", "a.py"], "`-` must be the only path");
    fails(&["--stdin-filename", "a.py"], "needs the path `-`");
    fails(&["--jobs", "0"], "0");
    fails(&["--fail-on", "fatal"], "possible values: error, warning, advice");
    assert_eq!(check(&["--help"]).unwrap_err().kind(), ErrorKind::DisplayHelp);
    assert!(check(&["-", "--stdin-filename", "a.py"]).unwrap().reads_stdin());
}

#[test]
fn the_manual_page_of_check_names_every_flag() {
    let page = String::from_utf8(man_page(Some("check")).unwrap()).unwrap();
    for flag in ["min\\-confidence", "force\\-exclude", "show\\-settings", "output\\-format"] {
        assert!(page.contains(flag), "{flag}");
    }
    assert!(man_page(Some("nothing")).is_err());
}
