//! What names of other files are set to, and what classes of the project derive from.

use super::{ClassRef, Names, Target};
use crate::model::{ClassId, Value};

/// Files through which a constant is handed on.
const MAX_FILES: usize = 8;

impl<'m> Names<'m> {
    /// The value of the constant that `path`, written in `file`, names.
    pub fn constant(&self, file: usize, path: &str) -> Option<&'m Value> {
        let (mut file, mut path) = (file, path.to_owned());
        for _ in 0..MAX_FILES {
            let (home, name) = path.rsplit_once('.')?;
            let home = if home.is_empty() || home.ends_with('.') { format!("{home}.") } else { home.to_owned() };
            let at = self.module_at(file, &home)?;
            let module = self.module(at)?;
            if let Some(value) = module.constants.get(name) {
                return Some(value);
            }
            let imported = module.imports.iter().find(|(bound, _)| bound == name)?;
            (file, path) = (at, imported.1.clone());
        }
        None
    }

    /// What the class `symbol`, as written in `file`, derives from outside the project.
    pub fn outside_bases(&self, file: usize, symbol: &str) -> Vec<String> {
        self.named_class(file, symbol).map_or(Vec::new(), |class| self.ancestry(class).1)
    }

    /// The class outside the project whose constructor runs where `symbol`, written in `file`, is called.
    pub fn constructed(&self, file: usize, symbol: &str) -> Option<String> {
        let (classes, outside) = self.ancestry(self.named_class(file, symbol)?);
        let mut sets_up = classes.iter().filter_map(|class| self.module(class.file)).zip(&classes);
        let changed = sets_up.any(|(module, class)| module.classes[class.id.0].methods.contains_key("__init__"));
        outside.into_iter().next().filter(|_| !changed)
    }

    /// The class that `symbol` is: of the file by its bare name, else by its path.
    fn named_class(&self, file: usize, symbol: &str) -> Option<ClassRef> {
        let own = self.module(file)?.classes.iter().position(|class| class.name == symbol);
        match own {
            Some(at) => Some(ClassRef { file, id: ClassId(at) }),
            None => match self.resolve(file, symbol)? {
                Target::Class(class) => Some(class),
                _ => None,
            },
        }
    }
}
