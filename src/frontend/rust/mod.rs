//! The Rust front end, on syn and tree-sitter-rust.
//!
//! [`gate`] looks first, [`syntax`] reads into one arena ([`recover`] helps with broken files), [`names`], [`resolve`] and
//! [`types`] learn what each name stands for; then the modules beside them lower what is called: [`sites`] the clients, which
//! [`construct`] and [`builders`] know and [`inputs`] tells more of, [`edges`] calls between the file's functions, [`uses`]
//! what is done with clients, [`fanout`] what runs at once, [`symbols`] what other files can name.

mod builders;
mod chains;
mod closures;
mod construct;
mod edges;
mod fanout;
mod flow;
mod gate;
mod guards;
mod index;
mod inputs;
mod keepers;
mod names;
mod place;
mod recover;
mod resolve;
mod sites;
mod symbols;
mod syntax;
mod types;
mod unread;
mod uses;
mod values;

use super::{LowerError, Renames};
use crate::clients::Clients;
use crate::model::Module;
use crate::source::{Language, SourceFile, Span};
use index::Index;
pub(super) use syntax::is_shallow;
use syntax::{Tree, from_syn, from_tree};

/// Lowers Rust source.
///
/// # Errors
/// The file cannot be parsed in reasonable time or depth.
pub fn lower(file: &SourceFile, clients: &Clients, renames: &Renames) -> Result<Module, LowerError> {
    let gate = gate::pass(&file.text)?;
    let (tree, broken) = read(&file.text, &gate);
    let mut index = Index::build(file, tree, clients, renames);
    let mut module = Module { language: Language::Rust, comments: gate.comments, broken, ..Module::default() };
    let sites = index.lower_sites(&mut module);
    index.lower_edges(&sites, &mut module);
    index.lower_uses(&sites, &mut module);
    index.lower_unread(&sites, &mut module);
    index.lower_fan_outs(&mut module);
    index.lower_symbols(&sites, &mut module);
    module.env_reads = index.env_reads();
    module.imports = index.names.imports().map(|(name, path)| (name.clone(), path.join("::"))).collect();
    module.imports.sort();
    module.functions = index.functions;
    module.classes = index.classes;
    Ok(module)
}

/// The syntax of a file, and what of it could not be read.
fn read(text: &str, gate: &gate::Gate) -> (Tree, Vec<Span>) {
    let _spans = Spans;
    let by_syn = gate.is_shallow.then(|| from_syn::read(text, gate)).flatten();
    let mut tree = by_syn.unwrap_or_else(|| from_tree::read(text, gate));
    let mut unread = std::mem::take(&mut tree.unread);
    unread.sort();
    (tree, unread)
}

/// The source map is kept per thread until somebody clears it.
struct Spans;

impl Drop for Spans {
    fn drop(&mut self) {
        proc_macro2::extra::invalidate_current_thread_spans();
    }
}

/// How a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// By syn; else by tree-sitter, since syn refused it or it nests too deep.
    pub by_syn: bool,
    /// Calls that were seen, those in bodies of macros included.
    pub calls: usize,
}

/// Tells how a file is read, without lowering it: to survey many.
///
/// # Errors
/// As [`lower`].
pub fn reading(text: &str) -> Result<Reading, LowerError> {
    let gate = gate::pass(text)?;
    let by_syn = gate.is_shallow && from_syn::read(text, &gate).is_some();
    let (tree, _) = read(text, &gate);
    let is_call =
        |&id: &syntax::NodeId| matches!(tree.kind(id), syntax::Kind::Call { .. } | syntax::Kind::MethodCall { .. });
    Ok(Reading { by_syn, calls: tree.ids().filter(is_call).count() })
}
