//! What building a client costs beside its handshake.

use super::SiteView;
use crate::clients::resolved::{Features, Resolved};
use crate::clients::schema::Library;

/// Less than this, in milliseconds, is not worth a word.
const WORTH_SAYING: f64 = 1.0;

/// From this on, in milliseconds, it is worth sharing a client whatever hosts it calls.
const DEAR: f64 = 10.0;
/// Methods of a builder that pick the TLS library: the features' default is not the one that is used then.
const BACKENDS: &[&str] = &[
    "use_rustls_tls",
    "tls_backend_rustls",
    "use_native_tls",
    "tls_backend_native",
    "use_preconfigured_tls",
    "tls_backend_preconfigured",
];

/// The cost of one construction, in parts of a sentence.
pub struct Cost {
    /// `about 33 ms`, `about 80 ms of CPU`.
    pub amount: String,
    /// ` with reqwest 0.12.28 and native-tls` where it depends on these, else nothing.
    pub with: String,
    /// What the time goes into, and who says so.
    pub reason: String,
    /// By what is locked it is so much that the connection hardly matters.
    pub dear: bool,
}

/// What is known of a construction's cost.
struct Measured<'a> {
    ms: f64,
    why: Option<&'a String>,
    source: Option<&'a String>,
    /// The library, where version and features decide.
    by_features: Option<(&'a Library, Resolved)>,
}

/// The cost of building the client, or the one inside the one-shot; `None` where it is next to nothing or not known.
pub fn of(view: &SiteView<'_>) -> Option<Cost> {
    let Measured { ms, why, source, by_features } = measured(view).filter(|cost| cost.ms >= WORTH_SAYING)?;
    let reason = reason(why?, source?);
    Some(match by_features {
        Some((library, resolved)) => Cost {
            amount: format!("about {ms} ms of CPU"),
            with: format!(" with {}", subject(library, &resolved)),
            reason,
            dear: ms >= DEAR,
        },
        None => Cost { amount: format!("about {ms} ms"), with: String::new(), reason, dear: false },
    })
}

/// Milliseconds of one construction of the client, or of the one inside the one-shot, where it was measured.
pub fn construction_ms(view: &SiteView<'_>) -> Option<f64> {
    measured(view).map(|cost| cost.ms)
}

fn measured<'a>(view: &SiteView<'a>) -> Option<Measured<'a>> {
    let client = view
        .spec()
        .map(|(library, spec)| (library, spec.construction_ms, &spec.construction_why, &spec.construction_source));
    let one_shot = || {
        let (library, spec) = view.one_shot()?;
        Some((library, spec.construction_ms, &spec.construction_why, &spec.construction_source))
    };
    let (library, ms, why, source) = client.or_else(one_shot)?;
    let resolved = view.file.project.resolved(library);
    if BACKENDS.iter().any(|method| view.site.arguments.contains_key(*method)) {
        return None;
    }
    match library.cost_of(&resolved) {
        Some(cost) => Some(Measured {
            ms: cost.ms,
            why: Some(&cost.why),
            source: Some(&cost.source),
            by_features: Some((library, resolved)),
        }),
        None => Some(Measured { ms: ms?, why: why.as_ref(), source: source.as_ref(), by_features: None }),
    }
}

fn reason(why: &str, source: &str) -> String {
    format!("{} ({source})", why.trim_end_matches('.'))
}

/// `reqwest 0.12.28 and native-tls`.
pub fn subject(library: &Library, resolved: &Resolved) -> String {
    let backend = resolved.features.as_ref().and_then(tls_backend).map_or(String::new(), |tls| format!(" and {tls}"));
    format!("{}{backend}", resolved.shown(library.told()))
}

/// The TLS library that is used: with both on, the one of the operating system. `default-tls` alone is native-tls too;
/// where it is rustls, it switches on `rustls`.
fn tls_backend(features: &Features) -> Option<&'static str> {
    let native = features.has("native-tls*") || (features.has("default-tls") && !features.has("rustls"));
    match native {
        true => Some("native-tls"),
        false => features.has("rustls*").then_some("rustls"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Features, tls_backend};

    #[test]
    fn the_backend_is_the_one_that_counts() {
        for (on, expected) in [
            (&["default-tls", "http2"][..], Some("native-tls")),
            (&["default-tls", "rustls-tls", "rustls-tls-webpki-roots"], Some("native-tls")),
            (&["rustls-tls"], Some("rustls")),
            (&["default-tls", "rustls"], Some("rustls")),
            (&["default-tls", "rustls", "native-tls"], Some("native-tls")),
            (&["json"], None),
        ] {
            let all = on.iter().map(|name| (*name).to_owned()).collect();
            let features = Features { on: all, certain: true, ..Features::default() };
            assert_eq!(tls_backend(&features), expected, "{on:?}");
        }
    }
}
