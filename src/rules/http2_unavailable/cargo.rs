//! HTTP/2 over TLS cannot be had with the versions and features of a Rust package, although it is asked for or would help.

use super::super::support::cost;
use super::super::support::endpoint::{self, Host};
use super::{Draft, FileView, NAME, SiteView};
use crate::clients::resolved::{Resolved, is_like};
use crate::clients::schema::{Library, NoHttp2Spec};
use crate::finding::{ClientRef, Confidence, Finding, Hop, Severity};
use crate::model::{Dependency, FanOut, FanOutKind, Value};
use crate::source::{Language, Span};
use std::collections::BTreeSet;

/// Fewer calls at once open so few connections that sharing one gains nothing.
const MANY: i64 = 5;
/// Whoever calls one of these has decided.
const DECISIONS: [&str; 2] = ["http1_only", "http2_prior_knowledge"];

pub fn check(views: &[&FileView<'_>]) -> Vec<Finding> {
    let Some(first) = views.first() else { return Vec::new() };
    // The user's description of a library comes last, and counts.
    let mut seen = BTreeSet::new();
    let known = first.clients.libraries().iter().rev();
    let known = known.filter(|library| library.language == Language::Rust && seen.insert(&library.library));
    known.filter_map(|library| Package::of(library, views)?.finding()).collect()
}

/// A library as one package has it.
struct Package<'a> {
    library: &'a Library,
    resolved: Resolved,
    reason: &'a NoHttp2Spec,
    /// Its clients in the package's files.
    sites: Vec<SiteView<'a>>,
    /// Where the manifest names it.
    manifest: Option<(&'a FileView<'a>, &'a Dependency)>,
}

/// Why it matters that HTTP/2 cannot be had.
enum Demand<'a> {
    /// A setting of HTTP/2 is given, which then does nothing.
    Asked(&'a SiteView<'a>, &'a str, Span),
    /// The manifest asks for what it does not get, with the words for that.
    Contradiction(&'a str),
    /// Many calls run at once.
    Many(&'a SiteView<'a>, &'a FanOut),
}

impl<'a> Package<'a> {
    /// `None` where HTTP/2 can be had, or somebody decided about it.
    fn of(library: &'a Library, views: &'a [&'a FileView<'a>]) -> Option<Self> {
        let own = |site: &SiteView<'_>| site.spec().is_some_and(|(owner, _)| owner.library == library.library);
        let sites: Vec<SiteView<'a>> = views.iter().flat_map(|view| view.sites()).filter(own).collect();
        let resolved = resolved(library, views.first()?, &sites);
        let reason = library.no_http2_of(&resolved)?;
        let decisions = || reason.unless.iter().map(String::as_str).chain(DECISIONS);
        let decided = sites.iter().any(|site| decisions().any(|name| given(site, name).is_some()));
        let local = !sites.is_empty() && sites.iter().all(|site| endpoint::of_client(site) == Host::Local);
        let named = views.iter().flat_map(|view| view.module.dependencies.iter().map(move |named| (*view, named)));
        let of_package = named.filter(|(_, named)| named.package == library.package);
        let manifest = of_package.max_by_key(|(_, named)| named.is_normal);
        (!decided && !local).then_some(Self { library, resolved, reason, sites, manifest })
    }

    fn finding(&self) -> Option<Finding> {
        let demand = self.demand()?;
        let proof = self.proof();
        let subject = cost::subject(self.library, &self.resolved);
        let (message, severity, confidence) = demand.words(&self.library.package, proof.is_some());
        let sure = match proof {
            Some(proof) => format!("This is certain: {proof}."),
            None => {
                "This is likely: it is read from the manifest, and another package of the build may switch on more."
                    .to_owned()
            }
        };
        let (view, span) = self.place(&demand)?;
        let draft = Draft::new(span, message)
            .severity(severity)
            .confidence(confidence)
            .why(format!("{} ({}). {sure}", self.reason.why.trim_end_matches('.'), self.reason.source))
            .help(self.reason.help.clone())
            .chain(demand.chain())
            .client(self.client(&demand, span))
            .setting("http2", format!("off ({subject})"));
        Some(draft.finish(NAME, view.index))
    }

    /// What makes it certain, where something does.
    fn proof(&self) -> Option<String> {
        let features = self.resolved.features.as_ref()?;
        let missing = self.reason.missing.as_ref().and_then(|feature| features.lacking.get(feature));
        match missing {
            _ if features.certain => Some("these are the features that Cargo resolved".to_owned()),
            Some(needed) => Some(format!("Cargo.lock lists no `{needed}` for `{}`", self.library.package)),
            None => None,
        }
    }

    fn demand(&'a self) -> Option<Demand<'a>> {
        let asked = self.sites.iter().find_map(|site| {
            let (name, setting) = site.site.arguments.iter().find(|(name, setting)| {
                name.starts_with("http2_") && !matches!(setting.value, Value::Nothing | Value::Bool(false))
            })?;
            Some(Demand::Asked(site, name, setting.span))
        });
        let headline = self.reason.contradiction.as_deref().filter(|_| self.contradicts());
        let contradiction = headline.or_else(|| self.unheard()).map(Demand::Contradiction);
        asked.or(contradiction).or_else(|| {
            let all = self.sites.iter().filter(|site| endpoint::of_client(site) != Host::Local && !site.lifetime.owned);
            all.into_iter().find_map(|site| Some(Demand::Many(site, many(site)?)))
        })
    }

    /// What to say of a feature that asks for HTTP/2, where the manifest names it.
    fn unheard(&self) -> Option<&str> {
        let (_, named) = self.manifest.filter(|(_, named)| named.is_normal)?;
        let mut asks = self.reason.asks.iter();
        asks.find(|(feature, _)| named.features.contains(feature)).map(|(_, headline)| headline.as_str())
    }

    /// Whether the manifest's own words contradict each other, whatever other packages switch on.
    fn contradicts(&self) -> bool {
        // What only tests need is built with what they need.
        let Some((view, named)) = self.manifest.filter(|(_, named)| named.is_normal) else { return false };
        let own = match named.with_defaults {
            Some(defaults) => Some(self.library.features_in(&self.resolved.versions, &named.features, defaults)),
            None => view.project.own_features(self.library),
        };
        own.is_none_or(|own| self.reason.features.holds(&own))
    }

    /// In the manifest, where something can be done about it, or at the client.
    fn place(&self, demand: &Demand<'a>) -> Option<(&'a FileView<'a>, Span)> {
        let manifest = self.manifest.map(|(view, named)| (view, named.span));
        manifest.or(match demand {
            Demand::Asked(site, _, span) => Some((site.file, *span)),
            Demand::Many(site, _) => Some((site.file, site.site.place.span)),
            Demand::Contradiction(_) => self.sites.first().map(|site| (site.file, site.site.place.span)),
        })
    }

    fn client(&self, demand: &Demand<'_>, span: Span) -> ClientRef {
        match (self.manifest, demand) {
            (None, Demand::Asked(site, ..) | Demand::Many(site, _)) => site.client_ref(),
            _ => ClientRef {
                library: self.library.library.clone(),
                version: self.resolved.versions.exact().map(ToString::to_string),
                symbol: self.library.package.clone(),
                span,
            },
        }
    }
}

impl Demand<'_> {
    /// What is wrong, how much it matters, and how sure that is.
    fn words(&self, package: &str, certain: bool) -> (String, Severity, Confidence) {
        match self {
            Demand::Asked(_, name, _) if certain => {
                (format!("`{name}` does nothing: HTTP/2 cannot be had"), Severity::Warning, Confidence::High)
            }
            Demand::Asked(_, name, _) => {
                let message = format!("`{name}` most likely does nothing: HTTP/2 cannot be had");
                (message, Severity::Warning, Confidence::Medium)
            }
            Demand::Contradiction(headline) => ((*headline).to_owned(), Severity::Warning, Confidence::Medium),
            Demand::Many(..) => {
                let message = format!("`{package}` runs many calls at once over HTTP/1.1, a connection each");
                (message, Severity::Advice, Confidence::Medium)
            }
        }
    }

    fn chain(&self) -> Vec<Hop> {
        let hop =
            |site: &SiteView<'_>, span: Span, note: &str| Hop { file: site.file.index, span, note: note.to_owned() };
        match self {
            Demand::Asked(site, _, span) => vec![hop(site, *span, "asks for HTTP/2 here")],
            Demand::Many(site, fan_out) => {
                vec![
                    hop(site, site.site.place.span, "built here"),
                    hop(site, fan_out.place.span, "runs many calls at once"),
                ]
            }
            Demand::Contradiction(_) => Vec::new(),
        }
    }
}

/// What the package resolves `library` to, with what its code proves.
fn resolved(library: &Library, view: &FileView<'_>, sites: &[SiteView<'_>]) -> Resolved {
    let mut resolved = view.project.resolved(library);
    let called = |method: &str| sites.iter().any(|site| site.site.arguments.keys().any(|name| is_like(name, method)));
    if let Some(features) = &mut resolved.features {
        library.feature_sets_of(&resolved.versions).into_iter().for_each(|set| features.prove(set, called));
    }
    resolved
}

fn given(site: &SiteView<'_>, name: &str) -> Option<Span> {
    let setting = site.site.arguments.get(name)?;
    (setting.value != Value::Bool(false)).then_some(setting.span)
}

fn many<'a>(site: &SiteView<'a>) -> Option<&'a FanOut> {
    let all = [FanOutKind::Tasks, FanOutKind::Threads].into_iter().flat_map(|kind| site.fan_outs(kind));
    all.into_iter().find(|fan_out| fan_out.width.is_none_or(|width| width >= MANY))
}
