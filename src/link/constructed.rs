//! Where objects of a class are constructed, and what takes the arguments.

use super::{ClassRef, Edge, FunctionRef, Program};

impl<'m> Program<'m> {
    /// Constructions of `class` and of what derives from it.
    pub fn constructions(&self, class: ClassRef) -> Vec<Edge<'m>> {
        self.constructed(class).map(|(_, edge)| edge).collect()
    }

    /// The same, each with the class that is constructed.
    pub fn constructed(&self, class: ClassRef) -> impl Iterator<Item = (ClassRef, Edge<'m>)> {
        let derived = self.subclasses.get(&class).into_iter().flatten().copied();
        let edges = |class| self.constructions.get(&class).into_iter().flatten().map(move |edge| (class, *edge));
        std::iter::once(class).chain(derived).flat_map(edges)
    }

    /// The function that takes the arguments of a construction of `class`, in Python.
    pub fn initializer(&self, class: ClassRef) -> Option<FunctionRef> {
        self.ancestry(class).0.iter().find_map(|owner| {
            let id = *self.class(*owner).methods.get("__init__")?;
            Some(FunctionRef { file: owner.file, id })
        })
    }
}
