//! Client constructions and one-shot requests.

use super::construct::Construction;
use super::flow::Flow;
use super::index::Index;
use super::names::{Bound, LocalId};
use super::resolve::Entity;
use super::syntax::{Kind, NodeId};
use super::values::Level;
use crate::model::{Binding, ClassId, ClientSite, FunctionId, Module, SiteId};
use std::collections::HashMap;

/// Which site's client each thing holds.
#[derive(Debug, Default)]
pub struct Sites {
    pub nodes: HashMap<NodeId, SiteId>,
    pub locals: HashMap<LocalId, SiteId>,
    pub fields: HashMap<(ClassId, String), SiteId>,
    pub statics: HashMap<NodeId, SiteId>,
    pub functions: HashMap<FunctionId, SiteId>,
}

impl Sites {
    fn remember(&mut self, site: SiteId, flow: &Flow) {
        flow.locals.iter().for_each(|&local| _ = self.locals.entry(local).or_insert(site));
        flow.fields.iter().for_each(|field| _ = self.fields.entry(field.clone()).or_insert(site));
        flow.statics.iter().for_each(|&item| _ = self.statics.entry(item).or_insert(site));
        flow.functions.iter().for_each(|&function| _ = self.functions.entry(function).or_insert(site));
    }
}

impl Index<'_> {
    /// Lowers constructions and one-shots.
    pub fn lower_sites(&self, module: &mut Module) -> Sites {
        let mut sites = Sites::default();
        let mut owners = Vec::new();
        for id in self.tree.ids() {
            let Some(built) = self.construction(id, Level::Outer) else { continue };
            // The fallback of a client's own construction is no client beside it.
            if let Some(site) = self.fallback_of(id, &sites) {
                sites.nodes.insert(id, site);
                continue;
            }
            let site = SiteId(module.sites.len());
            let flow = self.flow(id);
            sites.nodes.insert(id, site);
            sites.remember(site, &flow);
            owners.push((site, flow.owners.clone()));
            module.sites.push(self.site(id, built, flow));
        }
        for (site, calls) in owners {
            let owner = calls.iter().find_map(|call| self.owner(*call, &sites)).filter(|owner| *owner != site);
            module.sites[site.0].bindings.extend(owner.map(Binding::Owned));
        }
        sites
    }

    /// The site in whose place `id` stands where that could not be built: `build().unwrap_or_else(|_| Client::new())`.
    fn fallback_of(&self, id: NodeId, sites: &Sites) -> Option<SiteId> {
        if let Kind::MethodCall { receiver, name, .. } = self.tree.kind(id)
            && name == "unwrap_or_default"
        {
            return self.tried(*receiver, sites);
        }
        let mut at = self.tree.wrapped(id);
        loop {
            let parent = self.tree.parent(at)?;
            match self.tree.kind(parent) {
                Kind::Block { tail } if *tail == Some(at) => {}
                Kind::Closure { body, .. } if *body == at => {}
                Kind::MethodCall { receiver, name, arguments } if arguments.contains(&at) => {
                    let otherwise = matches!(name.as_str(), "unwrap_or" | "unwrap_or_else" | "or" | "or_else");
                    return otherwise.then(|| self.tried(*receiver, sites)).flatten();
                }
                Kind::Arm { pattern, scrutinee, body } if *body == at && pattern.variant.as_deref() != Some("Ok") => {
                    return self.tried(*scrutinee, sites);
                }
                _ => return None,
            }
            at = self.tree.wrapped(parent);
        }
    }

    /// The site of a construction that may fail.
    fn tried(&self, id: NodeId, sites: &Sites) -> Option<SiteId> {
        let mut at = self.tree.peel(id);
        loop {
            match self.tree.kind(at) {
                _ if sites.nodes.contains_key(&at) => return sites.nodes.get(&at).copied(),
                Kind::MethodCall { receiver, name, .. } if super::flow::hands_through(name) => {
                    at = self.tree.peel(*receiver);
                }
                _ => return None,
            }
        }
    }

    /// The site that a call is part of: its chain ends there, or begins there.
    fn owner(&self, call: NodeId, sites: &Sites) -> Option<SiteId> {
        let mut at = call;
        loop {
            if let Some(&site) = sites.nodes.get(&at) {
                return Some(site);
            }
            let outer = self.tree.wrapped(at);
            match self.tree.parent(outer).map(|parent| (parent, self.tree.kind(parent))) {
                Some((parent, Kind::MethodCall { receiver, .. })) if *receiver == outer => at = parent,
                _ => break,
            }
        }
        let mut at = call;
        while let Kind::MethodCall { receiver, .. } = self.tree.kind(at) {
            at = self.tree.peel(*receiver);
            if let Some(&site) = sites.nodes.get(&at) {
                return Some(site);
            }
        }
        None
    }

    fn site(&self, id: NodeId, mut built: Construction, flow: Flow) -> ClientSite {
        self.add_injected(id, &mut built);
        let injectable = flow.injectable || self.is_apart(&built);
        let mut place = self.place(id);
        if let Some(begun) = built.begun {
            place.span = self.span(begun);
        }
        let caller_values = self.caller_values(&built, &place);
        let loop_values = self.loop_values(&built, &place);
        let reads = self.reads(id, &built);
        ClientSite {
            reads,
            block: self.block_around(id),
            guard: self.guard(id).or(flow.guard),
            reopened: false,
            symbol: built.symbol,
            constructor: built.constructor,
            kind: built.kind,
            bindings: flow.bindings,
            name: flow.name,
            arguments: built.arguments,
            open_ended: built.open_ended,
            spread: Vec::new(),
            receiver: None,
            scope: None,
            amortised: flow.amortised,
            caller_values,
            loop_values,
            injectable,
            place,
        }
    }

    /// The site that built the value of an expression.
    pub fn site_of(&self, id: NodeId, sites: &Sites, steps: usize) -> Option<SiteId> {
        let steps = steps.checked_sub(1)?;
        let id = self.tree.peel(id);
        if let Some(&site) = sites.nodes.get(&id) {
            return Some(site);
        }
        match self.tree.kind(id) {
            Kind::Path(_) => match self.resolve(id)? {
                Entity::Local(local) => sites.locals.get(&local).copied().or_else(|| {
                    let local = self.names.local(local);
                    self.site_of(local.value.filter(|_| local.bound == Bound::Value)?, sites, steps)
                }),
                Entity::Static(item) => sites.statics.get(&item).copied(),
                _ => None,
            },
            Kind::Field { base, name } => {
                let Entity::Class(class) = self.type_of(*base)? else { return None };
                sites.fields.get(&(class, name.clone())).copied()
            }
            Kind::Call { function, .. } => match self.resolve(self.tree.peel(*function))? {
                Entity::Function(function) => sites.functions.get(&function).copied(),
                _ => None,
            },
            Kind::MethodCall { receiver, name, .. } => match self.method_of(id) {
                Some(method) => sites.functions.get(&method).copied(),
                None if super::flow::hands_through(name)
                    || name.starts_with("with_")
                    || name == "get_or_init"
                    || name == "get" =>
                {
                    self.site_of(*receiver, sites, steps)
                        .filter(|site| name != "get" || sites.statics.values().any(|kept| kept == site))
                }
                None => None,
            },
            _ => None,
        }
    }
}
