//! What is done with clients after they are built.

use super::place::is_field;
use super::scopes::{Def, Index};
use super::sites::Sites;
use super::tree::{children, peel, span};
use crate::model::{ClientUse, FanOut, FanOutKind, Module, SiteId, UseKind};
use crate::source::Span;
use std::collections::{BTreeMap, HashSet};
use tree_sitter::Node;

const MAX_STEPS: usize = 32;

impl<'t> Index<'t> {
    /// Lowers calls on clients and assignments to their attributes.
    pub fn lower_uses(&self, calls: &[Node<'t>], sites: &Sites, module: &mut Module) {
        for &call in calls {
            let Some(function) = call.child_by_field_name("function") else { continue };
            if let Some((site, path)) = self.member_of_site(function, sites) {
                let (arguments, _) = self.arguments(call);
                let place = self.place(call);
                module.uses.push(ClientUse { site, path, kind: UseKind::Call, place, arguments });
            }
        }
        for assignment in self.assigned_attributes() {
            module.uses.extend(self.assignment_use(assignment, sites));
        }
        let handed = self.reads.iter().filter_map(|name| self.closing_method(*name, sites));
        module.uses.extend(handed);
        let entered = self.reads.iter().filter_map(|name| {
            let (object, path) = self.entered(*name)?;
            // `with Client():` is the construction's own scope.
            let site = self.site_of(object, sites, MAX_STEPS).filter(|_| !sites.contains_key(&object.id()))?;
            let (place, path) = (self.place(object), path.to_owned());
            Some(ClientUse { site, path, kind: UseKind::Call, place, arguments: BTreeMap::new() })
        });
        module.uses.extend(entered);
    }

    /// What stands in `with NAME:`, `with NAME.attribute:` or `with NAME.method():`, with the method that this runs. It is
    /// closed at the end.
    pub(super) fn entered(&self, name: Node<'t>) -> Option<(Node<'t>, &'static str)> {
        let mut object = name;
        let mut parent = self.ast.parent(object)?;
        while parent.kind() == "attribute" {
            object = parent;
            parent = self.ast.parent(object)?;
        }
        if is_field(parent, "function", object) && object.kind() == "attribute" {
            object = parent;
            parent = self.ast.parent(object)?;
        }
        if parent.kind() == "as_pattern" {
            parent = self.ast.parent(parent)?;
        }
        let with = self.ast.ancestors(parent).take(2).find(|at| at.kind() == "with_statement")?;
        let is_async = with.child(0).is_some_and(|first| first.kind() == "async");
        (parent.kind() == "with_item").then_some((object, if is_async { "__aenter__" } else { "__enter__" }))
    }

    /// Assignments whose target is an attribute or an item of one.
    fn assigned_attributes(&self) -> Vec<Node<'t>> {
        let mut found: Vec<Node<'t>> = Vec::new();
        let mut seen = HashSet::new();
        for &name in &self.reads {
            let assignment = self.ast.ancestors(name).take(6).find(|node| node.kind() == "assignment");
            if let Some(assignment) = assignment
                && let Some(left) = assignment.child_by_field_name("left")
                && matches!(left.kind(), "attribute" | "subscript")
                && span(left).contains(span(name))
                && seen.insert(assignment.id())
            {
                found.push(assignment);
            }
        }
        found.sort_by_key(Node::start_byte);
        found
    }

    /// `client.aclose` that is not called here.
    fn closing_method(&self, name: Node<'t>, sites: &Sites) -> Option<ClientUse> {
        let attribute = self.ast.parent(name).filter(|parent| parent.kind() == "attribute")?;
        let called = self.ast.parent(attribute).is_some_and(|parent| parent.kind() == "call");
        if called || !matches!(self.ast.field_text(attribute, "attribute"), "close" | "aclose") {
            return None;
        }
        let (site, path) = self.member_of_site(attribute, sites)?;
        let place = self.place(attribute);
        Some(ClientUse { site, path, kind: UseKind::HandOn, place, arguments: BTreeMap::new() })
    }

    fn assignment_use(&self, assignment: Node<'t>, sites: &Sites) -> Option<ClientUse> {
        let left = assignment.child_by_field_name("left")?;
        let right = assignment.child_by_field_name("right")?;
        let (target, key) = match left.kind() {
            "subscript" => {
                let key = self.setting(left.child_by_field_name("subscript")?).value;
                let crate::model::Value::Text(key) = key else { return None };
                (left.child_by_field_name("value")?, key)
            }
            _ => (left, "=".to_owned()),
        };
        let (site, path) = self.member_of_site(target, sites)?;
        let arguments = BTreeMap::from([(key, self.setting(right))]);
        Some(ClientUse { site, path, kind: UseKind::Assign, place: self.place(assignment), arguments })
    }

    /// `client.messages.create` as the client's site and `messages.create`.
    pub(super) fn member_of_site(&self, node: Node<'t>, sites: &Sites) -> Option<(SiteId, String)> {
        let mut names = Vec::new();
        let mut node = peel(node);
        while node.kind() == "attribute" {
            if let Some(site) = self.site_of(node, sites, MAX_STEPS) {
                return (!names.is_empty()).then(|| (site, path(names)));
            }
            names.push(self.ast.field_text(node, "attribute"));
            node = peel(node.child_by_field_name("object")?);
        }
        let site = self.site_of(node, sites, MAX_STEPS)?;
        (!names.is_empty()).then(|| (site, path(names)))
    }

