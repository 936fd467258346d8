//! Joins the files of a run: what each path leads to, and for each function and class the calls that reach it.

mod constants;
mod constructed;
mod folders;
mod frontier;
pub mod imports;
mod layout;
mod mounts;
mod names;
mod parameters;
mod reached;
mod trail;
mod unread;

pub use frontier::{CLOSING, Frontier};
pub use layout::{CratePackage, Layout, Unit};
pub use names::{Contents, Names, Target};

use crate::model::{
    Call, Callee, Class, ClassId, Decorator, FanOut, FanOutKind, Function, FunctionId, Handed, Module, SiteId, Value,
};
use crate::source::{Language, Span};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

macro_rules! reference {
    ($($(#[$doc:meta])* $name:ident of $id:ident),*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            /// Index of its file among the parsed ones.
            pub file: usize,
            /// Index in the file.
            pub id: $id,
        }
    )*};
}

reference!(
    /// A function of the run.
    FunctionRef of FunctionId,
    /// A class of the run.
    ClassRef of ClassId,
    /// A client construction of the run.
    SiteRef of SiteId
);

/// A call, with the file that it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Edge<'m> {
    /// Index of the file.
    pub file: usize,
    /// The call.
    pub call: &'m Call,
    /// What it leads to is one of its arguments, which is called later.
    pub hands_over: bool,
}

impl<'m> Edge<'m> {
    /// What it hands in by the keyword `name`.
    pub fn named(&self, name: &str) -> Option<&'m Value> {
        self.call.arguments.get(name).filter(|_| !self.hands_over).map(|setting| &setting.value)
    }

    /// What it hands in for a parameter of `callee`, as far as that is known.
    pub fn handed(&self, callee: &'m Function, parameter: &str) -> Option<&'m Value> {
        if self.hands_over { None } else { self.call.handed(callee, parameter) }
    }
}

/// A call on a client from a file that does not build it.
#[derive(Debug, Clone)]
pub struct ForeignUse<'m> {
    /// The call.
    pub edge: Edge<'m>,
    /// What of the client is called: `aclose`.
    pub member: String,
}

