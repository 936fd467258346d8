//! Findings about one client are one diagnostic, and so are those that say the same of several clients of one function.

use crate::finding::{Confidence, Finding, Severity};
use crate::source::Span;
use std::collections::HashMap;

/// One diagnostic: the finding that leads, and the others about the same client.
pub(super) struct Group<'a> {
    /// The most severe finding.
    pub(super) lead: &'a Finding,
    /// The others, most severe first.
    pub(super) others: Vec<&'a Finding>,
    /// What is said of the client is true of these too, in the same words but for their places.
    pub(super) alike: Vec<&'a Finding>,
}

impl Group<'_> {
    /// Whether it is shown in brief: nothing in it is known to cost.
    pub(super) fn is_brief(&self) -> bool {
        self.lead.severity == Severity::Advice
    }
}

/// Groups `findings`, which are in order, by client. The groups stand where their first finding stood.
pub(super) fn by_client<'a>(findings: &[&'a Finding]) -> Vec<Group<'a>> {
    let mut members: Vec<Vec<&'a Finding>> = Vec::new();
    let mut seen: HashMap<(usize, Span), usize> = HashMap::new();
    for &finding in findings {
        let known = finding.client.as_ref().map(|client| {
            let next = members.len();
            *seen.entry((finding.file, client.span)).or_insert(next)
        });
        match known.and_then(|index| members.get_mut(index)) {
            Some(group) => group.push(finding),
            None => members.push(vec![finding]),
        }
    }
    members.into_iter().filter_map(group).collect()
}

fn group(mut members: Vec<&Finding>) -> Option<Group<'_>> {
    // Among the equally severe the one with a story leads, since the story is what the snippets show. The sort is stable:
    // among equals the first by place and rule leads.
    members.sort_by_key(|finding| std::cmp::Reverse((finding.severity, !finding.chain.is_empty(), finding.confidence)));
    let mut members = members.into_iter();
    Some(Group { lead: members.next()?, others: members.collect(), alike: Vec::new() })
}

/// What two diagnostics have in common whose clients get hot on the same way from the same function on.
#[derive(PartialEq, Eq, Hash)]
struct Likeness<'a> {
    rules: Vec<&'a str>,
    confidence: Confidence,
    message: String,
    symbol: &'a str,
    way: Vec<(usize, Span)>,
}

impl<'a> Likeness<'a> {
    /// `None` where the client has no way to be hot.
    fn of(group: &Group<'a>) -> Option<Self> {
        let lead = group.lead;
        let (_, way) = lead.chain.split_first().filter(|(_, way)| !way.is_empty())?;
        // What stands in backticks first is the construction as written.
        let message = lead.message.splitn(3, '`').last().unwrap_or_default().to_owned();
        Some(Self {
            rules: std::iter::once(lead).chain(group.others.iter().copied()).map(|finding| finding.rule).collect(),
            confidence: lead.confidence,
            message,
            symbol: &lead.client.as_ref()?.symbol,
            way: way.iter().map(|hop| (hop.file, hop.span)).collect(),
        })
    }
}

/// Joins diagnostics that say the same of clients of one function: arms of one `match`, requests one after the other.
pub(super) fn by_way(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let mut joined: Vec<Group<'_>> = Vec::new();
    let mut seen: HashMap<Likeness<'_>, usize> = HashMap::new();
    for group in groups {
        let known = Likeness::of(&group).map(|likeness| {
            let next = joined.len();
            *seen.entry(likeness).or_insert(next)
        });
        match known.and_then(|index| joined.get_mut(index)) {
            Some(first) => first.alike.push(group.lead),
            None => joined.push(group),
        }
    }
    joined
}
