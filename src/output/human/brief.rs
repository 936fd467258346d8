//! Advice, in brief: together at the end, where it does not stand between the things that cost, and said once where many
//! places deserve it.

use super::Context;
use super::group::Group;
use super::text::{linked, paint, painted, wrap};
use crate::finding::Finding;
use crate::output::place::{Place, printable, way};
use owo_colors::Style as Paint;
use std::io;

/// Writes `groups` under one heading; nothing where there are none.
pub(super) fn write(context: Context<'_>, groups: &[Group<'_>], out: &mut dyn io::Write) -> io::Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let heading = "Advice: may help, or depends on the server.";
    writeln!(out, "{}\n", painted(heading, Paint::new().dimmed(), context.style))?;
    for piece in by_remedy(groups) {
        write_piece(context, &piece, out)?;
    }
    writeln!(out)
}

/// Findings of one rule with one remedy, in the order of the first of each.
fn by_remedy<'a>(groups: &[Group<'a>]) -> Vec<Vec<&'a Finding>> {
    let mut pieces: Vec<Vec<&Finding>> = Vec::new();
    for finding in groups.iter().flat_map(|group| std::iter::once(group.lead).chain(group.others.iter().copied())) {
        let same = |piece: &&mut Vec<&Finding>| {
            piece.first().is_some_and(|first| first.rule == finding.rule && first.help == finding.help)
        };
        match pieces.iter_mut().find(same) {
            Some(piece) => piece.push(finding),
            None => pieces.push(vec![finding]),
        }
    }
    pieces
}

/// Several places with one message are listed under it; else each has a line. The remedy is said once.
fn write_piece(context: Context<'_>, piece: &[&Finding], out: &mut dyn io::Write) -> io::Result<()> {
    let Some(first) = piece.first() else { return Ok(()) };
    let place = |finding: &Finding| Place::new(context.report, finding.file, finding.span).to_string();
    let alike = piece.len() > 1 && piece.iter().all(|finding| finding.message == first.message);
    if alike {
        write_head(context, first, &first.message, out)?;
        let places: Vec<String> = piece.iter().map(|finding| place(finding)).collect();
        write_item(context, "at", &places.join(", "), out)?;
    } else {
        for finding in piece {
            write_head(context, finding, &format!("{} {}", place(finding), finding.message), out)?;
        }
    }
    // Where there is one place, its way is worth a line; the ways of many are in the other formats.
    if let [only] = piece {
        let way = way(context.report, only);
        if !way.is_empty() {
            write_item(context, "way", &way.join("; "), out)?;
        }
    }
    write_item(context, "help", &first.help, out)
}

fn write_head(context: Context<'_>, finding: &Finding, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let style = context.style;
    let tag = format!("advice[{}]", finding.rule);
    let url = (context.describe)(finding.rule).and_then(|rule| rule.url);
    let head = linked(painted(&tag, paint(finding.severity), style), url.as_deref(), style);
    let lines = wrap(&printable(text), style.width.saturating_sub(tag.len() + 1), style.width.saturating_sub(4));
    for (index, line) in lines.iter().enumerate() {
        match index {
            0 => writeln!(out, "{head} {line}")?,
            _ => writeln!(out, "    {line}")?,
        }
    }
    Ok(())
}

fn write_item(context: Context<'_>, name: &str, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let room = context.style.width.saturating_sub(8);
    for (index, line) in wrap(&printable(text), room, room).iter().enumerate() {
        match index {
            0 => writeln!(
                out,
                "  {} {line}",
                painted(&format!("{:<5}", format!("{name}:")), Paint::new().bold(), context.style)
            )?,
            _ => writeln!(out, "        {line}")?,
        }
    }
    Ok(())
}
