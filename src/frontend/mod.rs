//! Lowers source text to the model. The only code that sees a parser's types.

pub mod cargo;
mod pauses;
pub mod python;
pub mod rust;
pub mod rust_items;

use crate::clients::Clients;
use crate::model::Module;
use crate::source::{Language, SourceFile, words};
use std::collections::{BTreeMap, HashMap};

/// Why a file could not be lowered. The message is the reason shown for a skipped file.
#[derive(Debug, thiserror::Error)]
pub enum LowerError {
    /// The parser gave up.
    #[error("parsing took longer than {0} seconds")]
    Timeout(u64),
    /// Brackets or blocks nested beyond what real code has.
    #[error("nested deeper than {0} levels")]
    TooDeep(usize),
    /// The grammar and the parser library do not fit: a packaging mistake.
    #[error("the parser could not be set up: {0}")]
    Setup(String),
}

/// Crates that a package's manifest renames: the name in the code, and the crate that it stands for
/// (`http = { package = "reqwest" }`).
pub type Renames = BTreeMap<String, String>;

/// Lowers one file to what it contributes. `renames` are those of the package that a Rust file belongs to.
///
/// # Errors
/// The file cannot be parsed in reasonable time or depth; a syntax error is no error, the broken part is passed over.
pub fn lower(file: &SourceFile, clients: &Clients, renames: &Renames) -> Result<Module, LowerError> {
    let mut module = match file.language {
        Language::Python => python::lower(&file.text, clients)?,
        Language::Rust => rust::lower(file, clients, renames)?,
        Language::CargoManifest => cargo::lower(&file.text),
    };
    mark_mentioned(&mut module, &file.text);
    Ok(module)
}

/// Finds out which functions are named anywhere but where they are defined: in a table, or to be handed on.
fn mark_mentioned(module: &mut Module, text: &str) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in text.split(|at| !words::is_part(at)) {
        *counts.entry(word).or_default() += 1;
    }
    for function in &mut module.functions {
        function.is_mentioned = counts.get(function.name.as_str()).is_some_and(|count| *count > 1);
    }
}
