//! Advice, in brief: a line and its help, together at the end, where it does not stand between the things that cost.

use super::Context;
use super::group::Group;
use super::text::{linked, paint, painted, wrap};
use crate::finding::Finding;
use crate::output::place::{Place, printable};
use owo_colors::Style as Paint;
use std::io;

/// Writes `groups` under one heading; nothing where there are none.
pub(super) fn write(context: Context<'_>, groups: &[Group<'_>], out: &mut dyn io::Write) -> io::Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let heading = "Advice: may help, or depends on the server.";
    writeln!(out, "{}\n", painted(heading, Paint::new().dimmed(), context.style))?;
    for (index, group) in groups.iter().enumerate() {
        let next = groups.get(index + 1).map(|group| group.lead);
        write_group(context, group, next, out)?;
    }
    writeln!(out)
}

/// Writes `group`; its help only where `next` does not say the same.
fn write_group(
    context: Context<'_>,
    group: &Group<'_>,
    next: Option<&Finding>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let (lead, style) = (group.lead, context.style);
    let tag = format!("advice[{}]", lead.rule);
    let place = Place::new(context.report, lead.file, lead.span).to_string();
    let text = format!("{place} {}", printable(&lead.message));
    let url = (context.describe)(lead.rule).and_then(|rule| rule.url);
    let head = linked(painted(&tag, paint(lead.severity), style), url.as_deref(), style);
    let rest = style.width.saturating_sub(4);
    for (index, line) in wrap(&text, style.width.saturating_sub(tag.len() + 1), rest).iter().enumerate() {
        match index {
            0 => writeln!(out, "{head} {line}")?,
            _ => writeln!(out, "    {line}")?,
        }
    }
    let said_next = next.is_some_and(|next| next.rule == lead.rule && next.help == lead.help);
    if !said_next || !group.others.is_empty() {
        write_item(context, "help", &lead.help, out)?;
    }
    for other in &group.others {
        write_item(context, "also", &format!("{}: {}", other.rule, other.message), out)?;
    }
    Ok(())
}

fn write_item(context: Context<'_>, name: &str, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let room = context.style.width.saturating_sub(8);
    for (index, line) in wrap(&printable(text), room, room).iter().enumerate() {
        match index {
            0 => writeln!(out, "  {} {line}", painted(&format!("{name}:"), Paint::new().bold(), context.style))?,
            _ => writeln!(out, "        {line}")?,
        }
    }
    Ok(())
}
