//! `--timings`: what each stage took.

use crate::support::{Run, check_in, repository};

const STAGES: [&str; 11] = [
    "discover",
    "projects",
    "read and prefilter",
    "parse",
    "link",
    "lifetimes",
    "rules",
    "settle",
    "output",
    "other",
    "total",
];

fn check(arguments: &str) -> Run {
    let folder = repository("fixtures/projects/python/chain-of-three/cold");
    check_in(&folder, &format!("--isolated --jobs 2 {arguments}")).exits(1)
}

/// Milliseconds and notes of the stage of this name; it stands there once.
#[track_caller]
fn row<'t>(run: &'t Run, stage: &str) -> (u64, &'t str) {
    let rest = |line: &'t str| line.strip_prefix(stage)?.strip_prefix("  ");
    let rows: Vec<&str> = run.stderr.lines().filter_map(rest).collect();
    assert_eq!(rows.len(), 1, "{stage}: {run:#?}");
    let (took, note) = rows[0].trim_start().split_once(" ms").unwrap();
    (took.parse().unwrap(), note.trim())
}

#[test]
fn each_stage_is_named_once_on_standard_error() {
    let run = check("--quiet --timings");
    let spent: u64 = STAGES[..10].iter().map(|stage| row(&run, stage).0).sum();
    let total = row(&run, "total").0;
    assert!(spent <= total && total <= spent + 10, "{run:#?}");
    assert_eq!(run.stderr.lines().count(), STAGES.len(), "{run:#?}");
}

#[test]
fn the_files_of_each_stage_are_counted() {
    let run = check("--timings");
    let threads = "in parallel on 2 threads";
    assert_eq!(row(&run, "read and prefilter").1, threads);
    assert_eq!(row(&run, "parse").1, format!("{threads}, 2 files that name a client"));
    assert_eq!(row(&run, "link").1, format!("{threads}, 2 rounds, 1 of 2 further files parsed"));
    assert_eq!(row(&run, "settle").1, "");
}

#[test]
fn the_report_stays_as_it_is() {
    for format in ["human", "concise", "json", "sarif", "github"] {
        let plain = check(&format!("--output-format {format}"));
        assert_eq!(check(&format!("--output-format {format} --timings")).stdout, plain.stdout);
        assert_eq!(plain.stderr.matches(" ms").count(), 0, "{plain:#?}");
    }
}
