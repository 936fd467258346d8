//! Which files matter beyond those that name a client: those that name a function on the way from a client up to whoever
//! calls it, found round by round.

use super::imports::Import;
use super::trail::Trail;
use super::{ClassRef, CratePackage, Edge, FunctionRef, Names, Program, SiteRef, Target, Unit};
use crate::frontend::Renames;
use crate::model::{Binding, ClassId, FanOutKind, FunctionId, Repeat, SiteId, SiteKind, Symbol};
use crate::source::{Language, words};
use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

/// Everything on the ways up, and the names under which other files reach it.
pub struct Frontier {
    functions: HashSet<FunctionRef>,
    classes: HashSet<ClassRef>,
    sites: HashSet<SiteRef>,
    /// Names of what is on the way, by the file that has them.
    names: HashMap<usize, BTreeSet<String>>,
    /// The last words of all names.
    words: HashSet<String>,
    /// Files that have to be parsed to know what is on the way: `app` of `@app.get`, a base class.
    unread: HashSet<usize>,
    rust: Option<RustNames>,
}

/// Names of Rust code: no list of imports tells whether a file uses them.
struct RustNames {
    finder: AhoCorasick,
    /// Package, name, and the module that has to be named too.
    names: Vec<(PathBuf, String, String, Option<String>)>,
    /// Packages that have such names, and what manifests call them.
    roots: HashSet<PathBuf>,
    known_as: HashSet<String>,
}

/// Where the search is.
#[derive(Clone, Copy)]
enum Node {
    Function(FunctionRef),
    /// A method of a base that calls one of a class on the way: its objects are of that class, which is named already.
    Base(FunctionRef, ClassRef),
    Class(ClassRef),
}

/// What holds and gives objects of each class.
struct Holders {
    by_field: HashMap<ClassRef, Vec<ClassRef>>,
    by_result: HashMap<ClassRef, Vec<FunctionRef>>,
}

impl Frontier {
    /// The ways up from all clients of `program`. Nobody above a function of which `is_entry` holds matters.
    pub fn of(program: &Program<'_>, units: &[Unit], is_entry: impl Fn(FunctionRef) -> bool) -> Self {
        let mut frontier = Frontier {
            functions: HashSet::new(),
            classes: HashSet::new(),
            sites: HashSet::new(),
            names: HashMap::new(),
            words: HashSet::new(),
            unread: HashSet::new(),
            rust: None,
        };
        let holders = Holders::of(program);
        let mut todo = frontier.seeds(program);
        let mut bases = HashSet::new();
        while let Some(node) = todo.pop() {
            match node {
                Node::Function(function) if frontier.functions.insert(function) => {
                    frontier.at_function(program, function, is_entry(function), &mut todo);
                }
                Node::Base(function, class) if bases.insert((function, class)) => {
                    frontier.at_callers(program, function, Some(class), &mut todo);
                }
                Node::Class(class) if frontier.classes.insert(class) => {
                    frontier.at_class(program, &holders, class, &mut todo);
                }
                _ => {}
            }
        }
        frontier.add_exports(program);
        frontier.words = frontier.names.values().flatten().cloned().collect();
        frontier.rust = RustNames::of(&frontier.names, units);
        frontier
    }

    fn seeds(&mut self, program: &Program<'_>) -> Vec<Node> {
        let mut seeds = Vec::new();
        for file in 0..program.files() {
            let module = program.module(file);
            // Who closes a client, and who makes event loops for one, has to do with clients that are kept.
            let closing = module.uses.iter().filter(|usage| CLOSING.contains(&usage.path.as_str()));
            let loops = module.fan_outs.iter().filter(|fan_out| fan_out.kind == FanOutKind::Loop);
            let places = closing.map(|usage| &usage.place).chain(loops.map(|start| &start.place));
            seeds.extend(places.filter_map(|place| Some(Node::Function(FunctionRef { file, id: place.function? }))));
            for (at, site) in program.module(file).sites.iter().enumerate() {
                self.sites.insert(SiteRef { file, id: SiteId(at) });
                let goes = |wanted: fn(&Binding) -> bool| site.bindings.iter().any(wanted);
                let kept = |to: &Binding| matches!(to, Binding::ClassField(_) | Binding::Owned(_));
                let kept = goes(kept) && site.kind == SiteKind::Client;
                let of_object = site.place.function.is_none() && goes(|to| matches!(to, Binding::SelfField(_)));
                let class = program.class_around(file, site.place.span).filter(|_| of_object);
                seeds.extend(class.map(Node::Class));
                let Some(id) = site.place.function.filter(|_| !kept) else { continue };
                let function = FunctionRef { file, id };
                let holder =
                    program.constructed_by(function).filter(|_| goes(|to| matches!(to, Binding::SelfField(_))));
                match holder {
                    Some(class) => seeds.push(Node::Class(class)),
                    None if is_loop(&site.place.repeats) && site.kind == SiteKind::OneShot => {}
                    None => seeds.push(Node::Function(function)),
                }
            }
        }
        seeds
    }

