//! What rules see: a file, and each client in it with everything known about it.

use super::Draft;
use crate::clients::Clients;
use crate::clients::schema::{BaseUrlSpec, ClientSpec, Http2, Library, Mode, OneShotSpec};
use crate::effective::{Construction, Effective, Elsewhere, Origin, Settings, service};
use crate::finding::ClientRef;
use crate::frameworks::Heat;
use crate::lifetime::{Entries, Entry, Level, Lifetime};
use crate::link::{FunctionRef, Program};
use crate::model::{Binding, ClientSite, ClientUse, FanOut, FanOutKind, FunctionId, Module, SiteId, SiteKind, Value};
use crate::project::Project;
use crate::settings::Thresholds;
use crate::source::{Language, SourceFile, Span};

/// One file with all that the earlier stages found out.
pub struct FileView<'a> {
    /// Its index among the run's files.
    pub index: usize,
    /// Its text.
    pub source: &'a SourceFile,
    /// What it contributes.
    pub module: &'a Module,
    /// All files, joined.
    pub program: &'a Program<'a>,
    /// Entry points of all files.
    pub entries: &'a Entries,
    /// How often each client is built, by [`SiteId`].
    pub lifetimes: &'a [Lifetime],
    /// Client knowledge.
    pub clients: &'a Clients,
    /// Versions and variables.
    pub project: &'a Project,
    /// Limits below which a setting is too small.
    pub thresholds: &'a Thresholds,
}

impl<'a> FileView<'a> {
    /// The entry point that a function of the file is, if it is one.
    pub fn entry(&self, function: FunctionId) -> Option<&'a Entry> {
        self.entries.get(self.function(function))
    }

    /// A function of the file, for the program.
    pub fn function(&self, id: FunctionId) -> FunctionRef {
        FunctionRef { file: self.index, id }
    }

    /// The file's clients, those in tests left out: tests are quiet.
    pub fn sites(&'a self) -> impl Iterator<Item = SiteView<'a>> {
        let ids = (0..self.module.sites.len()).map(SiteId);
        ids.map(|id| SiteView { file: self, id, site: self.module.site(id), lifetime: &self.lifetimes[id.0] })
            .filter(|site| !site.lifetime.test)
    }
}

impl Elsewhere for FileView<'_> {
    fn constant(&self, path: &str) -> Option<Value> {
        self.program.names().constant(self.index, path).cloned()
    }

    fn base(&self, symbol: &str) -> Option<String> {
        self.program.names().constructed(self.index, symbol)
    }
}

/// One client or one-shot request.
#[derive(Clone, Copy)]
pub struct SiteView<'a> {
    /// Its file.
    pub file: &'a FileView<'a>,
    /// Its index.
    pub id: SiteId,
    /// The construction.
    pub site: &'a ClientSite,
    /// How often it runs.
    pub lifetime: &'a Lifetime,
}

impl<'a> SiteView<'a> {
    /// The library and what it says of this client; `None` for one-shots.
    pub fn spec(&self) -> Option<(&'a Library, &'a ClientSpec)> {
        let found = self.file.clients.client_for(&self.site.symbol, service(&self.site.arguments));
        found.filter(|(library, spec)| {
            let is_client = self.site.kind == SiteKind::Client && !spec.holder;
            is_client && spec.pools_in(|| self.file.project.resolved(library))
        })
    }

    /// The library and what it says of this one-shot; `None` for clients.
    pub fn one_shot(&self) -> Option<(&'a Library, &'a OneShotSpec)> {
        self.called().filter(|(_, spec)| !spec.process_wide)
    }

    fn called(&self) -> Option<(&'a Library, &'a OneShotSpec)> {
        self.file.clients.one_shot(&self.site.symbol).filter(|_| self.site.kind == SiteKind::OneShot)
    }