    /// The site that built the value of an expression.
    pub fn site_of(&self, node: Node<'t>, sites: &Sites, steps: usize) -> Option<SiteId> {
        let steps = steps.checked_sub(1)?;
        let node = peel(node);
        if let Some(known) = self.clients.borrow().get(&node.id()) {
            return *known;
        }
        self.clients.borrow_mut().insert(node.id(), None);
        let site = self.find_site(node, sites, steps);
        self.clients.borrow_mut().insert(node.id(), site);
        site
    }

    fn find_site(&self, node: Node<'t>, sites: &Sites, steps: usize) -> Option<SiteId> {
        match node.kind() {
            "call" => sites.get(&node.id()).copied().or_else(|| {
                let function = node.child_by_field_name("function")?;
                if let Some(made) = self.field_factory(node).and_then(|made| made.child_by_field_name("body")) {
                    return self.site_of(made, sites, steps);
                }
                let name = self.ast.field_text(function, "attribute");
                if matches!(name, "with_options" | "copy") {
                    return self.site_of(function.child_by_field_name("object")?, sites, steps);
                }
                if matches!(name, "get" | "setdefault" | "pop")
                    && let Some(site) = self.site_of_item(function.child_by_field_name("object")?, sites, steps)
                {
                    return Some(site);
                }
                match self.resolve(function)? {
                    super::resolve::Entity::Function(function) => {
                        self.returned(function).into_iter().find_map(|value| self.site_of(value, sites, steps))
                    }
                    _ => None,
                }
            }),
            "identifier" => {
                // A name that is bound again holds what it was bound to last, as far as the text tells.
                let values = self.defs(self.ast.text(node), node).iter().filter_map(|def| match def {
                    Def::Value(value) | Def::With(value) => Some(*value),
                    _ => None,
                });
                let (before, after): (Vec<_>, Vec<_>) =
                    values.partition(|value| value.start_byte() < node.start_byte());
                before.into_iter().rev().chain(after).find_map(|value| self.site_of(value, sites, steps))
            }
            "attribute" => self.site_of_field(node, sites, steps),
            "subscript" => self.site_of_item(node.child_by_field_name("value")?, sites, steps),
            "boolean_operator" | "conditional_expression" => {
                // `self._session or ClientSession()`: what is built here comes before what may be kept elsewhere.
                let built = |child: &&Node<'t>| sites.contains_key(&child.id());
                let parts = children(node);
                let ordered = parts.iter().filter(built).chain(parts.iter().filter(|child| !built(child)));
                ordered.copied().find_map(|child| self.site_of(child, sites, steps))
            }
            "named_expression" => self.site_of(node.child_by_field_name("value")?, sites, steps),
            _ => None,
        }
    }

    /// A client that is put under some key of `container`.
    fn site_of_item(&self, container: Node<'t>, sites: &Sites, steps: usize) -> Option<SiteId> {
        let mut values = self.items.get(self.ast.text(container)).into_iter().flatten();
        values.find_map(|value| self.site_of(*value, sites, steps))
    }

    fn site_of_field(&self, node: Node<'t>, sites: &Sites, steps: usize) -> Option<SiteId> {
        let object = node.child_by_field_name("object")?;
        let name = self.ast.field_text(node, "attribute");
        if self.ast.text(object).ends_with(".state") {
            let mut values = self.states.get(name).into_iter().flatten();
            return values.find_map(|value| self.site_of(*value, sites, steps));
        }
        let class = match self.resolve(object)? {
            super::resolve::Entity::Object(class) | super::resolve::Entity::Class(class) => class,
            _ => return None,
        };
        if let Some(method) = self.method(class, name).filter(|&method| self.is_property(method)) {
            return self.returned(method).into_iter().find_map(|value| self.site_of(value, sites, steps));
        }
        let fields = self.fields.get(&(class, name)).into_iter().flatten();
        let body = self.scopes.iter().find(|scope| scope.class == Some(class));
        let class_values = body.and_then(|scope| scope.names.get(name)).into_iter().flatten();
        let class_values = class_values.filter_map(|def| match def {
            Def::Value(value) => Some(value),
            _ => None,
        });
        fields.chain(class_values).find_map(|value| self.site_of(*value, sites, steps))
    }

    /// A client that serves a whole loop or fan-out of its own scope is amortised over it.
    pub fn mark_amortised(&self, module: &mut Module) {
        let mut amortised = Vec::new();
        for usage in &module.uses {
            let site = module.site(usage.site);
            let inside = |span: Span| !span.contains(site.place.span);
            let loops = usage.place.repeats.iter().filter(|repeat| repeat.is_real());
            if usage.place.function == site.place.function && loops.filter(|repeat| inside(repeat.span)).count() > 0 {
                amortised.push(usage.site);
            }
        }
        for (at, site) in module.sites.iter().enumerate() {
            let scope = site.scope.unwrap_or(site.place.span);
            let fans = module.fan_outs.iter().any(|fan| fan.kind != FanOutKind::Loop && scope.contains(fan.place.span));
            if fans && site.scope.is_some() {
                amortised.push(SiteId(at));
            }
        }
        for site in amortised {
            module.sites[site.0].amortised = true;
        }
        for call in &mut module.calls {
            let wide = |fan: &&FanOut| fan.kind != FanOutKind::Loop;
            let fans = |scope: Span| module.fan_outs.iter().filter(wide).any(|fan| scope.contains(fan.place.span));
            call.amortised |= call.scope.is_some_and(fans);
        }
    }
}

fn path(mut names: Vec<&str>) -> String {
    names.reverse();
    names.join(".")
}
