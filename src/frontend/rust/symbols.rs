//! What other files can name, and what fields hold and functions give.

use super::flow::hands_through;
use super::index::Index;
use super::keepers::keeps;
use super::resolve::{Entity, MAX_STEPS};
use super::sites::Sites;
use super::syntax::{Kind, NodeId, Type};
use crate::model::{Callee, ClassId, FunctionId, Handed, Module, Symbol};
use std::collections::BTreeMap;

impl Index<'_> {
    /// Fills in exports, fields and results, and the functions of other files that are handed to a call by name.
    pub fn lower_symbols(&mut self, sites: &Sites, module: &mut Module) {
        self.lower_exports(sites, module);
        let handed = self.handed_functions().into_iter().filter(|(target, _)| matches!(target, Callee::Path(_)));
        module.handed = handed.map(|(target, to)| Handed { target, to, into: None }).collect();
        let results: Vec<_> = (0..self.functions.len()).map(|at| self.result_of(FunctionId(at), sites)).collect();
        for (function, result) in self.functions.iter_mut().zip(results) {
            function.result = result;
        }
        let fields: Vec<_> = (0..self.classes.len()).map(|at| self.fields_of(ClassId(at), sites)).collect();
        for (class, fields) in self.classes.iter_mut().zip(fields) {
            class.fields = fields;
        }
    }

    fn lower_exports(&self, sites: &Sites, module: &mut Module) {
        for id in self.tree.ids() {
            let Some(prefix) = self.prefix_of(id) else { continue };
            let mut export = |name: &str, symbol: Symbol| {
                module.exports.entry(format!("{prefix}{name}")).or_insert(symbol);
            };
            match self.tree.kind(id) {
                Kind::Function(of) => {
                    if let Some(function) = self.function_at(id) {
                        export(&of.name, Symbol::Function(function));
                    }
                }
                Kind::Struct(of) => {
                    if let Some(class) = self.class_at(id) {
                        export(&of.name, Symbol::Class(class));
                    }
                }
                Kind::Trait { name } => {
                    if let Some(class) = self.class_at(id) {
                        export(name, Symbol::Class(class));
                    }
                }
                Kind::Static { name, of, .. } => {
                    let built = sites.statics.get(&id).map(|&site| Symbol::Client(site));
                    let typed = || of.as_ref().and_then(|of| self.object_of(of, id));
                    if let Some(symbol) = built.or_else(typed) {
                        export(name, symbol);
                    }
                }
                Kind::Alias { name, of } => export(name, Symbol::Path(of.path.join("::"))),
                Kind::Use(imports) => {
                    for import in imports {
                        match &import.name {
                            Some(name) => export(name, Symbol::Path(self.path_from_top(&import.path, id))),
                            // What an inner module brings in is not the file's.
                            None if prefix.is_empty() => {
                                module.wildcards.push(self.path_from_top(&import.path, id));
                            }
                            None => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// `inner::` for an item of the module `inner`, nothing for one of the file; `None` for what nobody else can name.
    fn prefix_of(&self, id: NodeId) -> Option<String> {
        let mut words = Vec::new();
        for up in self.tree.ancestors(id) {
            match self.tree.kind(up) {
                Kind::File => break,
                Kind::Module { name } => words.push(name.as_str()),
                _ => return None,
            }
        }
        words.reverse();
        Some(words.into_iter().map(|word| format!("{word}::")).collect())
    }

    fn result_of(&self, function: FunctionId, sites: &Sites) -> Option<Symbol> {
        let built = sites.functions.get(&function).map(|&site| Symbol::Client(site));
        let Kind::Function(of) = self.tree.kind(self.function_nodes[function.0]) else { return built };
        let output = of.output.as_ref().and_then(|of| self.object_of(of, self.function_nodes[function.0]));
        // An object that holds the client has methods of its own.
        match (output, built) {
            (Some(Symbol::Object(class)), _) => Some(Symbol::Object(class)),
            (output, built) => built.or_else(|| self.kept_by(of.body?, sites)).or(output),
        }
    }

    /// What is kept and handed out by a function's body: `CLIENT.get_or_init(..)`.
    fn kept_by(&self, body: NodeId, sites: &Sites) -> Option<Symbol> {
        let Kind::Block { tail: Some(tail) } = self.tree.kind(body) else { return None };
        let mut at = self.tree.peel(*tail);
        while let Kind::MethodCall { receiver, name, arguments } = self.tree.kind(at) {
            if keeps(name) {
                let mut made = arguments.iter().flat_map(|&argument| self.tree.descendants(argument));
                return made.find_map(|id| sites.nodes.get(&id)).map(|&site| Symbol::Client(site));
            }
            if !hands_through(name) {
                break;
            }
            at = self.tree.peel(*receiver);
        }
        self.site_of(at, sites, MAX_STEPS).map(Symbol::Client)
    }

    fn fields_of(&self, class: ClassId, sites: &Sites) -> BTreeMap<String, Symbol> {
        let Some(&node) = self.class_nodes.get(&class) else { return BTreeMap::new() };
        let Kind::Struct(of) = self.tree.kind(node) else { return BTreeMap::new() };
        let fields = of.fields.iter().filter_map(|(name, of)| {
            let built = sites.fields.get(&(class, name.clone())).map(|&site| Symbol::Client(site));
            Some((name.clone(), built.or_else(|| self.object_of(of, node))?))
        });
        fields.collect()
    }

    fn object_of(&self, of: &Type, at: NodeId) -> Option<Symbol> {
        match self.type_named(of, at)? {
            Entity::Class(class) => Some(Symbol::Object(class)),
            Entity::Path(path) => Some(Symbol::Result(path)),
            _ => None,
        }
    }
}
