//! Where a client's calls go: base URL and region, set in the code, read from a variable, or the documented default.

use super::{Construction, Effective, Origin, Settings};
use crate::clients::schema::{ClientSpec, Library, RegionSpec};
use crate::clients::versions::Fit;
use crate::model::Value;

impl Settings<'_> {
    /// The base URL; what the SDK reads a variable for is that variable, with the documented default.
    pub(super) fn base_url(&self, at: Construction<'_>, library: &Library, spec: &ClientSpec) -> Effective {
        let described = spec.base_url.as_ref();
        let places = described.map(|base| &base.arguments);
        let places = places.or(spec.arguments.get("base-url")).or(library.arguments.get("base-url"));
        let own = places.and_then(|places| self.own(at, spec, places));
        if let Some(own) = own.filter(|own| own.value != Value::Nothing) {
            return own;
        }
        // Another product of the vendor has another host.
        let elsewhere = spec.region.as_ref().is_some_and(|region| self.applies(region, at) != Some(false));
        let Some(base) = described.filter(|_| !at.open_ended && !elsewhere) else { return Effective::unknown() };
        // Which constructor of a Rust SDK reads the variable is not told here.
        if !base.constructors.is_empty() {
            return Effective::unknown();
        }
        let resolved = (self.resolved)(library);
        // Of older versions neither the variable nor the host is known.
        if resolved.versions.fit(base.since.as_deref(), None) != Fit::Whole {
            return Effective::unknown();
        }
        let documented = Value::Text(base.default.clone());
        let value = match base.variables.first() {
            Some(name) => Value::Env { name: name.clone(), default: Some(Box::new(documented)) },
            None => documented,
        };
        Effective { value, origin: Origin::default_of(&resolved, library, &base.source) }
    }

    /// The region; what the SDK reads a variable for is that variable.
    pub(super) fn region(&self, at: Construction<'_>, library: &Library, spec: &ClientSpec) -> Effective {
        let Some(region) = &spec.region else { return Effective::unknown() };
        let own = self.own(at, spec, &region.arguments).filter(|own| own.value != Value::Nothing);
        own.unwrap_or_else(|| match region.variables.first().filter(|_| !at.open_ended) {
            Some(name) if self.applies(region, at) == Some(true) => {
                let value = Value::Env { name: name.clone(), default: None };
                Effective { value, origin: Origin::default_of(&(self.resolved)(library), library, &region.source) }
            }
            _ => Effective::unknown(),
        })
    }

    /// Whether a region is asked for at all; `None` where that cannot be known.
    fn applies(&self, region: &RegionSpec, at: Construction<'_>) -> Option<bool> {
        let Some(switch) = &region.only_with else { return Some(true) };
        match at.argument(switch, &[]).map(|given| &given.value) {
            None | Some(Value::Nothing | Value::Bool(false)) => Some(false),
            Some(Value::Bool(true)) => Some(true),
            Some(_) => None,
        }
    }
}
