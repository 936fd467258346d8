//! The output that people read: a diagnostic per client, advice in brief, and a closing line.

mod brief;
mod closing;
mod excerpt;
mod full;
mod group;
mod snippet;
pub(crate) mod text;

use super::place::in_order;
use super::{Describe, Style};
use crate::finding::Report;
use group::Group;
use std::io;

/// Diagnostics shown at most: nobody reads more, and the other formats have them all.
const SHOWN: usize = 200;

/// What every part of the output needs.
#[derive(Clone, Copy)]
struct Context<'a> {
    report: &'a Report,
    style: &'a Style,
    describe: Describe<'a>,
}

pub(super) fn write(report: &Report, style: &Style, describe: Describe<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let context = Context { report, style, describe };
    let groups = group::by_client(&in_order(report));
    let (briefs, fulls): (Vec<Group<'_>>, Vec<Group<'_>>) = groups.into_iter().partition(Group::is_brief);
    let fulls = group::by_way(fulls);
    for group in fulls.iter().take(SHOWN) {
        writeln!(out, "{}", full::render(context, group))?;
    }
    let room = SHOWN.saturating_sub(fulls.len());
    brief::write(context, briefs.get(..room).unwrap_or(&briefs), out)?;
    let left_out = (fulls.len() + briefs.len()).saturating_sub(SHOWN);
    if left_out > 0 {
        writeln!(out, "{left_out} more not shown: `--output-format concise` lists all of them.\n")?;
    }
    closing::write(context, out)
}