    /// The library of the client or function.
    pub fn library(&self) -> Option<&'a Library> {
        let own = self.spec().map(|(library, _)| library).or(self.one_shot().map(|(library, _)| library));
        own.or_else(|| self.process_wide())
    }

    /// The library, where the function or client uses a pool that the whole process shares.
    pub fn process_wide(&self) -> Option<&'a Library> {
        let called = self.called().filter(|(_, spec)| spec.process_wide).map(|(library, _)| library);
        called.or_else(|| self.shared_spec().map(|(library, _)| library))
    }

    /// What is said of a client that has no pool of its own in the version at hand: it uses one that the process shares.
    pub fn shared_spec(&self) -> Option<(&'a Library, &'a ClientSpec)> {
        let found = self.file.clients.client_for(&self.site.symbol, service(&self.site.arguments));
        found.filter(|(library, spec)| {
            let is_client = self.site.kind == SiteKind::Client && !spec.holder;
            is_client && !spec.pools_in(|| self.file.project.resolved(library))
        })
    }

    /// A client that is kept, so that its settings matter.
    pub fn long_lived(&self) -> Option<(&'a Library, &'a ClientSpec)> {
        self.spec().filter(|_| self.lifetime.level.is_long())
    }

    /// A client that is kept beyond a command or a script: calls come now and then, for as long as the process lives.
    pub fn serves_for_long(&self) -> bool {
        let kept = self.site.bindings.iter().any(|binding| {
            matches!(binding, Binding::Global(_) | Binding::ClassField(_) | Binding::SelfField(_) | Binding::Stored(_))
        });
        let entered = self.lifetime.hot.and_then(|function| self.file.entries.get(function));
        let memoised = entered.is_some_and(|entry| entry.heat == Heat::Memoised);
        let command = self.file.source.path.split('/').any(|part| {
            let stem = part.split('.').next().unwrap_or(part);
            matches!(stem, "cli" | "scripts" | "examples" | "commands" | "bin" | "__main__")
        });
        (kept || memoised || self.site.amortised) && !command
    }

    /// A blocking client.
    pub fn is_sync(&self) -> bool {
        self.spec().is_some_and(|(_, spec)| spec.mode == Mode::Sync)
    }

    /// Whether the client, or the one inside the one-shot, blocks.
    pub fn mode(&self) -> Option<Mode> {
        self.spec().map(|(_, spec)| spec.mode).or(self.one_shot().map(|(_, spec)| spec.mode))
    }

    /// Written in Rust.
    pub fn is_rust(&self) -> bool {
        self.file.source.language == Language::Rust
    }

    /// An async client that can be asked for HTTP/2.
    pub fn may_opt_into_http2(&self) -> bool {
        self.spec().is_some_and(|(_, spec)| spec.mode == Mode::Async && spec.http2 == Http2::OptIn)
    }

    /// The base URL that the client talks to.
    pub fn base_url(&self) -> Option<&'a BaseUrlSpec> {
        let (library, spec) = self.spec()?;
        let resolved = || self.file.project.resolved(library);
        spec.base_url.as_ref().filter(|base| base.is_read_by(&self.site.constructor, resolved))
    }

    /// It was handed a transport or client, and not one that is as short-lived as itself: that has the pool.
    pub fn has_handed_pool(&self) -> bool {
        let carriers = self.spec().map_or(&[][..], |(_, spec)| spec.carries.as_slice());
        match self.given(carriers).map(|given| given.value) {
            Some(Value::Object(_)) => self.handed(carriers).is_some(),
            Some(Value::Parameter(_) | Value::SelfField(_) | Value::Imported(_)) => true,
            _ => false,
        }
    }

    /// The kept client of its file that was handed to it as one of `arguments`.
    pub fn handed(&self, arguments: &[String]) -> Option<SiteView<'a>> {
        let Value::Object(object) = self.given(arguments)?.value else { return None };
        let site = self.file.sites().find(|site| site.site.place.span == object.span)?;
        (site.lifetime.level.is_long() && !site.lifetime.owned).then_some(site)
    }

    /// What is done with it.
    pub fn uses(&self) -> Vec<&'a ClientUse> {
        self.file.module.uses_of(self.id).collect()
    }

    /// The effective value of a setting.
    pub fn effective(&self, setting: &str) -> Effective {
        self.with_settings(|settings, construction| settings.of(construction, setting))
    }

    /// The library's default of `setting` for clients as `spec` says, whatever the construction sets.
    pub fn default_of(&self, library: &Library, spec: &ClientSpec, setting: &str) -> Effective {
        self.with_settings(|settings, _| settings.default(library, spec, setting))
    }

    /// The version of its library as far as the project says: `0.28.1`, `^0.12.0 (not locked)`.
    pub fn version(&self) -> Option<String> {
        let library = self.library()?;
        let shown = self.file.project.resolved(library).shown(library.told());
        Some(shown.strip_prefix(library.told())?.trim().to_owned()).filter(|version| !version.is_empty())
    }

    /// The builder method that sets `setting`, where it is one of this client.
    pub fn first_place(&self, setting: &str) -> Option<&'a str> {
        let (library, spec) = self.spec()?;
        let places = spec.arguments.get(setting).or(library.arguments.get(setting))?;
        places.iter().map(String::as_str).find(|place| !place.contains(['.', '@']))
    }

    /// A time-out of the client that it is given, where the SDK takes it for the default and puts its own in the place.
    pub fn restated_timeout(&self) -> Option<Effective> {
        self.with_settings(|settings, construction| settings.restated_timeout(construction))
    }

    /// The first of `places` (arguments, fields of arguments) that is given.
    pub fn given(&self, places: &[String]) -> Option<Effective> {
        let positional = self.spec().map_or(&[][..], |(_, spec)| spec.positional.as_slice());
        self.with_settings(|settings, construction| {
            let mut given = places.iter().filter_map(|place| settings.read(construction, positional, place));
            given.find(|effective| effective.value != Value::Nothing)
        })
    }

    fn with_settings<T>(&self, read: impl FnOnce(&Settings<'_>, Construction<'_>) -> T) -> T {
        let uses = self.uses();
        let resolved = |library: &Library| self.file.project.resolved(library);
        let construction = Construction {
            symbol: &self.site.symbol,
            arguments: &self.site.arguments,
            open_ended: self.site.open_ended,
            uses: &uses,
        };
        read(&Settings { clients: self.file.clients, resolved: &resolved, elsewhere: self.file }, construction)
    }

    /// The callee as written: `httpx.AsyncClient`.
    pub fn callee(&self) -> &'a str {
        let text = self.file.source.slice(self.site.place.span);
        text.split('(').next().unwrap_or(text).trim()
    }

    /// The construction for running text, in backticks: with its arguments only where they are few.
    pub fn short(&self) -> String {
        let text = self.text();
        let callee = self.callee();
        let short = match text.len() <= 40 && !text.contains('\n') {
            true => text.to_owned(),
            false if callee.ends_with(&self.site.constructor) || !self.is_rust() => format!("{callee}(..)"),
            false => format!("{callee}(..)...{}()", self.site.constructor),
        };
        format!("`{short}`{}", self.resolved_name())
    }

    /// ` (google.genai.Client)` where the callee as written does not tell the library.
    fn resolved_name(&self) -> String {
        let written = self.callee().to_ascii_lowercase();
        let first = self.site.symbol.split(['.', ':']).next().unwrap_or_default().to_ascii_lowercase();
        if written.contains(&first) { String::new() } else { format!(" ({})", self.site.symbol) }
    }

    /// The construction as written, whole.
    pub fn text(&self) -> &'a str {
        self.file.source.slice(self.site.place.span)
    }

    /// The construction, from that of its session on where this is built in the same call and turn, for it alone.
    pub fn whole(&self) -> Span {
        let (place, module) = (&self.site.place, self.file.module);
        let session = self.site.receiver.as_ref().map(|receiver| receiver.span).filter(|session| {
            let here = place.function.is_some_and(|id| module.function(id).span.contains(*session));
            let in_turn = place.repeats.iter().all(|repeat| repeat.span.contains(*session));
            let of_session = module.sites.iter().filter_map(|site| site.receiver.as_ref());
            let clients = of_session.filter(|receiver| receiver.span == *session).count();
            here && in_turn && clients == 1 && session.start < place.span.start
        });
        session.map_or(place.span, |session| Span::new(session.start, place.span.end))
    }

    /// A finding about this client at `span`.
    pub fn draft(&self, span: Span, message: impl Into<String>) -> Draft {
        Draft::new(span, message).client(self.client_ref())
    }

    /// The client, for reports.
    pub fn client_ref(&self) -> ClientRef {
        let library = self.library();
        ClientRef {
            library: library.map_or(String::new(), |library| library.library.clone()),
            version: library
                .and_then(|library| Some(self.file.project.resolved(library).versions.exact()?.to_string())),
            symbol: self.site.symbol.clone(),
            span: self.site.place.span,
        }
    }

    /// Functions that use the client themselves.
    fn users(&self) -> Vec<Option<FunctionId>> {
        self.uses().iter().map(|usage| usage.place.function).collect()
    }

    /// Fan-outs that run code which uses this client.
    pub fn fan_outs(&self, kind: FanOutKind) -> Vec<&'a FanOut> {
        let users = self.users();
        let uses = self.uses();
        let fan_outs = self.file.program.fan_outs(self.file.index).filter(|(fan_out, _)| fan_out.kind == kind);
        let shared = fan_outs.filter(|(fan_out, reached)| {
            let runs_user = users.iter().flatten().any(|user| reached.contains(&self.file.function(*user)));
            runs_user || uses.iter().any(|usage| fan_out.place.span.contains(usage.place.span))
        });
        shared.map(|(fan_out, _)| fan_out).collect()
    }

    /// The concurrency in sight: the narrowest known limit of tasks, the widest of threads.
    pub fn concurrency(&self) -> Option<(i64, &'a FanOut)> {
        let widths = |kind| {
            let known = self.fan_outs(kind).into_iter().filter_map(|fan_out| Some((fan_out.width?, fan_out)));
            known.collect::<Vec<_>>()
        };
        let threads = widths(FanOutKind::Threads).into_iter().max_by_key(|(width, _)| *width);
        let tasks = widths(FanOutKind::Tasks).into_iter().min_by_key(|(width, _)| *width);
        if self.is_sync() { threads } else { tasks.or(threads) }
    }

    /// How the construction repeats, for a sentence.
    pub fn how_often(&self) -> String {
        let function = |at: FunctionRef| match self.file.program.function(at) {
            function if function.is_closure() => "a closure".to_owned(),
            function => format!("`{}`", function.name),
        };
        match (self.lifetime.level, &self.lifetime.entry, self.lifetime.hot) {
            (Level::PerTurn, _, _) => "in each turn of a loop".to_owned(),
            (Level::PerRequest, Some(entry), _) => format!("{} ({})", entry.every(), entry.what),
            (_, _, Some(hot)) => format!("in each call of {}", function(hot)),
            _ => "in each call".to_owned(),
        }
    }
}

