//! Modules made by hand, as the Rust front end would: the rules are tested without a parser.

use coldcall::clients::Clients;
use coldcall::clients::schema::Library;
use coldcall::finding::Finding;
use coldcall::frameworks::{Frameworks, Heat};
use coldcall::lifetime::{Entries, Entry, Lifetimes};
use coldcall::link::{Contents, Layout, Names, Program, Unit};
use coldcall::model::*;
use coldcall::project::Project;
use coldcall::rules::{self, FileView};
use coldcall::settings::Thresholds;
use coldcall::source::{Language, SourceFile, Span};
use std::collections::BTreeMap;

/// A library that is like reqwest and is none, so that what is known of reqwest may change.
const LIBRARY: &str = r#"
library = "twin"
language = "rust"
package = "twin"
imports = ["twin"]
verified = "2026-11-23"
versions = "1.0"
source = "made up"

[arguments]
pool-idle = ["pool_max_idle_per_host"]
keepalive-expiry = ["pool_idle_timeout"]
connect-timeout = ["connect_timeout"]
timeout = ["timeout"]

[[default]]
setting = "connect-timeout"
value = "unlimited"
source = "made up"

[[default]]
setting = "timeout"
value = "unlimited"
source = "made up"

[[client]]
symbols = ["twin::Client"]
mode = "async"
http2 = "by-default"
constructors = ["new"]
builders = ["twin::Client::builder"]
finish = ["build"]
fallible = ["build"]
caveat = "Its connections belong to one runtime."
needs = { ping_timeout = "ping_interval", ping_while_idle = "ping_interval" }

[[client]]
symbols = ["twin::reqwest::blocking::Client"]
mode = "sync"
constructors = ["new"]

[[client]]
symbols = ["twin::Agent"]
mode = "sync"
constructors = ["twin::agent"]

[[one-shot]]
symbols = ["twin::get"]
mode = "async"
instead = "twin::Client::new()"
"#;

pub const COST: &str = "
[[cost]]
ms = 84.0
why = \"loading the CA certificates with OpenSSL\"
source = \"made up\"
";

pub const CHEAP: &str = "
[[cost]]
ms = 0.003
why = \"setting up TLS\"
source = \"made up\"
";

