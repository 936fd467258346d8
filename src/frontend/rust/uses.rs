//! What is done with clients after they are built.

use super::index::Index;
use super::sites::Sites;
use super::syntax::{Kind, NodeId};
use crate::model::{ClientUse, Module, SiteId, UseKind};

const MAX_STEPS: usize = 24;

impl Index<'_> {
    /// Lowers calls on clients.
    pub fn lower_uses(&self, sites: &Sites, module: &mut Module) {
        for id in self.tree.ids() {
            let Kind::MethodCall { receiver, name, arguments } = self.tree.kind(id) else { continue };
            if sites.nodes.contains_key(&id) || super::flow::hands_through(name) {
                continue;
            }
            let site = match name.as_str() {
                // What is set on a request: `client.get(url).header(name, value)`.
                "header" => self.requested_by(*receiver, sites),
                "timeout" => {
                    let client = self.site_of(*receiver, sites, MAX_STEPS);
                    client.or_else(|| self.requested_by(*receiver, sites))
                }
                _ => self.site_of(*receiver, sites, MAX_STEPS),
            };
            let Some(site) = site else { continue };
            let arguments =
                arguments.iter().enumerate().map(|(at, argument)| (at.to_string(), self.setting(*argument)));
            module.uses.push(ClientUse {
                site,
                path: name.clone(),
                kind: UseKind::Call,
                place: self.place(id),
                arguments: arguments.collect(),
            });
        }
        self.mark_amortised(module);
    }

    /// The site of the client whose request a chain builds.
    pub(super) fn requested_by(&self, request: NodeId, sites: &Sites) -> Option<SiteId> {
        let mut at = self.tree.peel(request);
        while let Kind::MethodCall { receiver, .. } = self.tree.kind(at) {
            if let Some(site) = self.site_of(*receiver, sites, MAX_STEPS) {
                return Some(site);
            }
            at = self.tree.peel(*receiver);
        }
        None
    }

    /// A client whose loop in the same function uses it in each turn is amortised over it.
    fn mark_amortised(&self, module: &mut Module) {
        let amortised = module.uses.iter().filter(|usage| {
            let site = module.site(usage.site);
            let real = usage.place.repeats.iter().filter(|repeat| repeat.is_real());
            usage.place.function == site.place.function
                && real.into_iter().any(|repeat| !repeat.span.contains(site.place.span))
        });
        let amortised: Vec<_> = amortised.map(|usage| usage.site).collect();
        for site in amortised {
            module.sites[site.0].amortised = true;
        }
    }
}
