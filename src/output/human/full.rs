//! One diagnostic in full: what, where, why it costs, what to do.

use super::Context;
use super::group::Group;
use super::snippet::{Mark, Window};
use super::text::{linked, paint, painted, wrap};
use crate::finding::{Confidence, Finding, Severity};
use crate::output::place::{Place, printable};
use crate::output::{Style, word};
use owo_colors::Style as Paint;
use std::collections::BTreeMap;
use std::slice;

/// Snippets of a diagnostic besides the first; the places beyond get a line each.
const SNIPPETS: usize = 3;
/// Columns for the name of a field.
const NAMES: usize = 9;

/// The text of `group`, which ends with a line end.
pub(super) fn render(context: Context<'_>, group: &Group<'_>) -> String {
    let mut out = head(context, group.lead);
    let rest = draw_places(context, group, &mut out);
    let mut fields = Fields { style: context.style, out };
    fields.add("at", &rest);
    fields.add("why", slice::from_ref(&group.lead.why));
    fields.add("help", slice::from_ref(&group.lead.help));
    if let Some(suggestion) = &group.lead.suggestion {
        fields.code(suggestion);
    }
    fields.add("also", &also(group));
    fields.add("alike", &alike(context, group));
    fields.add("settings", &settings(group));
    fields.add("note", note(group.lead.confidence).as_slice());
    fields.add("more", &[format!("coldcall rule {}", group.lead.rule)]);
    fields.out
}

/// `warning[rule]: message`, wrapped.
fn head(context: Context<'_>, lead: &Finding) -> String {
    let style = context.style;
    let tag = format!("{}[{}]", word(lead.severity), lead.rule);
    let lines =
        wrap(&printable(&lead.message), style.width.saturating_sub(tag.len() + 2), style.width.saturating_sub(2));
    let url = (context.describe)(lead.rule).and_then(|rule| rule.url);
    let mut out = linked(painted(&tag, paint(lead.severity), style), url.as_deref(), style);
    for (index, line) in lines.iter().enumerate() {
        out.push_str(if index == 0 { ": " } else { "  " });
        out.push_str(&painted(line, Paint::new().bold(), style));
        out.push('\n');
    }
    out
}

/// Draws the snippets and returns a line for each place that is in none of them.
fn draw_places(context: Context<'_>, group: &Group<'_>, out: &mut String) -> Vec<String> {
    let Context { report, style, .. } = context;
    let mut marks = marks(group).into_iter();
    let mut windows: Vec<Window> = marks.next().and_then(|mark| Window::new(report, mark)).into_iter().collect();
    let mut rest = Vec::new();
    for mark in marks {
        let taken = windows.iter_mut().try_fold(mark, |mark, window| match window.take(report, mark) {
            Ok(()) => Err(()),
            Err(mark) => Ok(mark),
        });
        let Ok(mark) = taken else { continue };
        match Window::new(report, mark.clone()).filter(|window| windows.len() <= SNIPPETS && !window.collides(&windows))
        {
            Some(window) => windows.push(window),
            None => rest.push(format!("{}: {}", Place::new(report, mark.file, mark.span), mark.note)),
        }
    }
    for window in &windows {
        out.push_str(&window.draw(report, group.lead.severity, style));
    }
    rest
}

/// The places of `group`: the primary one, then the hops in the order of the story, then those of the other findings.
fn marks(group: &Group<'_>) -> Vec<Mark> {
    let lead = group.lead;
    let mut marks = vec![Mark { file: lead.file, span: lead.span, note: String::new(), primary: true }];
    let hops = lead.chain.iter().map(|hop| (hop.file, hop.span, hop.note.as_str()));
    for (file, span, note) in hops {
        match marks.iter_mut().find(|mark| mark.file == file && mark.span == span) {
            Some(mark) if mark.note.is_empty() => mark.note = note.to_owned(),
            Some(mark) => mark.note = format!("{}, {note}", mark.note),
            None => marks.push(Mark { file, span, note: note.to_owned(), primary: false }),
        }
    }
    for other in &group.others {
        // A finding at a place that has a mark is told by its "also" line alone.
        if !marks.iter().any(|mark| mark.file == other.file && mark.span == other.span) {
            marks.push(Mark { file: other.file, span: other.span, note: other.rule.to_owned(), primary: false });
        }
    }
    marks
}

fn also(group: &Group<'_>) -> Vec<String> {
    let line = |other: &&Finding| {
        let head = format!("{} ({}): {}", other.rule, word(other.severity), other.message);
        // Advice has its page; what costs has its remedy here.
        if other.severity == Severity::Advice { head } else { format!("{head}. {}", other.help) }
    };
    group.others.iter().map(line).collect()
}

/// The places of which the same is true.
fn alike(context: Context<'_>, group: &Group<'_>) -> Vec<String> {
    let places = group.alike.iter().map(|other| Place::new(context.report, other.file, other.span).to_string());
    let places: Vec<String> = places.collect();
    match places.len() {
        0 => Vec::new(),
        1 => vec![format!("the same is true of {}", places[0])],
        count => vec![format!("the same is true of {count} more: {}", places.join(", "))],
    }
}

fn settings(group: &Group<'_>) -> Vec<String> {
    let findings = std::iter::once(&group.lead).chain(&group.others);
    let settings: BTreeMap<_, _> = findings.flat_map(|finding| &finding.settings).collect();
    settings.iter().map(|(name, value)| format!("{name} = {value}")).collect()
}

/// Says what a confidence below high means.
fn note(confidence: Confidence) -> Option<String> {
    match confidence {
        Confidence::High => None,
        Confidence::Medium => {
            Some("medium confidence: a step of the chain is a convention, or a value comes from the caller".to_owned())
        }
        Confidence::Low => {
            Some("low confidence: the callers are not known, or there may be a reason for it".to_owned())
        }
    }
}

/// The named lines under a snippet.
struct Fields<'a> {
    style: &'a Style,
    out: String,
}

impl Fields<'_> {
    /// Adds `values` under `name`, each from its own line on; nothing where there is no text.
    fn add(&mut self, name: &str, values: &[String]) {
        let room = self.style.width.saturating_sub(NAMES + 2).max(30);
        let lines =
            values.iter().filter(|value| !value.is_empty()).flat_map(|value| wrap(&printable(value), room, room));
        for (index, line) in lines.enumerate() {
            let paint = if name == "help" { Paint::new().cyan().bold() } else { Paint::new().bold() };
            let head = match index {
                0 => painted(&format!("{name:>NAMES$}:"), paint, self.style),
                _ => " ".repeat(NAMES + 1),
            };
            self.out.push_str(&head);
            self.out.push_str(&format!(" {line}\n"));
        }
    }

    /// Adds `code` between blank lines, as it is but for the characters that must not reach a terminal.
    fn code(&mut self, code: &str) {
        self.out.push('\n');
        for line in code.trim_end().lines() {
            let line = printable(&line.replace('\t', "    ")).into_owned();
            self.out.push_str(format!("{:width$}{line}", "", width = NAMES + 2).trim_end());
            self.out.push('\n');
        }
        self.out.push('\n');
    }
}