/// All parsed files, joined.
pub struct Program<'m> {
    names: Names<'m>,
    modules: Vec<&'m Module>,
    /// Examples and the like: what they call is not called for that.
    aside: Vec<bool>,
    callers: HashMap<FunctionRef, Vec<Edge<'m>>>,
    constructions: HashMap<ClassRef, Vec<Edge<'m>>>,
    /// Calls of methods that a class has by its bases or traits only.
    members: HashMap<(ClassRef, String), Vec<Edge<'m>>>,
    uses: HashMap<SiteRef, Vec<ForeignUse<'m>>>,
    runners: HashMap<FunctionRef, Vec<(usize, &'m FanOut)>>,
    callees: HashMap<FunctionRef, Vec<FunctionRef>>,
    /// What functions are handed to, and in which file, by function.
    handed: HashMap<FunctionRef, Vec<(usize, Decorator)>>,
    /// Prefixes of routers, by the file and the name that each has there.
    mounts: HashMap<(usize, &'m str), &'m str>,
    ancestry: HashMap<ClassRef, Ancestry>,
    subclasses: HashMap<ClassRef, Vec<ClassRef>>,
    /// What each fan-out runs, directly or not, by file.
    reached: Vec<Vec<HashSet<FunctionRef>>>,
    /// What starts event loops, by file, in order; with each, the end of the furthest of those up to it.
    loops: Vec<Vec<(usize, usize)>>,
}

/// The classes of the project that a class derives from, itself first, and the paths of those outside it.
type Ancestry = (Vec<ClassRef>, Vec<String>);

/// What the paths of one file lead to.
struct Resolved<'m> {
    calls: Vec<(&'m Call, Target)>,
    runs: Vec<(&'m FanOut, FunctionRef)>,
    handed: Vec<(FunctionRef, Decorator)>,
    ancestry: Vec<(ClassRef, Ancestry)>,
}

impl<'m> Program<'m> {
    /// Joins `modules`, which are the first of the files that `names` knows. Calls from files `aside` count among themselves.
    pub fn new(names: Names<'m>, modules: Vec<&'m Module>, aside: Vec<bool>) -> Self {
        let resolved: Vec<Resolved<'m>> =
            modules.par_iter().enumerate().map(|(file, module)| resolve(&names, file, module)).collect();
        let mut program = Program {
            names,
            loops: modules.iter().map(|module| loops_of(module)).collect(),
            modules,
            aside,
            callers: HashMap::new(),
            constructions: HashMap::new(),
            members: HashMap::new(),
            uses: HashMap::new(),
            runners: HashMap::new(),
            callees: HashMap::new(),
            handed: HashMap::new(),
            mounts: HashMap::new(),
            ancestry: HashMap::new(),
            subclasses: HashMap::new(),
            reached: Vec::new(),
        };
        for (file, resolved) in resolved.into_iter().enumerate() {
            program.add_file(file, resolved);
        }
        program.mounts = program.all_mounts();
        program.join_parameters();
        program.reached = program.all_reached();
        program
    }

    fn add_file(&mut self, file: usize, resolved: Resolved<'m>) {
        for (call, target) in resolved.calls {
            self.add(Edge { file, call, hands_over: false }, target);
        }
        for (fan_out, function) in resolved.runs {
            self.runners.entry(function).or_default().push((file, fan_out));
        }
        for (function, to) in resolved.handed {
            self.handed.entry(function).or_default().push((file, to));
        }
        for (class, (classes, outside)) in resolved.ancestry {
            for base in classes.iter().skip(1) {
                self.subclasses.entry(*base).or_default().push(class);
            }
            self.ancestry.insert(class, (classes, outside));
        }
    }

    fn add(&mut self, edge: Edge<'m>, target: Target) {
        let counts = |file: usize| !self.aside[edge.file] || self.aside[file];
        match target {
            Target::Function(function) if !counts(function.file) => {}
            Target::Class(class) | Target::Member(class, _) if !counts(class.file) => {}
            Target::Function(function) => {
                self.callers.entry(function).or_default().push(edge);
                if let Some(id) = edge.call.place.function {
                    self.callees.entry(FunctionRef { file: edge.file, id }).or_default().push(function);
                }
            }
            Target::Class(class) => self.constructions.entry(class).or_default().push(edge),
            Target::Member(class, name) => self.members.entry((class, name)).or_default().push(edge),
            Target::Client(site, member) => self.uses.entry(site).or_default().push(ForeignUse { edge, member }),
            Target::Provided(_) | Target::Object(_) | Target::Module(_) | Target::External(_) => {}
        }
    }

    /// What paths stand for.
    pub fn names(&self) -> &Names<'m> {
        &self.names
    }

    /// Number of files.
    pub fn files(&self) -> usize {
        self.modules.len()
    }

    /// Whether a file is an example, a script or the like.
    pub fn is_aside(&self, file: usize) -> bool {
        self.aside[file]
    }

    /// The module of a file.
    pub fn module(&self, file: usize) -> &'m Module {
        self.modules[file]
    }

    /// A function.
    pub fn function(&self, function: FunctionRef) -> &'m Function {
        self.modules[function.file].function(function.id)
    }

    /// The class that a function belongs to.
    pub fn class_of(&self, function: FunctionRef) -> Option<ClassRef> {
        let id = self.function(function).class?;
        Some(self.names.canonical(ClassRef { file: function.file, id }))
    }

    /// The class whose objects a function sets up.
    pub fn constructed_by(&self, function: FunctionRef) -> Option<ClassRef> {
        let id = self.function(function).constructs?;
        Some(self.names.canonical(ClassRef { file: function.file, id }))
    }

    /// A class.
    pub fn class(&self, class: ClassRef) -> &'m Class {
        &self.modules[class.file].classes[class.id.0]
    }

    /// Calls of `function`, those through a base or trait of its class included.
    pub fn callers(&self, function: FunctionRef) -> Vec<Edge<'m>> {
        let mut edges = self.callers.get(&function).cloned().unwrap_or_default();
        let Some(class) = self.function(function).class.map(|id| ClassRef { file: function.file, id }) else {
            return edges;
        };
        let name = &self.function(function).name;
        for owner in self.ancestry(class).0 {
            edges.extend(self.members.get(&(*owner, name.clone())).into_iter().flatten());
            let inherited = self.class(*owner).methods.get(name).map(|&id| FunctionRef { file: owner.file, id });
            let inherited = inherited.filter(|inherited| *inherited != function && *owner != class);
            edges.extend(inherited.and_then(|inherited| self.callers.get(&inherited)).into_iter().flatten());
        }
        edges
    }

    /// The innermost class of a file whose definition holds `span`.
    pub fn class_around(&self, file: usize, span: Span) -> Option<ClassRef> {
        let classes = self.modules[file].classes.iter().enumerate();
        let around = classes.filter(|(_, class)| class.span.contains(span));
        let innermost = around.min_by_key(|(_, class)| class.span.end - class.span.start);
        innermost.map(|(at, _)| ClassRef { file, id: ClassId(at) })
    }

    /// Whether a call hands in an object that no other equals, so that a cache never finds it again.
    pub fn never_equal(&self, edge: Edge<'_>) -> bool {
        edge.call.arguments.values().any(|setting| match &setting.value {
            Value::Object(object) => match self.names.resolve(edge.file, &object.symbol) {
                Some(Target::Class(class)) => {
                    let (classes, outside) = self.ancestry(class);
                    let compares = |class: &ClassRef| {
                        let class = self.class(*class);
                        class.is_data || class.methods.contains_key("__eq__")
                    };
                    outside.is_empty() && !classes.iter().any(compares)
                }
                _ => false,
            },
            _ => false,
        })
    }

    /// Functions without a receiver that set up objects of `class`: `Api::new`.
    pub fn setups(&self, class: ClassRef) -> impl Iterator<Item = FunctionRef> {
        let own = self.class(class).methods.values().map(move |&id| FunctionRef { file: class.file, id });
        own.filter(move |&own| self.constructed_by(own) == Some(class) && !self.function(own).has_receiver)
    }

    /// Fan-outs that run `function`.
    pub fn runners(&self, function: FunctionRef) -> &[(usize, &'m FanOut)] {
        self.runners.get(&function).map_or(&[], Vec::as_slice)
    }

    /// Whether a call stands in what starts an event loop for it: `asyncio.run(f())`.
    pub fn starts_loop(&self, edge: Edge<'_>) -> bool {
        let (loops, span) = (&self.loops[edge.file], edge.call.place.span);
        let before = loops.partition_point(|(start, _)| *start <= span.start);
        before.checked_sub(1).is_some_and(|last| loops[last].1 >= span.end)
    }

    /// Uses of a client in files that do not build it.
    pub fn foreign_uses(&self, site: SiteRef) -> &[ForeignUse<'m>] {
        self.uses.get(&site).map_or(&[], Vec::as_slice)
    }

    /// The classes of the project that `class` derives from, itself first, and the paths of those outside it.
    pub fn ancestry(&self, class: ClassRef) -> (&[ClassRef], &[String]) {
        self.ancestry.get(&class).map_or((&[], &[]), |(classes, outside)| (classes, outside))
    }

    /// Whether `class` is `base`, or derives from it.
    pub fn derives(&self, class: ClassRef, base: ClassRef) -> bool {
        class == base || self.ancestry(class).0.contains(&base)
    }

    /// Whether a call stands in a class that has a base in common with `class`, and is neither above nor below it.
    pub fn is_by_sibling(&self, edge: Edge<'_>, class: ClassRef) -> bool {
        let caller = edge.call.place.function.and_then(|id| self.modules[edge.file].function(id).class);
        let Some(other) = caller.map(|id| ClassRef { file: edge.file, id }) else { return false };
        let related = self.derives(class, other) || self.derives(other, class);
        let (above, other_above) = (self.ancestry(class).0, self.ancestry(other).0);
        !related && above.iter().any(|base| other_above.contains(base))
    }

    /// The function's decorators.
    pub fn decorators(&self, function: FunctionRef) -> impl Iterator<Item = Decorator> + '_ {
        let own = self.function(function).decorators.iter();
        own.map(move |decorator| self.known_outside(function.file, decorator))
    }

    /// What the function is handed to, as a decorator, with the file in which that stands.
    pub fn handed(&self, function: FunctionRef) -> &[(usize, Decorator)] {
        self.handed.get(&function).map_or(&[], Vec::as_slice)
    }

    /// A decorator of an object that another file makes, by the path of its class.
    fn known_outside(&self, file: usize, decorator: &Decorator) -> Decorator {
        known_outside(&self.names, file, self.modules[file].language, decorator)
    }
}

