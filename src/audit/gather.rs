//! From the views that rules see to entries of the inventory.

use super::entry::{At, Cost, Entry, Kind, Lifetime, Step};
use super::predict::Workload;
use super::{collected, handed, settings, traffic, users};
use crate::finding::Confidence;
use crate::lifetime::Level;
use crate::model::SiteKind;
use crate::rules::{FileView, SiteView, construction_ms};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Less than this, in milliseconds, is not worth a word.
const WORTH_SAYING: f64 = 0.1;

/// The clients in all files, tests left out; without findings, and in no order. `workload` is what predictions are for.
pub fn gather(views: &[FileView<'_>], workload: &Workload) -> Vec<Entry> {
    // Files whose lifetimes could not be worked out are told as such by the report.
    let complete = views.par_iter().filter(|view| view.lifetimes.len() == view.module.sites.len());
    let of_file =
        |view: &FileView<'_>| view.sites().filter(is_known).map(|site| entry(&site, views, workload)).collect();
    complete
        .flat_map_iter(|view| catch_unwind(AssertUnwindSafe(|| of_file(view))).unwrap_or_else(|_| Vec::new()))
        .collect()
}

/// Holders of configuration are no clients.
fn is_known(view: &SiteView<'_>) -> bool {
    view.library().is_some()
}

fn entry(view: &SiteView<'_>, views: &[FileView<'_>], workload: &Workload) -> Entry {
    let client = view.client_ref();
    let lifetime = lifetime(view, views);
    let (predicted, why) = match traffic::of(view, workload) {
        Ok(predicted) => (Some(predicted), None),
        Err(why) => (None, Some(why)),
    };
    Entry {
        at: At::new(view.file.source, view.site.place.span),
        kind: if view.site.kind == SiteKind::OneShot { Kind::OneShot } else { Kind::Client },
        symbol: client.symbol,
        version: view.version(),
        library: client.library,
        cost: cost(view, lifetime.level),
        lifetime,
        settings: settings::of(view),
        users: users::of(view, views),
        findings: Vec::new(),
        predicted,
        why,
        pool: handed::made_at(view),
        file: view.file.index,
        span: view.site.place.span,
    }
}

fn lifetime(view: &SiteView<'_>, views: &[FileView<'_>]) -> Lifetime {
    let adds = collected::each_call_adds(view);
    let process_wide = view.process_wide().is_some();
    let level = match view.lifetime.level {
        _ if process_wide => Level::Once,
        Level::Once if adds => Level::PerCall,
        level => level,
    };
    let text = match level {
        _ if view.lifetime.owned => "part of the client that it is handed to".to_owned(),
        _ if process_wide => "one pool for the process".to_owned(),
        Level::Once => "once".to_owned(),
        Level::PerObject => "once for each object".to_owned(),
        _ if adds => "in each call, and kept with the others".to_owned(),
        _ => view.how_often(),
    };
    let chain = view.lifetime.chain.iter();
    let chain = chain.map(|hop| Step { at: At::new(views[hop.file].source, hop.span), note: hop.note.clone() });
    let confidence = if adds { Confidence::Low } else { view.lifetime.confidence };
    Lifetime { level, confidence, text, owned: view.lifetime.owned, process_wide, chain: chain.collect() }
}

fn cost(view: &SiteView<'_>, level: Level) -> Cost {
    let construction_ms = construction_ms(view);
    let per_call = level >= Level::PerCall && !view.lifetime.owned && !view.site.amortised;
    let building = construction_ms.filter(|ms| *ms >= WORTH_SAYING).map(|ms| format!("{ms} ms"));
    let text = match (per_call, building) {
        (true, Some(building)) => format!("{building} and a handshake for each call"),
        (true, None) => "a handshake for each call".to_owned(),
        (false, Some(building)) => format!("{building}, once"),
        (false, None) => "-".to_owned(),
    };
    Cost { per_call, construction_ms, text }
}
