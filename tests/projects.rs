//! Whole small projects in pairs, `fixtures/projects/<language>/<name>/`: a defect in `cold/`, and the same project repaired in
//! `warm/`.
//!
//! In `cold/`, the first line of each construction that must be reported ends with `# cold: rule` (in Rust `// cold: rule`), or
//! with `# cold: rule via a.py, b.py` where the finding's chain must lead through these files. Nothing else may be reported
//! there, and nothing at all in `warm/`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
#[path = "check/support.rs"]
mod support;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use support::{check_in, repository};
use walkdir::WalkDir;

/// What is looked for here is how long clients live. These rules are about what they are set to.
const IGNORED: &str = "timeout-missing,base-url-unpinned,http2-off,http2-unavailable,region-unset,keepalive-too-short,\
                       keepalive-too-long,pool-too-small";

/// `path:line rule`.
type Spot = String;
/// Files that a finding's chain leads through.
type Files = BTreeSet<String>;

#[test]
fn defects_are_found_through_the_project_and_their_repaired_twins_are_quiet() {
    let pairs = pairs();
    let faults: Vec<String> = pairs.iter().flat_map(|pair| faults(pair)).collect();
    assert!(faults.is_empty(), "{} faults in {} pairs:\n{}", faults.len(), pairs.len(), faults.join("\n"));
    assert!(pairs.len() >= 60, "only {} pairs", pairs.len());
}

/// Every `<language>/<name>`, in order.
fn pairs() -> Vec<PathBuf> {
    let entries = WalkDir::new(repository("fixtures/projects")).min_depth(2).max_depth(2).sort_by_file_name();
    entries.into_iter().map(|entry| entry.unwrap().into_path()).filter(|path| path.is_dir()).collect()
}

/// What is wrong with a pair, a line each.
fn faults(pair: &Path) -> Vec<String> {
    let name = pair.strip_prefix(repository("fixtures/projects")).unwrap().display();
    let (cold, warm) = (pair.join("cold"), pair.join("warm"));
    let (marked, found) = (marks(&cold), findings(&cold));
    let mut faults = Vec::new();
    if marked.is_empty() || !marks(&warm).is_empty() {
        faults.push(format!("{name}: marks belong into cold/, and only there"));
    }
    faults.extend(marked.iter().filter_map(|(spot, via)| match found.get(spot) {
        None => Some(format!("{name}: missed {spot}")),
        Some(chain) if !via.is_subset(chain) => {
            Some(format!("{name}: {spot} is found, but not via {via:?}; its chain is in {chain:?}"))
        }
        Some(_) => None,
    }));
    let wrong = found.keys().filter(|spot| !marked.contains_key(*spot));
    faults.extend(wrong.map(|spot| format!("{name}: wrong {spot}")));
    faults.extend(findings(&warm).keys().map(|spot| format!("{name}: wrong in warm/ {spot}")));
    faults
}

/// The marks of the source files in `folder`, with the files that they name.
fn marks(folder: &Path) -> BTreeMap<Spot, Files> {
    let mut marks = BTreeMap::new();
    for entry in WalkDir::new(folder) {
        let path = entry.unwrap().into_path();
        let comment = match path.extension().and_then(|extension| extension.to_str()) {
            Some("py") => "# cold: ",
            Some("rs") => "// cold: ",
            _ => continue,
        };
        let file = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).unwrap();
        for (at, line) in text.lines().enumerate() {
            let Some((_, mark)) = line.split_once(comment) else { continue };
            let (rule, via) = mark.split_once(" via ").unwrap_or((mark, ""));
            let via = via.split(',').map(|file| file.trim().to_owned()).filter(|file| !file.is_empty()).collect();
            marks.insert(format!("{file}:{} {}", at + 1, rule.trim()), via);
        }
    }
    marks
}

/// What is reported in `folder`, with the files of each chain.
fn findings(folder: &Path) -> BTreeMap<Spot, Files> {
    let arguments = format!("--isolated --exit-zero --output-format json --ignore {IGNORED} .");
    let run = check_in(folder, &arguments).exits(0);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap().iter();
    findings.map(|finding| (spot(finding), chain(finding))).collect()
}

fn spot(finding: &Value) -> Spot {
    let text = |key: &str| finding[key].as_str().unwrap();
    format!("{}:{} {}", text("path"), finding["range"]["start"]["line"], text("rule"))
}

fn chain(finding: &Value) -> Files {
    let hops = finding["chain"].as_array().unwrap().iter();
    hops.map(|hop| hop["path"].as_str().unwrap().to_owned()).collect()
}
