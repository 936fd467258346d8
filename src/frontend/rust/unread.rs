//! Responses of which only the head is looked at: where a library does not read the rest itself, that costs the connection.

use super::index::Index;
use super::sites::Sites;
use super::syntax::{Kind, NodeId};
use crate::model::{Module, Stream};

/// Methods that send a request that was built before.
const SENDS: &[&str] = &["call", "send", "send_bytes", "send_empty", "send_form", "send_json", "send_string"];
/// Methods of a response that read no more than its head.
const HEAD: &[&str] =
    &["content_length", "content_type", "header", "headers", "http_version", "status", "status_text", "version"];

impl Index<'_> {
    /// Lowers the calls whose response goes with the expression, its body unread.
    pub fn lower_unread(&self, sites: &Sites, module: &mut Module) {
        for id in self.tree.ids() {
            let Kind::MethodCall { receiver, name, .. } = self.tree.kind(id) else { continue };
            if !SENDS.contains(&name.as_str()) || !self.is_left_unread(id) {
                continue;
            }
            let Some(site) = self.requested_by(*receiver, sites) else { continue };
            // What goes out of scope is closed.
            module.streams.push(Stream { site, path: name.clone(), call: self.span(id), closed: true, left: None });
        }
    }

    /// Whether nothing but the head is asked of the response that `sent` gives: `.call()?.status()`.
    fn is_left_unread(&self, sent: NodeId) -> bool {
        let mut at = self.tree.wrapped(sent);
        while let Some(parent) = self.tree.parent(at)
            && let Kind::MethodCall { receiver, name, .. } = self.tree.kind(parent)
            && *receiver == at
        {
            if !super::flow::hands_through(name) {
                return HEAD.contains(&name.as_str());
            }
            at = self.tree.wrapped(parent);
        }
        false
    }
}
