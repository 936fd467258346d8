//! All files together: linked, lifetimes worked out, rules run, comments and settings applied.

use super::analyse::{Analysed, panic_text};
use super::reach::Reached;
use super::timings::{Stage, Timings};
use crate::finding::{Finding, Report, Severity, Skipped, Summary};
use crate::frameworks::Frameworks;
use crate::lifetime::{Entries, Lifetime, Lifetimes};
use crate::project::{Project, Projects};
use crate::rules::{self, Draft, FileView, INTERNAL_ERROR, UNUSED_IGNORE};
use crate::source::{Language, Span};
use crate::suppress::Suppressions;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// Runs the stages that see more than one file, and makes the report; `look` sees what the rules see.
pub fn judge<T>(
    reached: Reached,
    skipped: Vec<Skipped>,
    mut projects: Projects,
    mut timings: Timings,
    look: impl FnOnce(&[FileView<'_>]) -> T,
) -> (Report, T) {
    let analysed = &reached.analysed;
    let owner = |file: &Analysed| {
        projects.of(&file.path, &file.root, file.source.language, file.settings.python_env.as_deref())
    };
    let owners: Vec<Arc<Project>> = timings.timed(Stage::Projects, || analysed.iter().map(owner).collect());
    let (findings, seen) = find(&reached, &owners, &mut timings, look);
    let mut report = timings.timed(Stage::Settle, || settle(analysed, findings));
    report.skipped = skipped;
    report.warnings = projects.warnings();
    let errors = analysed.iter().filter(|file| !is_told(file, &report.warnings)).filter_map(syntax_error);
    report.warnings.extend(errors.collect::<Vec<_>>());
    report.timings = timings;
    report.files = reached.analysed.into_iter().map(|file| file.source).collect();
    (report, seen)
}

/// The order in which findings are told.
fn place_of<'a>(analysed: &'a [Analysed], finding: &'a Finding) -> (&'a str, Span, &'static str, &'a str) {
    (&analysed[finding.file].source.path, finding.span, finding.rule, &finding.message)
}

/// Whether the reading of its project has said that a manifest is broken.
fn is_told(file: &Analysed, warnings: &[String]) -> bool {
    let told =
        |warning: &String| warning.strip_prefix(&file.source.path).is_some_and(|rest| rest.starts_with(": not "));
    file.source.language == Language::CargoManifest && warnings.iter().any(told)
}

/// Says that part of a file was passed over.
fn syntax_error(file: &Analysed) -> Option<String> {
    let first = file.module.broken.first()?;
    let place = file.source.position(first.start);
    let cell = place.cell.map_or(String::new(), |cell| format!("cell {cell}:"));
    let path = &file.source.path;
    // Of Rust, what nests too deep is passed over too.
    let why = if file.source.language == Language::Rust { "syntax error, or nested too deep" } else { "syntax error" };
    Some(format!("{path}:{cell}{}:{}: {why}; what stands around it was checked", place.line, place.column))
}

/// Everything that the rules find, before comments and settings, and what `look` sees.
fn find<T>(
    reached: &Reached,
    owners: &[Arc<Project>],
    timings: &mut Timings,
    look: impl FnOnce(&[FileView<'_>]) -> T,
) -> (Vec<Finding>, T) {
    let analysed = &reached.analysed;
    let (_, layout) = timings.timed(Stage::Link, || reached.layout());
    let program = timings.timed(Stage::Link, || reached.program(&layout));
    let entries = timings.timed(Stage::Link, || Entries::of(&program, Frameworks::embedded()));
    let known = Lifetimes::new(&program, &entries);
    let of_file = |at: usize| catch_unwind(AssertUnwindSafe(|| known.of_file(at))).unwrap_or_default();
    let of_all = || (0..analysed.len()).into_par_iter().map(of_file).collect();
    let lifetimes: Vec<Vec<Lifetime>> = timings.timed(Stage::Lifetimes, of_all);
    let views: Vec<FileView<'_>> = analysed
        .iter()
        .enumerate()
        .map(|(index, file)| FileView {
            index,
            source: &file.source,
            module: &file.module,
            program: &program,
            entries: &entries,
            lifetimes: &lifetimes[index],
            clients: &file.clients.clients,
            project: &owners[index],
            thresholds: &file.settings.thresholds,
        })
        .collect();
    let findings = timings.timed(Stage::Rules, || run_rules(&views, analysed, owners));
    (findings, look(&views))
}

fn run_rules(views: &[FileView<'_>], analysed: &[Analysed], owners: &[Arc<Project>]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = views.par_iter().flat_map_iter(|view| check_file(view, analysed)).collect();
    // In a mixed folder, Python's project and Cargo's stand side by side.
    let mut by_project: BTreeMap<(&Path, bool), Vec<&FileView<'_>>> = BTreeMap::new();
    let complete = |view: &&FileView<'_>| view.lifetimes.len() == view.module.sites.len();
    for (view, owner) in views.iter().zip(owners).filter(|(view, _)| complete(view)) {
        let is_python = view.source.language == Language::Python;
        by_project.entry((&owner.root, is_python)).or_default().push(view);
    }
    findings.extend(by_project.values().flat_map(|views| rules::check_project(views)));
    findings.sort_by(|a, b| place_of(analysed, a).cmp(&place_of(analysed, b)));
    findings
}

fn check_file(view: &FileView<'_>, analysed: &[Analysed]) -> Vec<Finding> {
    let known = analysed[view.index].failure.clone();
    let complete = view.lifetimes.len() == view.module.sites.len();
    let known = known.or_else(|| (!complete).then(|| "the lifetimes could not be worked out".to_owned()));
    let result = match known {
        Some(failure) => Err(failure),
        None => catch_unwind(AssertUnwindSafe(|| rules::check_file(view))).map_err(|panic| panic_text(panic.as_ref())),
    };
    result.unwrap_or_else(|failure| vec![internal_error(view.index, &failure)])
}

fn internal_error(file: usize, failure: &str) -> Finding {
    Draft::new(Span::new(0, 0), format!("coldcall failed on this file: {failure}"))
        .severity(Severity::Error)
        .why("This is a mistake in coldcall, not in the file. The other files were checked.")
        .help("Please report it with the file, or the part of it that makes it happen.")
        .finish(INTERNAL_ERROR, file)
}

/// Applies comments, selection and confidence, and counts.
fn settle(analysed: &[Analysed], findings: Vec<Finding>) -> Report {
    let mut summary = Summary::default();
    let mut suppressions: Vec<Suppressions> =
        analysed.iter().map(|file| Suppressions::new(&file.source, &file.module.comments)).collect();
    let enabled = |finding: &Finding| {
        let file = &analysed[finding.file];
        // That the analysis failed is told whatever was selected.
        finding.rule == INTERNAL_ERROR
            || (file.settings.is_enabled(finding.rule) && !file.settings.is_ignored_at(finding.rule, &file.path))
    };
    let mut kept = Vec::new();
    let mut told = BTreeSet::new();
    let mut silenced = BTreeSet::new();
    for finding in findings.into_iter().filter(enabled) {
        if suppressions[finding.file].silences(&finding, &analysed[finding.file].source) {
            summary.suppressed += 1;
            silenced.extend(finding.once.map(|once| (finding.rule, once)));
        } else {
            kept.push(finding);
        }
    }
    // What holds for a whole project is told once, and a comment at any of its places silences it.
    kept.retain(|finding| {
        let key = finding.once.as_ref().map(|once| (finding.rule, once.clone()));
        key.is_none_or(|key| !silenced.contains(&key) && told.insert(key))
    });
    for (at, file) in analysed.iter().enumerate().filter(|(_, file)| file.failure.is_none()) {
        let ran = |rule: &str| file.settings.is_enabled(rule) && !file.settings.is_ignored_at(rule, &file.path);
        if ran(UNUSED_IGNORE) {
            kept.extend(suppressions[at].unused(at, ran));
        }
    }
    kept.sort_by(|a, b| place_of(analysed, a).cmp(&place_of(analysed, b)));
    let all = kept.len();
    kept.retain(|finding| finding.confidence >= analysed[finding.file].settings.min_confidence);
    summary.below_confidence = all - kept.len();
    count(&kept, &mut summary);
    Report { findings: kept, summary, ..Report::default() }
}

fn count(findings: &[Finding], summary: &mut Summary) {
    for finding in findings {
        match finding.severity {
            Severity::Error => summary.errors += 1,
            Severity::Warning => summary.warnings += 1,
            Severity::Advice => summary.advice += 1,
        }
    }
}
