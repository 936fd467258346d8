//! Follows paths from file to file to what they stand for: imports, re-exports, aliases, members, results.

use super::imports::Import;
use super::layout::Layout;
use super::trail::Trail;
use super::{ClassRef, FunctionRef, SiteRef};
use crate::model::{ClassId, Module, Symbol};
use crate::source::Language;

/// What is known of a file.
#[derive(Clone, Copy)]
pub enum Contents<'m> {
    /// It was parsed.
    Lowered(&'m Module),
    /// Only its imports were looked at.
    Imports(&'m [Import]),
}

/// What a path stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A function.
    Function(FunctionRef),
    /// A class.
    Class(ClassRef),
    /// An object of a class.
    Object(ClassRef),
    /// A member of a class that no file shows.
    Member(ClassRef, String),
    /// A client, and the member of it that the path ends with, if any.
    Client(SiteRef, String),
    /// What fills in a parameter of this type.
    Provided(Box<Target>),
    /// A whole file.
    Module(usize),
    /// Something outside the project, by its path there.
    External(String),
}

/// All names of a run.
pub struct Names<'m> {
    pub(super) layout: &'m Layout,
    pub(super) contents: Vec<Contents<'m>>,
}

impl<'m> Names<'m> {
    /// Of the files whose places `layout` knows, in its order.
    pub fn new(layout: &'m Layout, contents: Vec<Contents<'m>>) -> Self {
        Self { layout, contents }
    }

