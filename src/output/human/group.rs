//! Findings about one client are one diagnostic.

use crate::finding::{Finding, Severity};
use crate::source::Span;
use std::collections::HashMap;

/// One diagnostic: the finding that leads, and the others about the same client.
pub(super) struct Group<'a> {
    /// The most severe finding.
    pub(super) lead: &'a Finding,
    /// The others, most severe first.
    pub(super) others: Vec<&'a Finding>,
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
    Some(Group { lead: members.next()?, others: members.collect() })
}
