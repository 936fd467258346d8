//! The rule pages in `rules/*.md`: manual, metadata and examples of each rule at once, embedded in the program.

use crate::finding::Severity;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::path::Path;
use std::sync::LazyLock;
use thiserror::Error;

static RULES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let mut pages: Vec<Page> = embedded().filter_map(|(name, text)| parse(name, text).ok()).collect();
    pages.sort_by_key(|page| page.name);
    pages
});

/// How like a known name, from 0 to 1, a mistyped one must be before it is proposed; below it, guesses read as noise.
const LIKENESS: f64 = 0.8;

/// One rule's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Rule name, which is the file's stem: `client-per-call`.
    pub name: &'static str,
    /// First paragraph under the title, one line.
    pub summary: &'static str,
    /// Version of coldcall that brought the rule.
    pub since: String,
    /// The highest severity that the rule gives; cases with less are told in the page.
    pub severity: Severity,
    /// Languages that the rule reads, in lower case: `python`, `rust`.
    pub languages: Vec<String>,
    /// Whether coldcall can repair what it finds.
    pub fix: FixKind,
    /// Markdown from the title on, without the front matter.
    pub body: &'static str,
}

impl Page {
    /// The body without what only the tests of the examples need: options of code blocks, and marks of expected findings.
    pub fn for_people(&self) -> String {
        let marked = |line: &str| {
            let mark = ["#", "//"].into_iter().find(|sign| line.contains(&format!(" {sign} error: [")))?;
            let (code, _) = line.split_once(&format!(" {mark} error: ["))?;
            Some(format!("{code} {mark} <- reported"))
        };
        let plain = |line: &str| match line.starts_with("```") {
            true => line.split(' ').next().unwrap_or(line).to_owned(),
            false => marked(line).unwrap_or_else(|| line.to_owned()),
        };
        self.body.lines().map(|line| plain(line) + "\n").collect()
    }
}

/// Whether a rule's findings can be repaired by coldcall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FixKind {
    /// By hand only.
    None,
}

/// What is wrong with the text of a page.
#[derive(Debug, Error)]
pub enum PageError {
    /// The text does not start with front matter between two `---` lines.
    #[error("no front matter between two `---` lines at the top")]
    NoFrontMatter,
    /// The front matter is not the TOML that a page needs.
    #[error("front matter: {0}")]
    FrontMatter(#[from] toml::de::Error),
    /// The first line after the front matter is not `# name`.
    #[error("the title is not `# {0}`")]
    Title(String),
    /// No paragraph between the title and the first heading.
    #[error("no summary under the title")]
    NoSummary,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    since: String,
    severity: Severity,
    languages: Vec<String>,
    fix: FixKind,
}

/// All pages, ordered by name. A page that does not parse is left out; the convention tests see to it that none is.
pub fn all() -> &'static [Page] {
    &PAGES
}

/// The page of the rule `name`, where there is such a rule.
pub fn get(name: &str) -> Option<&'static Page> {
    all().binary_search_by(|page| page.name.cmp(name)).ok().and_then(|at| all().get(at))
}

/// The names of all rules, ordered.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().iter().map(|page| page.name)
}

/// The rule that somebody who wrote `name` most likely meant, or `None` where no name is near. Case and `_` for `-`
/// do not count as differences.
pub fn nearest(name: &str) -> Option<&'static str> {
    let wanted = name.trim().to_lowercase().replace('_', "-");
    names()
        .map(|known| (known, strsim::jaro_winkler(known, &wanted).max(strsim::normalized_levenshtein(known, &wanted))))
        .filter(|&(_, likeness)| likeness >= LIKENESS)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(known, _)| known)
}

/// Reads the page of the rule `name` from the text of its file.
///
/// # Errors
/// Where the front matter, the title or the summary is missing or malformed.
pub fn parse(name: &'static str, text: &'static str) -> Result<Page, PageError> {
    let (front, body) = split_front_matter(text).ok_or(PageError::NoFrontMatter)?;
    let FrontMatter { since, severity, languages, fix } = toml::from_str(front)?;
    let mut lines = body.lines();
    if lines.next().and_then(|title| title.strip_prefix("# ")).map(str::trim) != Some(name) {
        return Err(PageError::Title(name.to_owned()));
    }
    let summary = lines.map(str::trim).find(|line| !line.is_empty()).filter(|line| !line.starts_with('#'));
    Ok(Page { name, summary: summary.ok_or(PageError::NoSummary)?, since, severity, languages, fix, body })
}

/// Splits the text of a page into front matter and body, the blank lines between them dropped.
fn split_front_matter(text: &'static str) -> Option<(&'static str, &'static str)> {
    let rest = text.strip_prefix("---")?.trim_start_matches('\r').strip_prefix('\n')?;
    let (front, body) = rest.split_once("\n---")?;
    let (after, body) = body.split_once('\n')?;
    after.trim().is_empty().then(|| (front, body.trim_start()))
}

/// Name and text of each embedded page; files whose names start with `_` are none.
fn embedded() -> impl Iterator<Item = (&'static str, &'static str)> {
    RULES.files().filter_map(|file| {
        let path: &'static Path = file.path();
        let name = path.file_stem()?.to_str()?;
        let is_page = path.extension().is_some_and(|extension| extension == "md") && !name.starts_with('_');
        is_page.then_some(()).and(file.contents_utf8()).map(|text| (name, text))
    })
}