/// Where a file starts event loops, for [`Program::starts_loop`].
fn loops_of(module: &Module) -> Vec<(usize, usize)> {
    let starts = module.fan_outs.iter().filter(|fan_out| fan_out.kind == FanOutKind::Loop);
    let mut loops: Vec<_> = starts.map(|start| (start.place.span.start, start.place.span.end)).collect();
    loops.sort_unstable();
    let mut furthest = 0;
    for (_, end) in &mut loops {
        furthest = furthest.max(*end);
        *end = furthest;
    }
    loops
}

/// Follows all paths of one file.
fn resolve<'m>(names: &Names<'m>, file: usize, module: &'m Module) -> Resolved<'m> {
    let mut known: HashMap<&str, Option<Target>> = HashMap::new();
    let mut find = |path: &'m str| known.entry(path).or_insert_with(|| names.resolve(file, path)).clone();
    let mut target = |callee: &'m Callee| match callee {
        Callee::Function(id) => Some(Target::Function(FunctionRef { file, id: *id })),
        Callee::Class(id) => Some(Target::Class(names.canonical(ClassRef { file, id: *id }))),
        Callee::Path(path) => find(path),
        // Joined when all files are known.
        Callee::Parameter { .. } => None,
        Callee::Property(path) => match find(path)? {
            Target::Function(function)
                if names.module(function.file).is_some_and(|module| module.function(function.id).is_property()) =>
            {
                Some(Target::Function(function))
            }
            _ => None,
        },
        Callee::Provider(path) => match find(path)? {
            Target::Provided(target) => Some(*target),
            _ => None,
        },
    };
    let calls: Vec<_> = module.calls.iter().filter_map(|call| Some((call, target(&call.callee)?))).collect();
    let mut runs = Vec::new();
    for fan_out in &module.fan_outs {
        runs.extend(fan_out.runs.iter().filter_map(|callee| match target(callee)? {
            Target::Function(function) => Some((fan_out, function)),
            _ => None,
        }));
    }
    let handed = module.handed.iter().flat_map(|Handed { target: callee, to, .. }| {
        let to = known_outside(names, file, module.language, to);
        let functions = match target(callee) {
            Some(Target::Function(function)) => vec![function],
            _ => Vec::new(),
        };
        functions.into_iter().map(move |function| (function, to.clone()))
    });
    let handed = handed.collect();
    let classes = (0..module.classes.len()).map(|at| ClassRef { file, id: ClassId(at) });
    let ancestry = classes.map(|class| (class, names.ancestry(class))).collect();
    Resolved { calls, runs, handed, ancestry }
}

fn known_outside(names: &Names<'_>, file: usize, language: Language, decorator: &Decorator) -> Decorator {
    let is_path = decorator.resolved && language == Language::Python;
    let path = if is_path { names.outside(file, &decorator.path) } else { None };
    Decorator { path: path.unwrap_or_else(|| decorator.path.clone()), ..decorator.clone() }
}
