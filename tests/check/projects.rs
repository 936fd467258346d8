//! Whole small projects: the demo application of the README, and the two programs of the blog.

use crate::support::{Run, check_in, repository};

#[test]
fn the_demo_shows_what_is_wrong_and_nothing_else() {
    let run = check_in(&repository("."), "fixtures/demo --output-format concise").exits(1);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn the_demo_s_right_halves_are_silent() {
    let run = check_in(&repository("fixtures/demo"), "--output-format concise").exits(1);
    let worker = run.findings().into_iter().find(|finding| finding.starts_with("desk/worker.py"));
    assert_eq!(worker, None, "the comment counts");
    for (file, lines) in [("app.py", 30..38), ("clients.py", 1..14), ("tools.py", 25..41), ("archive.py", 25..48)] {
        for line in lines {
            let place = format!("desk/{file}:{line} ");
            let found = run.findings().into_iter().find(|finding| finding.starts_with(&place));
            assert_eq!(found, None);
        }
    }
}

/// A program of the blog by itself.
fn blog(program: &str) -> Run {
    check_in(&repository("fixtures/blog"), &format!("{program} --output-format concise --min-confidence low"))
}

#[test]
fn before_builds_a_client_per_call_and_pins_nothing() {
    let findings = blog("before.py").exits(1).findings();
    for expected in ["before.py:17 client-per-call", "before.py:17 base-url-unpinned"] {
        assert!(findings.iter().any(|finding| finding == expected), "{expected}: {findings:?}");
    }
}

#[test]
fn after_is_warm() {
    let run = blog("after.py").exits(0);
    assert_eq!(run.findings(), [""; 0], "{run:?}");
}

/// Programs that look cold and are not: each was a false finding once, or is the twin of one that was.
#[test]
fn the_quiet_programs_are_quiet() {
    let run = check_in(&repository("fixtures/quiet"), "--output-format concise --isolated").exits(0);
    assert_eq!(run.findings(), [""; 0], "{run:?}");
}
