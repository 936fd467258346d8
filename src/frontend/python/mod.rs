//! The Python front end, on tree-sitter-python.
//!
//! Two passes: [`scopes`] learns what each name stands for, then the modules beside this one lower what is called:
//! [`sites`] the clients, [`edges`] calls between the file's functions, [`uses`] what is done with clients,
//! [`streams`] responses that are read piece by piece, [`fanout`] what runs at once, [`symbols`] what other files can name.

mod assigned;
mod bind;
mod conditions;
mod decorators;
mod edges;
mod fallback;
mod fanout;
mod flow;
mod guards;
mod held;
mod keep;
mod place;
mod resolve;
mod scopes;
mod sites;
mod spread;
mod streams;
mod symbols;
mod tree;
mod uses;
mod values;

use super::LowerError;
use crate::clients::Clients;
use crate::model::Module;
use scopes::Index;
use tree::{Ast, Step, span, walk};
use tree_sitter::Node;

/// Lowers Python source.
pub fn lower(text: &str, clients: &Clients) -> Result<Module, LowerError> {
    let tree = tree::parse(text)?;
    let mut index = Index::build(Ast::new(text, &tree)?)?;
    index.resolve_decorators();
    let mut module = Module::default();
    let calls = collect(&index, &mut module)?;
    let sites = index.lower_sites(&calls, clients, &mut module);
    index.lower_edges(&calls, &sites, &mut module);
    index.lower_uses(&calls, &sites, &mut module);
    index.lower_streams(&calls, &sites, &mut module);
    index.lower_fan_outs(&calls, &mut module);
    index.lower_handed(&calls, &mut module);
    index.lower_mounts(&calls, &mut module);
    index.mark_amortised(&mut module);
    index.lower_symbols(&sites, &mut module);
    module.imports = index.imports();
    module.functions = index.functions;
    module.classes = index.classes;
    Ok(module)
}

/// One walk for what is needed flat: calls, comments, broken text.
fn collect<'t>(index: &Index<'t>, module: &mut Module) -> Result<Vec<Node<'t>>, LowerError> {
    let mut calls = Vec::new();
    walk(index.ast.root, |step| {
        let Step::Enter(node) = step else { return };
        match node.kind() {
            "call" => calls.push(node),
            "comment" => module.comments.push(span(node)),
            _ if node.is_error() || node.is_missing() => module.broken.push(span(node)),
            _ => {}
        }
    })?;
    Ok(calls)
}