    fn at_function(&mut self, program: &Program<'_>, function: FunctionRef, is_entry: bool, todo: &mut Vec<Node>) {
        let definition = program.function(function);
        for decorator in &definition.decorators {
            self.unread.extend(program.names.unread(function.file, &decorator.path).filter(|_| decorator.resolved));
            // Who mounts its router says below which path.
            let router = decorator.of.clone().filter(|_| is_entry && decorator.first_text.is_some());
            router.into_iter().for_each(|router| self.name(function.file, router));
        }
        // What it is handed to may call it.
        for (file, to) in program.handed(function) {
            self.unread.extend(program.names.unread(*file, &to.path).filter(|_| to.resolved));
        }
        // Whether it is an entry point depends on its bases.
        if let Some(class) = program.class_of(function) {
            self.read_bases(program, class);
        }
        if is_entry {
            return;
        }
        let parent = definition.parent.map(|id| Node::Function(FunctionRef { file: function.file, id }));
        match (program.class_of(function), parent) {
            (Some(class), _) => todo.push(Node::Class(class)),
            (None, Some(parent)) => todo.push(parent),
            (None, None) => self.name(function.file, definition.name.clone()),
        }
        let own = definition.class.map(|id| ClassRef { file: function.file, id });
        self.at_callers(program, function, own, todo);
    }

    /// Who calls `function` on an object of `class`.
    fn at_callers(
        &mut self,
        program: &Program<'_>,
        function: FunctionRef,
        class: Option<ClassRef>,
        todo: &mut Vec<Node>,
    ) {
        for edge in program.callers(function) {
            let Some(class) = class else {
                todo.extend(above(program, edge));
                continue;
            };
            // A base calls it on objects of this class, not of another that derives from it.
            if program.is_by_sibling(edge, class) {
                continue;
            }
            let is_base = |caller: FunctionRef| {
                let of = program.function(caller).class.map(|id| ClassRef { file: caller.file, id });
                of.is_some_and(|of| of != class && program.derives(class, of))
            };
            todo.extend(above(program, edge).map(|node| match node {
                Node::Function(caller) if is_base(caller) => Node::Base(caller, class),
                node => node,
            }));
        }
        let runners = program.runners(function).iter();
        todo.extend(runners.filter_map(|(file, fan_out)| {
            Some(Node::Function(FunctionRef { file: *file, id: fan_out.place.function? }))
        }));
    }

    fn at_class(&mut self, program: &Program<'_>, holders: &Holders, class: ClassRef, todo: &mut Vec<Node>) {
        self.name(class.file, program.class(class).name.clone());
        self.read_bases(program, class);
        // Who calls a trait's method names the trait alone.
        let traits = program.ancestry(class).0.iter().skip(1);
        for of in traits.filter(|of| program.module(of.file).language == Language::Rust) {
            self.name(of.file, program.class(*of).name.clone());
        }
        let given = holders.by_result.get(&class).into_iter().flatten().copied();
        let built = given.filter(|function| program.constructed_by(*function) == Some(class));
        let set_up = program.setups(class).chain(built).flat_map(|setup| program.callers(setup));
        todo.extend(program.constructions(class).into_iter().chain(set_up).filter_map(|edge| above(program, edge)));
        todo.extend(program.subclasses.get(&class).into_iter().flatten().map(|class| Node::Class(*class)));
        todo.extend(holders.by_field.get(&class).into_iter().flatten().map(|class| Node::Class(*class)));
        for function in holders.by_result.get(&class).into_iter().flatten() {
            match program.class_of(*function) {
                Some(owner) if owner != class => self.name(owner.file, program.class(owner).name.clone()),
                Some(_) => {}
                None => self.name(function.file, program.function(*function).name.clone()),
            }
            self.functions.insert(*function);
        }
    }

