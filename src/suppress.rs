//! `# coldcall: ignore[rule] reason` on the line or the line above, `# coldcall: ignore-file[rule]`.

use crate::finding::{Finding, Severity};
use crate::pages;
use crate::rules::{Draft, UNUSED_IGNORE};
use crate::source::{SourceFile, Span};
use std::collections::BTreeSet;

/// One rule named by one comment.
#[derive(Debug)]
struct Directive {
    /// The rule as written; empty where none is named.
    rule: String,
    /// Lines (from 0) that it covers; `None` for the whole file.
    line: Option<usize>,
    span: Span,
    /// What starts a comment in its file.
    mark: &'static str,
    used: bool,
}

/// The ignore comments of one file.
#[derive(Debug)]
pub struct Suppressions {
    directives: Vec<Directive>,
}

impl Suppressions {
    /// Reads the file's comments.
    pub fn new(source: &SourceFile, comments: &[Span]) -> Self {
        let own_line = |comment: &&Span| {
            let line = source.lines.line_of(comment.start);
            source.slice(Span::new(source.lines.start_of(line), comment.start)).trim().is_empty()
        };
        let comment_lines =
            comments.iter().filter(own_line).map(|comment| source.lines.line_of(comment.start)).collect();
        Self { directives: comments.iter().flat_map(|&comment| parse(source, comment, &comment_lines)).collect() }
    }

    /// Whether a comment silences the finding; the comment then counts as used.
    pub fn silences(&mut self, finding: &Finding, source: &SourceFile) -> bool {
        let first = source.lines.line_of(finding.span.start);
        let last = source.lines.line_of(finding.span.end.saturating_sub(1).max(finding.span.start));
        let mut silenced = false;
        for directive in &mut self.directives {
            let covers = directive.line.is_none_or(|line| (first..=last).contains(&line));
            if covers && directive.rule == finding.rule {
                directive.used = true;
                silenced = true;
            }
        }
        silenced
    }

    /// Comments that silenced nothing, name no rule, or name one that does not exist. Rules that did not run are left alone.
    pub fn unused(&self, file: usize, ran: impl Fn(&str) -> bool) -> Vec<Finding> {
        let unused = self.directives.iter().filter(|directive| !directive.used);
        unused
            .filter_map(|directive| complaint(directive, &ran))
            .map(|draft| draft.finish(UNUSED_IGNORE, file))
            .collect()
    }
}

fn complaint(directive: &Directive, ran: &impl Fn(&str) -> bool) -> Option<Draft> {
    let name = directive.rule.as_str();
    let draft = |message: String| Draft::new(directive.span, message).help("`coldcall rule` lists the names.");
    if name.is_empty() {
        let draft = draft("an ignore comment must name its rule, and silences nothing without one".to_owned());
        let mark = directive.mark;
        return Some(
            draft.help(format!("Write `{mark} coldcall: ignore[rule-name] reason`; `coldcall rule` lists the names.")),
        );
    }
    if pages::get(name).is_none() {
        let nearest = pages::nearest(name).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Some(draft(format!("there is no rule `{name}`{nearest}")));
    }
    ran(name).then(|| {
        draft(format!("`{name}` finds nothing here"))
            .severity(Severity::Advice)
            .why("A comment that silences nothing would hide the next finding at its line.")
            .help("Remove the comment.")
    })
}

fn parse(source: &SourceFile, comment: Span, comment_lines: &BTreeSet<usize>) -> Vec<Directive> {
    // Other tools' comments may stand before it: `# noqa: S113  # coldcall: ignore[..]`.
    let parts = source.slice(comment).split(['#', '/']);
    // `/* .. */` and `//!` are comments too.
    let is_mark = |at: char| at.is_whitespace() || matches!(at, '*' | '!');
    let mut bare = parts.map(|part| part.trim_start_matches(is_mark));
    let Some(rest) = bare.find_map(|part| part.strip_prefix("coldcall:")) else {
        return Vec::new();
    };
    let rest = rest.trim_start();
    let (whole_file, rest) = match (rest.strip_prefix("ignore-file"), rest.strip_prefix("ignore")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        // Some other word: its author believes that it silences something.
        (None, None) => (false, ""),
    };
    let line = (!whole_file).then(|| covered_line(source, comment, comment_lines));
    let mark = source.language.comment_mark();
    let directive = |rule: &str| Directive { rule: rule.to_owned(), line, span: comment, mark, used: false };
    match rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((names, _)) if !names.trim().is_empty() => {
            names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(directive).collect()
        }
        _ => vec![directive("")],
    }
}

/// The comment's own line where code stands before it, else the next line that is no comment of its own.
fn covered_line(source: &SourceFile, comment: Span, comment_lines: &BTreeSet<usize>) -> usize {
    let own = source.lines.line_of(comment.start);
    if !comment_lines.contains(&own) {
        return own;
    }
    let mut line = own + 1;
    while comment_lines.contains(&line) {
        line += 1;
    }
    line
}
