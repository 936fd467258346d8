//! The rules. Each reads clients with their lifetime and effective settings; none walks a tree.
//!
//! To add one: a file here, a line in [`ALL`], a page in `rules/`.

mod adapter_misuse;
mod base_url_unpinned;
mod blocking_client_in_async;
mod client_across_event_loops;
mod client_per_call;
mod client_type_mismatch;
mod connection_close;
mod http2_off;
mod http2_sync_threads;
mod http2_unavailable;
mod ignored_settings;
mod keepalive_disabled;
mod keepalive_too_long;
mod keepalive_too_short;
mod library_client_per_call;
mod limits_changed_at_runtime;
mod limits_reset;
mod one_shot_request;
mod pool_too_small;
mod region_unset;
mod sdk_defaults_lost;
mod shared_client_closed;
mod stream_not_closed;
mod support;
mod timeout_missing;
mod unclosed_client;
mod undocumented_endpoint;

pub use connection_close::asks_to_close;
pub use stream_not_closed::leaves_stream;
pub use support::cost::construction_ms;
pub use support::sharing::shared_type;
pub use support::view::in_words;
pub use support::{Draft, FileView, SiteView};

use crate::finding::Finding;
use std::collections::BTreeSet;

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// One client or one-shot request.
    Site(fn(&SiteView<'_>) -> Option<Draft>),
    /// One file.
    File(fn(&FileView<'_>) -> Vec<Draft>),
    /// All files of one project.
    Project(fn(&[&FileView<'_>]) -> Vec<Finding>),
}

/// A rule by its name.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Name, as on its page.
    pub name: &'static str,
    /// What it looks at.
    pub check: Check,
}

const fn site(name: &'static str, check: fn(&SiteView<'_>) -> Option<Draft>) -> Rule {
    Rule { name, check: Check::Site(check) }
}

/// Every rule that finds something in the model. `unused-ignore` and `internal-error` come from the engine.
pub const ALL: &[Rule] = &[
    Rule { name: adapter_misuse::NAME, check: Check::File(adapter_misuse::check) },
    Rule { name: base_url_unpinned::NAME, check: Check::Project(base_url_unpinned::check) },
    site(blocking_client_in_async::NAME, blocking_client_in_async::check),
    site(client_across_event_loops::NAME, client_across_event_loops::check),
    site(client_per_call::NAME, client_per_call::check),
    Rule { name: client_type_mismatch::NAME, check: Check::Project(client_type_mismatch::check) },
    site(connection_close::NAME, connection_close::check),
    site(http2_off::NAME, http2_off::check),
    site(http2_sync_threads::NAME, http2_sync_threads::check),
    Rule { name: http2_unavailable::NAME, check: Check::Project(http2_unavailable::check) },
    site(ignored_settings::NAME, ignored_settings::check),
    site(keepalive_disabled::NAME, keepalive_disabled::check),
    site(keepalive_too_long::NAME, keepalive_too_long::check),
    site(keepalive_too_short::NAME, keepalive_too_short::check),
    Rule { name: library_client_per_call::NAME, check: Check::File(library_client_per_call::check) },
    site(limits_changed_at_runtime::NAME, limits_changed_at_runtime::check),
    Rule { name: limits_reset::NAME, check: Check::File(limits_reset::check) },
    site(one_shot_request::NAME, one_shot_request::check),
    site(pool_too_small::NAME, pool_too_small::check),
    Rule { name: region_unset::NAME, check: Check::Project(region_unset::check) },
    site(sdk_defaults_lost::NAME, sdk_defaults_lost::check),
    Rule { name: shared_client_closed::NAME, check: Check::Project(shared_client_closed::check) },
    Rule { name: stream_not_closed::NAME, check: Check::File(stream_not_closed::check) },
    site(timeout_missing::NAME, timeout_missing::check),
    site(unclosed_client::NAME, unclosed_client::check),
    site(undocumented_endpoint::NAME, undocumented_endpoint::check),
    Rule { name: unclosed_client::NAME, check: Check::Project(unclosed_client::check_callers) },
];

/// A comment that silences nothing, or names no rule.
pub const UNUSED_IGNORE: &str = "unused-ignore";
/// The analysis of a file failed.
pub const INTERNAL_ERROR: &str = "internal-error";

/// Runs the rules that look at one file or at its clients.
pub fn check_file(view: &FileView<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sites: Vec<SiteView<'_>> = view.sites().collect();
    for rule in ALL {
        let drafts: Vec<Draft> = match rule.check {
            Check::Site(check) => sites.iter().filter_map(check).collect(),
            Check::File(check) => check(view),
            Check::Project(_) => Vec::new(),
        };
        let sound = drafts.into_iter().filter(|draft| !view.module.is_broken(draft.span));
        findings.extend(sound.map(|draft| draft.finish(rule.name, view.index)));
    }
    // A constant that two clients are set to is told of once.
    let mut told = BTreeSet::new();
    findings.retain(|finding| told.insert((finding.rule, finding.span, finding.message.clone())));
    findings
}

/// Runs the rules that look at all files of a project.
pub fn check_project(views: &[&FileView<'_>]) -> Vec<Finding> {
    ALL.iter()
        .flat_map(|rule| match rule.check {
            Check::Project(check) => check(views),
            Check::Site(_) | Check::File(_) => Vec::new(),
        })
        .collect()
}
