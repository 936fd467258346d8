//! `coldcall audit`: an inventory of all clients, with what each is set to, how long it lives and who shares it.
//!
//! Neutral of format; the formats are in [`format`].

mod address;
mod collected;
mod entry;
pub mod format;
mod gather;
mod handed;
mod order;
mod pools;
mod predict;
mod settings;
mod traffic;
mod users;

pub use entry::{At, Cell, Cost, Entry, Found, Kind, Lifetime, Settings, Step, User};
pub use gather::gather;
pub use predict::{Prediction, Protocol, Range, Workload};

use crate::finding::{Confidence, Report, Skipped};

/// All clients of a run.
#[derive(Debug)]
pub struct Inventory {
    /// Name of the folder that was looked through.
    pub folder: String,
    /// Python and Rust files that were found.
    pub files: usize,
    /// The clients, in the order of [`order`].
    pub clients: Vec<Entry>,
    /// The calls that the predictions are for.
    pub workload: Workload,
    /// What they do, over all clients; `None` where that is not known of one.
    pub predicted: Option<Prediction>,
    /// Why there is no prediction.
    pub why: Option<String>,
    /// Files that were not read.
    pub skipped: Vec<Skipped>,
    /// Problems with the project that did not stop the run.
    pub warnings: Vec<String>,
}

impl Inventory {
    /// The clients that `gather` found, with what `report` says of them.
    pub fn new(folder: String, mut clients: Vec<Entry>, workload: Workload, report: Report) -> Self {
        for entry in &mut clients {
            let here = report.findings.iter().filter(|finding| {
                let named = finding.client.as_ref().is_some_and(|client| client.span == entry.span);
                finding.file == entry.file && (named || entry.span.contains(finding.span))
            });
            let mut sure = here.clone().filter(|finding| finding.confidence > Confidence::Low);
            if let Some(exception) = sure.find_map(|finding| finding.raises.clone()) {
                entry.predicted = Some(Prediction::failing(exception));
            }
            entry.findings = here
                .map(|finding| Found { rule: finding.rule, severity: finding.severity, confidence: finding.confidence })
                .collect();
            let surer = |a: &Found, b: &Found| b.confidence.cmp(&a.confidence);
            entry.findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.rule.cmp(b.rule)).then(surer(a, b)));
            entry.findings.dedup_by_key(|found| found.rule);
        }
        order::sort(&mut clients);
        // Branches that end one builder are one client.
        clients.dedup_by(|a, b| (a.file, a.span, &a.symbol) == (b.file, b.span, &b.symbol));
        pools::join(&mut clients);
        let counted = || clients.iter().filter(|entry| !entry.lifetime.owned);
        let all = counted().map(|entry| entry.predicted.clone());
        let predicted = all.reduce(|sum, next| Some(sum?.plus(next?))).flatten();
        let because = |entry: &Entry| Some(format!("`{}` at {}: {}", entry.symbol, entry.at, entry.why.as_ref()?));
        let why = counted().find_map(because);
        let Report { summary, skipped, warnings, .. } = report;
        Self { folder, files: summary.files, predicted, why, clients, workload, skipped, warnings }
    }
}