    fn read_bases(&mut self, program: &Program<'_>, class: ClassRef) {
        let bases = program.class(class).bases.iter();
        self.unread.extend(bases.filter_map(|base| program.names.unread(class.file, base)));
    }

    fn name(&mut self, file: usize, name: String) {
        self.names.entry(file).or_default().insert(name);
    }

    /// Names of clients and of objects on the way, and other names for what is on the way.
    fn add_exports(&mut self, program: &Program<'_>) {
        let of_file = |file: usize| -> Vec<(usize, String)> {
            let exports = program.module(file).exports.iter();
            let others = exports.filter(|(_, symbol)| !matches!(symbol, Symbol::Function(_) | Symbol::Class(_)));
            let matters = |symbol| {
                let target = program.names.follow(file, symbol, &[], &mut Trail::default());
                target.is_some_and(|target| self.is_on_the_way(&target))
            };
            others.filter(|(_, symbol)| matters(symbol)).map(|(name, _)| (file, name.clone())).collect()
        };
        let found: Vec<_> = (0..program.files()).into_par_iter().flat_map_iter(of_file).collect();
        found.into_iter().for_each(|(file, name)| self.name(file, name));
    }

    fn is_on_the_way(&self, target: &Target) -> bool {
        match target {
            Target::Function(function) => self.functions.contains(function),
            Target::Class(class) | Target::Object(class) | Target::Member(class, _) => self.classes.contains(class),
            Target::Client(site, _) => self.sites.contains(site),
            Target::Provided(target) => self.is_on_the_way(target),
            Target::Module(_) | Target::External(_) => false,
        }
    }

    /// Whether the Python file `at`, which was not parsed, names what is on the way; `text` reads it.
    pub fn wants_python(&self, at: usize, imports: &[Import], names: &Names<'_>, text: impl Fn() -> String) -> bool {
        if self.unread.contains(&at) {
            return true;
        }
        let read = std::cell::OnceCell::new();
        imports.iter().any(|import| {
            let last = import.path.rsplit('.').next().unwrap_or(&import.path);
            let by_name = self.words.contains(last);
            // Most imports are of neither, and following them takes the most time.
            let by_module = || names.module_at(at, &import.path).is_some_and(|file| self.names.contains_key(&file));
            if !by_name && !by_module() {
                return false;
            }
            match names.resolve(at, &import.path) {
                Some(Target::Module(file)) => self.names.get(&file).is_some_and(|wanted| {
                    let text = read.get_or_init(&text);
                    wanted.iter().any(|name| words::has(text, name))
                }),
                Some(target) => by_name && self.is_on_the_way(&target),
                None => false,
            }
        })
    }

    /// Whether the Rust file `at` is worth reading: its package has names on the way, or depends on one that has.
    pub fn may_want_rust(&self, at: usize, package: &CratePackage) -> bool {
        let names = |rust: &RustNames| {
            rust.roots.contains(&package.root) || package.needs.iter().any(|name| rust.known_as.contains(name))
        };
        self.unread.contains(&at) || self.rust.as_ref().is_some_and(names)
    }

    /// Whether the Rust file `at` of the package at `root`, which was not parsed, names in its text what is on the way. The
    /// package renames crates.
    pub fn wants_rust(&self, at: usize, root: &PathBuf, renames: &Renames, text: &str) -> bool {
        if self.unread.contains(&at) {
            return true;
        }
        let Some(rust) = &self.rust else { return false };
        // Many files have one name, and it stands in the text many times: what it takes beside the name is asked once.
        let (mut crates, mut refused) = (HashMap::new(), HashSet::new());
        rust.finder.find_overlapping_iter(text).any(|found| {
            let at = found.pattern().as_usize();
            let (package, crate_name, name, module) = &rust.names[at];
            if refused.contains(&at) || !words::is_whole(text, found.start(), name) {
                return false;
            }
            let names_module = |module: &String| words::has(text, module) || text.contains("::*");
            let mut by_crate = || *crates.entry(crate_name).or_insert_with(|| names_crate(text, crate_name, renames));
            let wanted = (package == root || by_crate()) && module.as_ref().is_none_or(names_module);
            if !wanted {
                refused.insert(at);
            }
            wanted
        })
    }
}

