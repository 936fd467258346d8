//! Conventions of the rules and their pages, so that a forgotten half fails here with its name and not in somebody's use.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/pages.rs"]
mod blocks;

use blocks::{Block, Example, examples};
use coldcall::pages;
use std::collections::BTreeSet;
use std::path::Path;

const HEADINGS: [&str; 6] =
    ["What it does", "Why it costs", "What to do", "When sharing is wrong", "Fix safety", "Examples"];

/// Pages of faults that no example can show.
const WITHOUT_EXAMPLES: [&str; 1] = ["internal-error"];

/// The only page that may show HTTP/2 on a synchronous client, and only as the defect.
const SHOWS_SYNC_HTTP2: &str = "http2-sync-threads";

/// Stems of the files in `folder` with `extension`, ordered.
fn stems(folder: &str, extension: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeSet::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let files = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

fn page_files() -> BTreeSet<String> {
    stems("rules", "md").into_iter().filter(|name| !name.starts_with('_')).collect()
}

fn page_examples(page: &pages::Page) -> Vec<Example> {
    examples(page.body).unwrap_or_else(|why| panic!("rules/{}.md, counted from its title: {why}", page.name))
}

/// Calls in `text` that pass `http2=True` to something synchronous: what stands before the innermost open parenthesis.
fn sync_http2_calls(text: &str) -> Vec<&str> {
    let callee = |at: usize| {
        let mut depth = 0;
        let before = text.get(..at)?;
        let open = before.char_indices().rev().find(|&(_, sign)| {
            depth += i32::from(sign == ')') - i32::from(sign == '(');
            depth < 0
        })?;
        let before = before.get(..open.0)?;
        let start = before.rfind(|sign: char| !(sign.is_alphanumeric() || "._".contains(sign))).map_or(0, |at| at + 1);
        before.get(start..)
    };
    let found = text.match_indices("http2=True").filter_map(|(at, _)| callee(at));
    found.filter(|callee| !callee.is_empty() && !callee.contains("Async")).collect()
}

#[test]
fn every_page_file_parses_and_is_embedded() {
    for name in page_files() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(format!("{name}.md"));
        let text: &'static str = std::fs::read_to_string(path).unwrap().leak();
        let page = pages::parse(name.clone().leak(), text).unwrap_or_else(|why| panic!("rules/{name}.md: {why}"));
        assert_eq!(pages::get(&name), Some(&page), "rules/{name}.md is not what the program embeds");
    }
    let embedded: BTreeSet<String> = pages::names().map(str::to_owned).collect();
    assert_eq!(embedded, page_files());
}

#[test]
fn the_template_is_a_page_by_its_own_rules() {
    let page = pages::parse("rule-name", include_str!("../rules/_template.md")).unwrap();
    assert_eq!(headings(page.body), HEADINGS);
    assert!(pages::get("_template").is_none());
}

fn headings(body: &str) -> Vec<&str> {
    body.lines().filter_map(|line| line.strip_prefix("## ")).collect()
}

#[test]
fn every_page_has_the_headings_in_order() {
    for page in pages::all() {
        assert_eq!(headings(page.body), HEADINGS, "rules/{}.md", page.name);
    }
}

#[test]
fn every_page_has_metadata_that_means_something() {
    for page in pages::all() {
        assert!(page.since.split('.').count() == 3, "rules/{}.md: since = \"{}\"", page.name, page.since);
        assert!(
            page.languages.iter().all(|language| ["python", "rust"].contains(&language.as_str())),
            "rules/{}.md: languages",
            page.name
        );
        assert!(!page.languages.is_empty(), "rules/{}.md: no languages", page.name);
        assert!(page.summary.len() <= 120 && page.summary.ends_with('.'), "rules/{}.md: summary", page.name);
    }
}

#[test]
fn every_page_shows_the_defect_and_what_is_none() {
    for page in pages::all().iter().filter(|page| !WITHOUT_EXAMPLES.contains(&page.name)) {
        let examples = page_examples(page);
        let (marked, silent): (Vec<_>, Vec<_>) = examples.iter().partition(|example| !example.marks().is_empty());
        assert!(marked.len() >= 2, "rules/{}.md has {} examples with a mark, of at least 2", page.name, marked.len());
        assert!(silent.len() >= 3, "rules/{}.md has {} silent examples, of at least 3", page.name, silent.len());
    }
}

#[test]
fn marks_name_rules_and_only_the_page_unless_all_rules_count() {
    let known: BTreeSet<&str> = pages::names().collect();
    for page in pages::all() {
        for example in page_examples(page) {
            let all_rules = example.option("all-rules").is_some();
            for (path, line, rule) in example.marks() {
                let allowed = if all_rules { known.contains(rule.as_str()) } else { rule == page.name };
                assert!(allowed, "rules/{}.md, {}: {path}:{line} marks [{rule}]", page.name, example.name);
            }
        }
    }
}

