//! What names stand for, so that other files can follow them.

use super::{ClassId, FunctionId, SiteId};

/// What a name of a file, a member of a class or the result of a function is, as far as its file tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Symbol {
    /// A function of the file.
    Function(FunctionId),
    /// A class of the file.
    Class(ClassId),
    /// An object of a class of the file.
    Object(ClassId),
    /// A client that the file builds.
    Client(SiteId),
    /// Something that other files define, by its path.
    Path(String),
    /// An object of a class that other files define, or the result of a function of theirs, by its path.
    Result(String),
    /// An alias of a type that a framework fills in with the result of a function: `Annotated[T, Depends(f)]`.
    Provided(Box<Symbol>),
}