/// A setting for people: `5 s (default of httpx 0.28.1)`.
pub fn describe(effective: &Effective, unit: &str) -> String {
    let value = in_words(&effective.value, unit);
    match &effective.origin {
        Origin::Default { library, source } => format!("{value} (default of {library}: {source})"),
        Origin::Set(_) => format!("{value} (set in the code)"),
        Origin::Reset { symbol, .. } => format!("{value} (`{symbol}` given without it)"),
        Origin::Lost { why, .. } => format!("{value} (what was meant is lost: {why})"),
        Origin::Depends(all) => {
            let all = all.iter().map(|(value, versions)| format!("{} {versions}", in_words(value, unit)));
            format!("depends on the version: {}", all.collect::<Vec<_>>().join(", "))
        }
        Origin::Unknown => value,
    }
}

/// A value of a setting for people: `unlimited`, `on`, `5 s`.
pub fn in_words(value: &Value, unit: &str) -> String {
    match value {
        Value::Nothing => "unlimited".to_owned(),
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        Value::Int(number) => format!("{number}{unit}"),
        Value::Float(number) => format!("{number}{unit}"),
        Value::Text(text) => text.clone(),
        Value::Env { name, default } => match default.as_deref() {
            Some(Value::Text(text)) => format!("${name}, or else {text}"),
            _ => format!("${name}"),
        },
        _ => "unknown".to_owned(),
    }
}