#[test]
fn every_rule_has_a_page() {
    let rules = stems("src/rules", "rs");
    for rule in rules.iter().map(|stem| stem.replace('_', "-")).filter(|rule| rule != "mod") {
        assert!(pages::get(&rule).is_some(), "src/rules/ has `{rule}`, but there is no rules/{rule}.md");
    }
}

#[test]
fn no_page_leads_anybody_to_http2_on_a_synchronous_client() {
    for page in pages::all() {
        let defects: Vec<Block> = match page.name {
            SHOWS_SYNC_HTTP2 => page_examples(page).into_iter().flat_map(|example| example.blocks).collect(),
            _ => Vec::new(),
        };
        let marked = defects.iter().filter(|block| !block.marks().is_empty());
        let text = marked.fold(page.body.to_owned(), |text, block| text.replacen(&block.text, "", 1));
        assert_eq!(sync_http2_calls(&text), Vec::<&str>::new(), "rules/{}.md", page.name);
    }
}

#[test]
fn the_search_for_synchronous_http2_sees_through_nesting() {
    let hit = "c = httpx.Client(\n  limits=httpx.Limits(max_connections=20),\n  http2=True)";
    assert_eq!(sync_http2_calls(hit), ["httpx.Client"]);
    assert_eq!(sync_http2_calls("OpenAI(http_client=DefaultHttpxClient(http2=True))"), ["DefaultHttpxClient"]);
    assert!(sync_http2_calls("httpx.AsyncClient(limits=Limits(1), http2=True)").is_empty());
    assert!(sync_http2_calls("httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(http2=True))").is_empty());
    assert!(sync_http2_calls("pass `http2=True` (or `http2=True`)").is_empty());
}

#[test]
fn a_mistyped_name_finds_its_rule_and_noise_finds_none() {
    for (typed, meant) in [
        ("client-per-calls", Some("client-per-call")),
        ("Client_Per_Call", Some("client-per-call")),
        ("htpp2-off", Some("http2-off")),
        ("one-shot-requests", Some("one-shot-request")),
        ("http2-sync-thread", Some("http2-sync-threads")),
        ("xyzzy", None),
        ("", None),
    ] {
        assert_eq!(pages::nearest(typed), meant, "{typed}");
    }
}

#[test]
fn a_broken_page_is_an_error_and_no_panic() {
    const FRONT: &str = "---\nsince = \"0.1.0\"\nseverity = \"advice\"\nlanguages = []\nfix = \"none\"\n---\n";
    for (text, expected) in [
        ("", "no front matter between two `---` lines at the top"),
        ("---\nsince = \"0.1.0\"\n", "no front matter between two `---` lines at the top"),
        ("---\nseverity = \"loud\"\n---\n# a\n\nText.\n", "front matter: "),
        ("# a\n\nText.\n", "no front matter between two `---` lines at the top"),
    ] {
        let error = pages::parse("a", text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text:?}: {error}");
    }
    for (rest, expected) in [
        ("# b\n\nText.\n", "the title is not `# a`"),
        ("", "the title is not `# a`"),
        ("# a\n\n## What it does\n", "no summary under the title"),
        ("# a\n", "no summary under the title"),
    ] {
        let text: &'static str = format!("{FRONT}{rest}").leak();
        assert_eq!(pages::parse("a", text).unwrap_err().to_string(), expected, "{rest:?}");
    }
    assert_eq!(pages::parse("a", format!("{FRONT}\n# a\n\nText.\n").leak()).unwrap().summary, "Text.");
}

/// Paths in backquotes: what holds a slash or a known ending; patterns with `<..>` stand for files to come.
fn paths_in(text: &str) -> Vec<&str> {
    let codes = text.split('`').skip(1).step_by(2);
    let is_path =
        |code: &&str| code.contains('/') || [".md", ".rs", ".toml"].iter().any(|ending| code.ends_with(ending));
    codes.filter(is_path).filter(|code| !code.contains(['<', ' '])).collect()
}

#[test]
fn every_path_that_the_guide_names_exists() {
    let guide = include_str!("../CONTRIBUTING.md");
    let paths = paths_in(guide);
    assert!(paths.len() > 25, "{paths:?}");
    for path in paths {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "CONTRIBUTING.md names `{path}`");
    }
    assert_eq!(paths_in("`a/b` `c d/e` `x` `<y>/z` `y.rs`"), ["a/b", "y.rs"]);
}

#[test]
fn the_guide_takes_twelve_steps_in_all() {
    let guide = include_str!("../CONTRIBUTING.md");
    let sections = guide.split("\n## ").filter(|section| section.starts_with("To add"));
    let is_step = |line: &&str| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
    assert_eq!(sections.flat_map(|section| section.lines().filter(is_step)).count(), 12);
}
