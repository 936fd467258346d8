//! Runs the program on the examples of every rule page: it must find exactly what the marks say.

#[path = "support/pages.rs"]
mod pages;

use pages::{Example, Mark, difference, examples};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

type Failure = Box<dyn std::error::Error>;

/// The harness shows errors by `Debug`, which would print a report of many lines as one.
#[derive(thiserror::Error)]
#[error("the program and the page differ\n{0}")]
struct Differs(String);

impl std::fmt::Debug for Differs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, formatter)
    }
}

fn page(path: &Path, text: String) -> datatest_stable::Result<()> {
    let rule = path.file_stem().and_then(|stem| stem.to_str()).ok_or("the page's name is not text")?;
    let mut report = String::new();
    for example in examples(&text).map_err(|why| format!("{}: {why}", path.display()))? {
        let actual = check(&example, rule).map_err(|why| format!("{}, {}: {why}", path.display(), example.name))?;
        let (missing, unexpected) = difference(&example.marks(), &actual);
        describe(&mut report, path, &example, "missing", &missing)?;
        describe(&mut report, path, &example, "unexpected", &unexpected)?;
    }
    if report.is_empty() { Ok(()) } else { Err(Differs(report).into()) }
}

/// Writes the example's files to a folder of their own and returns what the program finds there.
fn check(example: &Example, rule: &str) -> Result<Vec<Mark>, Failure> {
    let folder = tempfile::Builder::new().prefix("coldcall-page-").tempdir()?;
    for block in &example.blocks {
        let path = folder.path().join(block.path());
        std::fs::create_dir_all(path.parent().ok_or("a file needs a folder")?)?;
        std::fs::write(path, block.without_marks())?;
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_coldcall"));
    command.current_dir(folder.path()).args(["check", "--output-format", "json", "--isolated", "--exit-zero"]);
    command.args(["--min-confidence", example.option("min-confidence").unwrap_or("medium")]);
    if example.option("all-rules").is_none() {
        command.args(["--select", rule]);
    }
    let output = command.arg(".").output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("the program ended with {}\n{errors}", output.status).into());
    }
    let json = serde_json::from_slice(&output.stdout).map_err(|why| format!("no JSON: {why}\n{errors}"))?;
    findings(&json)
}

/// The findings of the JSON output, by path, line and rule. A file that was skipped fails the example: it proves nothing.
fn findings(json: &Value) -> Result<Vec<Mark>, Failure> {
    if let Some(skipped) = json.get("skipped").and_then(Value::as_array).filter(|skipped| !skipped.is_empty()) {
        return Err(format!("skipped: {}", serde_json::to_string(skipped)?).into());
    }
    let list = json.get("findings").and_then(Value::as_array).ok_or("the JSON has no `findings`")?;
    list.iter().map(|finding| mark(finding).ok_or_else(|| format!("not a finding: {finding}").into())).collect()
}

fn mark(finding: &Value) -> Option<Mark> {
    let path = finding.get("path")?.as_str()?.trim_start_matches("./");
    let line = finding.pointer("/range/start/line")?.as_u64()?;
    Some((path.to_owned(), usize::try_from(line).ok()?, finding.get("rule")?.as_str()?.to_owned()))
}

fn describe(report: &mut String, page: &Path, example: &Example, word: &str, marks: &[Mark]) -> std::fmt::Result {
    for (path, line, rule) in marks {
        match example.source_line(path, *line) {
            Some((at, source)) => {
                writeln!(report, "{word:>10}  {}:{at}  {path}:{line}  [{rule}]\n{:>12}{source}", page.display(), "| ")?;
            }
            None => writeln!(report, "{word:>10}  {}  {path}:{line}  [{rule}]  (no such line)", page.display())?,
        }
    }
    Ok(())
}

datatest_stable::harness! {
    { test = page, root = "rules", pattern = r"^[^_/][^/]*\.md$" },
}