impl RustNames {
    fn of(names: &HashMap<usize, BTreeSet<String>>, units: &[Unit]) -> Option<Self> {
        let mut all = Vec::new();
        let (mut roots, mut known_as) = (HashSet::new(), HashSet::new());
        for (file, of_file) in names {
            let Some(package) = &units[*file].package else { continue };
            roots.insert(package.root.clone());
            known_as.extend(package.known_as.iter().cloned());
            let stem = units[*file].path.rsplit('/').find(|part| !matches!(*part, "mod.rs" | "src"));
            let module = stem.map(|stem| stem.trim_end_matches(".rs")).filter(|stem| !matches!(*stem, "lib" | "main"));
            // Who brings all names of a file in may hand them on.
            if let Some(module) = module {
                all.push((package.root.clone(), package.name.clone(), format!("{module}::*"), None));
            }
            for name in of_file {
                // A type is known by its name; of a function, the module is named too.
                let module = module.filter(|_| name.starts_with(char::is_lowercase)).map(str::to_owned);
                all.push((package.root.clone(), package.name.clone(), name.clone(), module));
            }
        }
        let finder = AhoCorasick::new(all.iter().map(|(_, _, name, _)| name)).ok()?;
        (!all.is_empty()).then_some(Self { finder, names: all, roots, known_as })
    }
}

impl Holders {
    fn of(program: &Program<'_>) -> Self {
        let files: Vec<_> = (0..program.files()).into_par_iter().map(|file| held_in(program, file)).collect();
        let mut holders = Holders { by_field: HashMap::new(), by_result: HashMap::new() };
        for (fields, results) in files {
            for (held, class) in fields {
                holders.by_field.entry(held).or_default().push(class);
            }
            for (given, function) in results {
                holders.by_result.entry(given).or_default().push(function);
            }
        }
        holders
    }
}

/// Methods that close a client, now or at the end of a `with`.
pub const CLOSING: &[&str] = &["close", "aclose", "__enter__", "__aenter__"];

/// Classes with the classes that hold their objects, and with the functions that give them.
type Held = (Vec<(ClassRef, ClassRef)>, Vec<(ClassRef, FunctionRef)>);

/// What the classes of a file hold, and its functions give.
fn held_in(program: &Program<'_>, file: usize) -> Held {
    let module = program.module(file);
    let object = |symbol: &Symbol| match program.names.follow(file, symbol, &[], &mut Trail::default())? {
        Target::Object(class) => Some(class),
        _ => None,
    };
    let mut fields = Vec::new();
    for (at, class) in module.classes.iter().enumerate() {
        let holder = ClassRef { file, id: ClassId(at) };
        fields.extend(class.fields.values().filter_map(object).map(|held| (held, holder)));
    }
    let functions = module.functions.iter().enumerate();
    let results = functions.filter_map(|(at, function)| {
        Some((object(function.result.as_ref()?)?, FunctionRef { file, id: FunctionId(at) }))
    });
    (fields, results.collect())
}

fn is_loop(repeats: &[Repeat]) -> bool {
    repeats.iter().any(Repeat::is_real)
}

/// What a call leads up to: its function, or the class whose objects keep what it gives.
fn above(program: &Program<'_>, edge: Edge<'_>) -> Option<Node> {
    let function = FunctionRef { file: edge.file, id: edge.call.place.function? };
    let kept = edge.call.bindings.iter().any(|to| matches!(to, Binding::SelfField(_)));
    match program.constructed_by(function).filter(|_| kept) {
        Some(class) => Some(Node::Class(class)),
        None => Some(Node::Function(function)),
    }
}

fn names_crate(text: &str, crate_name: &str, renames: &Renames) -> bool {
    let mut aliases = renames.iter().filter(|(_, stands_for)| *stands_for == crate_name);
    words::has(text, crate_name) || aliases.any(|(alias, _)| words::has(text, alias))
}