pub const NO_HTTP2: &str = "
[[no-http2]]
unless = [\"use_rustls_tls\"]
why = \"The TLS backend offers no ALPN.\"
help = \"Add the feature.\"
source = \"made up\"
";

pub const CONTRADICTION: &str = "
[[no-http2]]
contradiction = \"the twins contradict each other\"
why = \"Both backends are on.\"
help = \"Switch the default features off.\"
source = \"made up\"
";

/// One file, as it was lowered, and what it belongs to.
pub struct Case {
    source: SourceFile,
    pub module: Module,
    pub project: Project,
    clients: Clients,
    framework: Option<&'static str>,
}

impl Case {
    pub fn new(text: &str) -> Self {
        Self::with(text, "")
    }

    /// `knowledge` is added to what is known of the library.
    pub fn with(text: &str, knowledge: &str) -> Self {
        let library: Library = toml::from_str(&format!("{LIBRARY}{knowledge}")).unwrap();
        let at = |comment: &str| text.find(comment).map(|start| Span::new(start, start + comment.len()));
        let comments = text.lines().filter_map(|line| at(&line[line.find("//")?..])).collect();
        Self {
            source: SourceFile::new("src/main.rs", Language::Rust, text),
            module: Module { comments, ..Module::default() },
            project: Project::default(),
            clients: Clients::with_user(vec![library]).unwrap(),
            framework: None,
        }
    }

    /// A file as the front end reads it, of a program without lock file.
    pub fn read(text: &str) -> Self {
        Self::read_as("src/main.rs", Language::Rust, text)
    }

    pub fn read_as(path: &str, language: Language, text: &str) -> Self {
        let clients = Clients::with_user(Vec::new()).unwrap();
        let source = SourceFile::new(path, language, text);
        let module = coldcall::frontend::lower(&source, &clients, &BTreeMap::new()).unwrap();
        Self { source, module, project: Project::default(), clients, framework: None }
    }

    /// The clients run for each request of `framework`.
    pub fn in_handler_of(mut self, framework: &'static str) -> Self {
        self.framework = Some(framework);
        self
    }

    pub fn span(&self, text: &str) -> Span {
        let start = self.source.text.find(text).unwrap_or_else(|| panic!("{text}"));
        Span::new(start, start + text.len())
    }

    pub fn function(&mut self, name: &str, params: &[&str]) -> FunctionId {
        let span = Span::new(0, self.source.text.len());
        self.module.functions.push(Function {
            name: name.to_owned(),
            name_span: self.span(name),
            span,
            class: None,
            parent: None,
            params: params.iter().map(|name| (*name).to_owned()).collect(),
            is_async: true,
            is_public: true,
            has_receiver: true,
            constructs: None,
            implements: None,
            decorators: Vec::new(),
            result: None,
            defaults: BTreeMap::new(),
            is_mentioned: false,
        });
        FunctionId(self.module.functions.len() - 1)
    }

    /// A method of the struct `class`.
    pub fn method(&mut self, class: &str, name: &str) -> FunctionId {
        let id = self.function(name, &[]);
        let class = Class { name: class.to_owned(), shape: Shape::Named(Vec::new()), ..Class::default() };
        self.module.classes.push(class);
        self.module.functions[id.0].class = Some(ClassId(self.module.classes.len() - 1));
        id
    }

    pub fn place(&self, text: &str, function: Option<FunctionId>) -> Place {
        Place { span: self.span(text), function, ..Place::default() }
    }

    /// A client or, with [`SiteKind::OneShot`] set afterwards, a request.
    pub fn site(&mut self, symbol: &str, text: &str, function: Option<FunctionId>) -> &mut ClientSite {
        let binding = if function.is_some() { Binding::Local } else { Binding::Global("HTTP".to_owned()) };
        let constructor = text.trim_end_matches("()").rsplit(['.', ':']).next().unwrap_or(text).to_owned();
        let site = ClientSite {
            symbol: symbol.to_owned(),
            constructor,
            kind: SiteKind::Client,
            place: self.place(text, function),
            bindings: vec![binding],
            name: None,
            arguments: BTreeMap::new(),
            open_ended: false,
            spread: Vec::new(),
            receiver: None,
            scope: None,
            amortised: false,
            guard: None,
            reopened: false,
            caller_values: Vec::new(),
            loop_values: Vec::new(),
            reads: Vec::new(),
            block: None,
            injectable: false,
        };
        self.module.sites.push(site);
        self.module.sites.last_mut().unwrap()
    }

    /// Puts the last client into the loop with this head.
    pub fn in_loop(&mut self, head: &str) {
        let (head, span) = (self.span(head), Span::new(0, self.source.text.len()));
        let repeat = Repeat { kind: RepeatKind::Loop, head, span, binds: Vec::new(), pauses: false };
        self.module.sites.last_mut().unwrap().place.repeats.push(repeat);
    }

    /// A setting of the last client, whose value stands in the text as `text`.
    pub fn set(&mut self, name: &str, value: Value, text: &str) {
        let span = self.span(text);
        let arguments = &mut self.module.sites.last_mut().unwrap().arguments;
        arguments.insert(name.to_owned(), Setting { value, span });
    }

    /// A call on the last client.
    pub fn usage(&mut self, path: &str, text: &str, function: Option<FunctionId>) -> &mut ClientUse {
        let place = self.place(text, function);
        let site = SiteId(self.module.sites.len() - 1);
        let path = path.to_owned();
        self.module.uses.push(ClientUse { site, path, kind: UseKind::Call, place, arguments: BTreeMap::new() });
        self.module.uses.last_mut().unwrap()
    }

    /// What `rule` finds.
    pub fn find(&self, rule: &str) -> Vec<Finding> {
        let unit = Unit { path: "/src/main.rs".to_owned(), language: Language::Rust, package: None };
        let layout = Layout::new(&[unit]);
        let names = Names::new(&layout, vec![Contents::Lowered(&self.module)]);
        let program = Program::new(names, vec![&self.module], vec![false]);
        let entries = Entries::of(&program, Frameworks::embedded());
        let mut lifetimes = Lifetimes::new(&program, &entries).of_file(0);
        if let Some(framework) = self.framework {
            for lifetime in &mut lifetimes {
                lifetime.level = coldcall::lifetime::Level::PerRequest;
                lifetime.entry = Some(entry(framework));
            }
        }
        let view = FileView {
            index: 0,
            source: &self.source,
            module: &self.module,
            program: &program,
            entries: &entries,
            lifetimes: &lifetimes,
            clients: &self.clients,
            project: &self.project,
            thresholds: &Thresholds::default(),
        };
        let all = rules::check_file(&view).into_iter().chain(rules::check_project(&[&view]));
        all.filter(|finding| finding.rule == rule).collect()
    }

    /// The only thing that `rule` finds.
    #[track_caller]
    pub fn only(&self, rule: &str) -> Finding {
        let mut found = self.find(rule);
        assert_eq!(found.len(), 1, "{found:#?}");
        found.remove(0)
    }

    /// The text at the place of a finding.
    pub fn at(&self, finding: &Finding) -> &str {
        self.source.slice(finding.span)
    }
}

fn entry(framework: &str) -> Entry {
    Entry {
        heat: Heat::PerRequest,
        framework: framework.to_owned(),
        what: format!("{framework} route `/`"),
        kind: "route".to_owned(),
        confidence: coldcall::finding::Confidence::High,
        handed: None,
    }
}