    /// The module of `file`, where it was parsed.
    pub fn module(&self, file: usize) -> Option<&'m Module> {
        match self.contents[file] {
            Contents::Lowered(module) => Some(module),
            Contents::Imports(_) => None,
        }
    }

    pub(super) fn language(&self, file: usize) -> Language {
        self.module(file).map_or(Language::Python, |module| module.language)
    }

    /// What `path`, written in `file`, stands for; `None` where it leads into the project, and then nowhere.
    pub fn resolve(&self, file: usize, path: &str) -> Option<Target> {
        self.find(file, path, &mut Trail::default())
    }

    fn find(&self, file: usize, path: &str, trail: &mut Trail) -> Option<Target> {
        trail.step()?;
        match self.language(file) {
            Language::Rust => self.find_rust(file, path, trail),
            _ => self.find_python(file, path, trail),
        }
    }

    /// The file that the whole of `path`, written in a Python file, leads to, whatever its package calls by that name.
    pub fn module_at(&self, file: usize, path: &str) -> Option<usize> {
        let rest = path.trim_start_matches('.');
        let words: Vec<&str> = rest.split('.').filter(|word| !word.is_empty()).collect();
        let (lead, used) = self.layout.python(file, path.len() - rest.len(), &words)?;
        (used == words.len()).then_some(lead)
    }

    fn find_python(&self, file: usize, path: &str, trail: &mut Trail) -> Option<Target> {
        let rest = path.trim_start_matches('.');
        let up = path.len() - rest.len();
        let words: Vec<&str> = rest.split('.').filter(|word| !word.is_empty()).collect();
        let Some((lead, used)) = self.layout.python(file, up, &words) else {
            return (up == 0).then(|| Target::External(path.to_owned()));
        };
        if used < words.len() {
            return self.member(lead, &words[used..], trail);
        }
        // A package may give a name of its own to what is also one of its modules.
        let package = used.checked_sub(1).and_then(|above| self.layout.python(file, up, &words[..above]));
        let shadow = package.filter(|(_, above)| *above + 1 == used).and_then(|(package, _)| {
            let own = self.module(package)?.exports.get(words[used - 1])?;
            (!matches!(own, Symbol::Path(_))).then(|| self.follow(package, own, &[], trail)).flatten()
        });
        Some(shadow.unwrap_or(Target::Module(lead)))
    }

    fn find_rust(&self, file: usize, path: &str, trail: &mut Trail) -> Option<Target> {
        let words: Vec<&str> = path.split("::").collect();
        let leads = self.layout.rust(file, &words);
        if leads.is_empty() {
            // What one `*` brings in is not looked for through the next.
            let wildcards = self.module(file).filter(|_| trail.is_new(file, "*".to_owned()));
            let found = wildcards.and_then(|module| self.brought(file, &module.wildcards, &words, trail));
            return found.or_else(|| Some(Target::External(path.to_owned())));
        }
        leads.into_iter().find_map(|(lead, used)| match words.get(used..) {
            Some([]) | None => Some(Target::Module(lead)),
            Some(rest) => self.member(lead, rest, trail),
        })
    }

    /// What `words` stand for in `file`.
    fn member(&self, file: usize, words: &[&str], trail: &mut Trail) -> Option<Target> {
        trail.step()?;
        if !trail.is_new(file, words.join(".")) {
            return None;
        }
        let module = match self.contents[file] {
            Contents::Lowered(module) => module,
            Contents::Imports(imports) => return self.imported(file, imports, words, trail),
        };
        let separator = separator(module.language);
        // In Rust, names of inner modules are one with the module's.
        let takes = if module.language == Language::Rust { words.len() } else { 1 };
        for take in (1..=takes).rev() {
            if let Some(symbol) = module.exports.get(&words[..take].join(separator)) {
                return self.follow(file, symbol, &words[take..], trail);
            }
        }
        self.brought(file, &module.wildcards, words, trail)
    }

    /// What `words` stand for by the names that `file` brings in with `*`.
    fn brought(&self, file: usize, wildcards: &[String], words: &[&str], trail: &mut Trail) -> Option<Target> {
        let separator = separator(self.language(file));
        let rest = words.join(separator);
        let steps = trail.steps;
        let brought = wildcards.iter().filter_map(|from| {
            trail.steps = steps;
            let dot = if from.ends_with('.') { "" } else { separator };
            self.find(file, &format!("{from}{dot}{rest}"), trail)
        });
        brought.into_iter().find(|target| !matches!(target, Target::External(_)))
    }

    fn imported(&self, file: usize, imports: &[Import], words: &[&str], trail: &mut Trail) -> Option<Target> {
        let (first, rest) = words.split_first()?;
        let named = imports.iter().find(|import| import.name == *first && !import.is_whole);
        let paths = match named {
            Some(import) => vec![join(&import.path, rest)],
            None => {
                let wild = imports.iter().filter(|import| import.name == "*");
                wild.map(|import| join(&import.path, words)).collect()
            }
        };
        let steps = trail.steps;
        let mut found = paths.iter().filter_map(|path| {
            trail.steps = steps;
            self.find_python(file, path, trail)
        });
        found.find(|target| named.is_some() || !matches!(target, Target::External(_)))
    }

    /// What `rest` is of `symbol`, which `file` knows.
    pub fn follow(&self, file: usize, symbol: &Symbol, rest: &[&str], trail: &mut Trail) -> Option<Target> {
        trail.step()?;
        match symbol {
            Symbol::Function(id) => self.of_function(FunctionRef { file, id: *id }, rest, trail),
            Symbol::Class(id) => self.of_class(ClassRef { file, id: *id }, rest, trail),
            Symbol::Object(id) => match rest {
                [] => Some(Target::Object(self.canonical_on(ClassRef { file, id: *id }, trail))),
                _ => self.of_class(ClassRef { file, id: *id }, rest, trail),
            },
            Symbol::Client(id) => Some(Target::Client(SiteRef { file, id: *id }, rest.join("."))),
            Symbol::Path(path) => {
                let separator = separator(self.language(file));
                let path = below(path.clone(), separator, rest);
                self.find(file, &path, trail)
            }
            Symbol::Result(path) => match self.find(file, path, trail)? {
                Target::Class(class) if rest.is_empty() => Some(Target::Object(class)),
                Target::Class(class) => self.of_class(class, rest, trail),
                Target::Function(function) => self.of_result(function, rest, trail),
                target => self.beyond(target, rest, separator(self.language(file))),
            },
            Symbol::Provided(symbol) => Some(Target::Provided(Box::new(self.follow(file, symbol, rest, trail)?))),
        }
    }

    fn beyond(&self, target: Target, rest: &[&str], separator: &str) -> Option<Target> {
        match target {
            Target::External(path) => Some(Target::External(below(path, separator, rest))),
            Target::Client(site, member) => {
                let words = (!member.is_empty()).then_some(member.as_str()).into_iter().chain(rest.iter().copied());
                Some(Target::Client(site, words.collect::<Vec<_>>().join(".")))
            }
            target if rest.is_empty() => Some(target),
            _ => None,
        }
    }

    fn of_function(&self, function: FunctionRef, rest: &[&str], trail: &mut Trail) -> Option<Target> {
        match rest {
            [] => Some(Target::Function(function)),
            _ => self.of_result(function, rest, trail),
        }
    }

    fn of_result(&self, function: FunctionRef, rest: &[&str], trail: &mut Trail) -> Option<Target> {
        let result = self.module(function.file)?.function(function.id).result.as_ref()?;
        self.follow(function.file, result, rest, trail)
    }

    /// The class where it is declared: in Rust, an `impl` may stand in another file than its type.
    pub fn canonical(&self, class: ClassRef) -> ClassRef {
        self.canonical_on(class, &Trail::default())
    }

    fn canonical_on(&self, class: ClassRef, trail: &Trail) -> ClassRef {
        let declared = self.module(class.file).and_then(|module| module.classes[class.id.0].declared.as_ref());
        let found = declared.and_then(|path| self.find(class.file, path, &mut trail.within()?));
        match found {
            Some(Target::Class(class)) => class,
            _ => class,
        }
    }

    fn of_class(&self, class: ClassRef, rest: &[&str], trail: &mut Trail) -> Option<Target> {
        trail.step()?;
        let Some((name, rest)) = rest.split_first() else {
            return Some(Target::Class(self.canonical_on(class, trail)));
        };
        let mut outside = None;
        for owner in self.with_bases(class, &mut outside, trail) {
            let Some(of) = self.module(owner.file).map(|module| &module.classes[owner.id.0]) else { continue };
            if let Some(&id) = of.methods.get(*name) {
                return self.of_function(FunctionRef { file: owner.file, id }, rest, trail);
            }
            if let Some(symbol) = of.fields.get(*name) {
                return self.follow(owner.file, symbol, rest, trail);
            }
        }
        match outside {
            Some(base) => {
                let separator = separator(self.language(class.file));
                Some(Target::External(below(format!("{base}{separator}{name}"), separator, rest)))
            }
            None => Some(Target::Member(self.canonical_on(class, trail), (*name).to_owned())),
        }
    }

    /// The class, its parts in other files, and its bases in the project, nearest first; the first base outside it goes to
    /// `outside`.
    fn with_bases(&self, class: ClassRef, outside: &mut Option<String>, trail: &Trail) -> Vec<ClassRef> {
        let mut found = vec![class, self.canonical_on(class, trail)];
        found.dedup();
        let mut at = 0;
        while at < found.len() && found.len() < MAX_CLASSES {
            for base in self.bases(found[at], trail) {
                match base {
                    Target::Class(base) if !found.contains(&base) => found.push(base),
                    Target::External(path) => {
                        outside.get_or_insert(path);
                    }
                    _ => {}
                }
            }
            at += 1;
        }
        found
    }

    /// The classes of the project that `class` derives from, itself first, and the paths of those outside it.
    pub fn ancestry(&self, class: ClassRef) -> (Vec<ClassRef>, Vec<String>) {
        let mut classes = vec![class];
        let mut outside = Vec::new();
        let mut at = 0;
        while at < classes.len() && classes.len() < MAX_CLASSES {
            for base in self.bases(classes[at], &Trail::default()) {
                match base {
                    Target::Class(base) if !classes.contains(&base) => classes.push(base),
                    Target::External(path) if !outside.contains(&path) => outside.push(path),
                    _ => {}
                }
            }
            at += 1;
        }
        (classes, outside)
    }

    /// The bases of a class, those of its parts in other files left out.
    fn bases(&self, class: ClassRef, trail: &Trail) -> Vec<Target> {
        let Some(module) = self.module(class.file) else { return Vec::new() };
        let own = |name: &str| module.classes.iter().position(|class| class.name == *name).map(ClassId);
        let bases = module.classes[class.id.0].bases.iter().map(|base| match own(base) {
            Some(id) => Target::Class(ClassRef { file: class.file, id }),
            None => {
                let found = trail.within().and_then(|mut trail| self.find(class.file, base, &mut trail));
                found.unwrap_or_else(|| Target::External(base.clone()))
            }
        });
        bases.collect()
    }

    /// `path` as those outside the project know it: `.app.app.get` as `fastapi.FastAPI.get`.
    pub fn outside(&self, file: usize, path: &str) -> Option<String> {
        match self.find(file, path, &mut Trail::default()) {
            Some(Target::External(path)) => Some(path),
            _ => None,
        }
    }
}

/// Classes of one hierarchy; no real one is larger.
const MAX_CLASSES: usize = 64;

fn separator(language: Language) -> &'static str {
    if language == Language::Rust { "::" } else { "." }
}

fn below(path: String, separator: &str, words: &[&str]) -> String {
    words.iter().fold(path, |path, word| format!("{path}{separator}{word}"))
}

pub(super) fn join(path: &str, rest: &[&str]) -> String {
    rest.iter().fold(path.to_owned(), |path, word| match path.ends_with('.') {
        true => format!("{path}{word}"),
        false => format!("{path}.{word}"),
    })
}
