//! One JSON document: the contract for programs. Fields are only ever added within a `schema_version`.

use crate::audit::{Entry, Inventory, Prediction, Workload};
use crate::finding::Skipped;
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool,
    workload: &'a Workload,
    clients: &'a [Entry],
    predicted: &'a Option<Prediction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: &'a Option<String>,
    skipped: &'a [Skipped],
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

pub(super) fn write(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        schema_version: 1,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        workload: &inventory.workload,
        clients: &inventory.clients,
        predicted: &inventory.predicted,
        why: &inventory.why,
        skipped: &inventory.skipped,
        warnings: &inventory.warnings,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
