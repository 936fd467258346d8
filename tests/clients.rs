//! The knowledge in `rules/clients/` is sound, and a library is known by its file alone.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use coldcall::clients::places::SettingPlace;
use coldcall::clients::resolved::Resolved;
use coldcall::clients::schema::{ClientSpec, DefaultSpec, Library};
use coldcall::clients::versions::{self, Versions};
use coldcall::clients::{Clients, ClientsError, Made};
use coldcall::source::Language;
use pep440_rs::{Version, VersionSpecifiers, release_specifiers_to_ranges};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::str::FromStr;

const SETTINGS: [&str; 13] = [
    "pool-max",
    "pool-max-per-host",
    "pool-idle",
    "pool-idle-total",
    "keepalive-expiry",
    "http2",
    "http1-only",
    "force-close",
    "pool-block",
    "headers",
    "connect-timeout",
    "timeout",
    "base-url",
];

fn files() -> Vec<(PathBuf, Library)> {
    let folders = ["python", "rust"].map(|language| format!("rules/clients/{language}"));
    let files = folders.iter().flat_map(|folder| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())
    });
    files.map(|path| (path.clone(), read(&path))).collect()
}

fn read(path: &Path) -> Library {
    let text = std::fs::read_to_string(path).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn defaults(library: &Library) -> impl Iterator<Item = &DefaultSpec> {
    library.default.iter().chain(library.client.iter().flat_map(|spec| &spec.default))
}

fn places<'a>(library: &'a Library, spec: &'a ClientSpec) -> impl Iterator<Item = (&'a String, &'a String)> {
    let own = spec.arguments.iter();
    let shared = library.arguments.iter().filter(|(setting, _)| !spec.arguments.contains_key(*setting));
    own.chain(shared).flat_map(|(setting, places)| places.iter().map(move |place| (setting, place)))
}

type Range<'a> = (&'a Option<String>, &'a Option<String>);

/// `since` and `until` of everything that has them.
fn ranges(library: &Library) -> Vec<Range<'_>> {
    let mut all: Vec<Range<'_>> = defaults(library).map(|spec| (&spec.since, &spec.until)).collect();
    all.extend(library.client.iter().map(|spec| (&spec.since, &spec.until)));
    all.extend(library.client.iter().filter_map(|spec| spec.base_url.as_ref()).map(|base| (&base.since, &None)));
    all.extend(library.cost.iter().map(|spec| (&spec.since, &spec.until)));
    all.extend(library.feature_set.iter().map(|spec| (&spec.since, &spec.until)));
    all.extend(library.no_http2.iter().map(|spec| (&spec.since, &spec.until)));
    all.extend(library.builds_per_call.iter().map(|spec| (&spec.since, &spec.until)));
    all
}

fn library(text: &str) -> Library {
    toml::from_str(text).unwrap()
}

const IN_HOUSE: &str = r#"
library = "house"
package = "house-http"
imports = ["house_http"]
verified = "2026-11-22"
versions = "1.0"
source = "our own"

[[client]]
symbols = ["house_http.Client"]
mode = "async"
"#;

fn version(text: &str) -> Version {
    Version::from_str(text).unwrap()
}

fn resolved(at: Option<&str>) -> Resolved {
    at.map(version).map(Resolved::at).unwrap_or_default()
}

fn default_text(symbol: &str, setting: &str, at: Option<&str>) -> Option<String> {
    let (library, spec) = Clients::embedded().client(symbol).unwrap();
    library.default_of(spec, setting, &resolved(at)).map(|default| default.value.to_string())
}

#[test]
fn every_file_is_embedded_and_agrees_with_the_others() {
    let (paths, libraries): (Vec<_>, Vec<_>) = files().into_iter().unzip();
    assert!(libraries.len() >= 40, "{paths:?}");
    let name = |one: &Library| format!("{:?} {}", one.language, one.library);
    let names = |all: &[Library]| all.iter().map(name).collect::<BTreeSet<_>>();
    assert_eq!(names(Clients::embedded().libraries()), names(&libraries));
    assert_eq!(Clients::embedded().libraries().len(), libraries.len());
    Clients::with_user(libraries).unwrap();
}

#[test]
fn every_file_says_what_it_is_and_where_its_facts_come_from() {
    for (path, library) in files() {
        let shown = path.display();
        assert!(std::fs::read_to_string(&path).unwrap().starts_with("# "), "{shown}: no comment at the top");
        assert!(!library.imports.is_empty() && !library.source.is_empty() && !library.versions.is_empty(), "{shown}");
        assert_eq!(library.verified.len(), "2026-11-22".len(), "{shown}");
        for default in defaults(&library) {
            assert!(!default.source.trim().is_empty(), "{shown}: {default:?} has no source");
            assert!(SETTINGS.contains(&default.setting.as_str()), "{shown}: unknown setting {}", default.setting);
        }
        // A message says "Without one it .." and goes on with this.
        let without = library.client.iter().filter_map(|spec| spec.region.as_ref()).map(|region| &region.without);
        without.for_each(|clause| assert!(clause.split(' ').next().unwrap().ends_with('s'), "{shown}: {clause}"));
        for spec in &library.client {
            assert_eq!(
                spec.construction_ms.is_some(),
                spec.construction_source.is_some(),
                "{shown}: {:?}",
                spec.symbols
            );
            assert!(spec.base_url.as_ref().is_none_or(|url| !url.source.is_empty() && !url.variables.is_empty()));
            assert!(spec.region.as_ref().is_none_or(|region| !region.source.is_empty()));
        }
        let sources = library.cost.iter().map(|spec| &spec.source);
        let sources = sources.chain(library.feature_set.iter().map(|spec| &spec.source));
        let sources = sources.chain(library.no_http2.iter().map(|spec| &spec.source));
        let mut sources = sources.chain(library.builds_per_call.iter().map(|spec| &spec.source));
        assert!(sources.all(|source| !source.trim().is_empty()), "{shown}");
    }
}

#[test]
fn a_file_describes_the_language_of_its_folder() {
    for (path, library) in files() {
        let language = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        assert_eq!(library.language == Language::Rust, language == "rust", "{}", path.display());
        for symbol in library.client.iter().flat_map(|spec| &spec.symbols) {
            assert_eq!(symbol.contains("::"), language == "rust", "{}: {symbol}", path.display());
        }
    }
}

#[test]
fn every_bound_is_a_version_and_every_range_holds_one() {
    for (path, library) in files() {
        for (since, until) in ranges(&library) {
            let bound = |text: &Option<String>| text.as_deref().map(version);
            let holds_one = bound(since).zip(bound(until)).is_none_or(|(since, until)| since < until);
            assert!(holds_one, "{}: {since:?} to {until:?}", path.display());
        }
    }
}

#[test]
fn ranges_of_defaults_do_not_overlap_and_one_holds_to_this_day() {
    for (path, library) in files() {
        let lists = std::iter::once(&library.default).chain(library.client.iter().map(|spec| &spec.default));
        for list in lists {
            let mut by_setting: HashMap<&str, Vec<&DefaultSpec>> = HashMap::new();
            list.iter().for_each(|default| by_setting.entry(&default.setting).or_default().push(default));
            for (setting, mut ranges) in by_setting {
                // Defaults for different Cargo features share a range.
                ranges.dedup_by(|one, other| {
                    one.features.is_some()
                        && other.features.is_some()
                        && (&one.since, &one.until) == (&other.since, &other.until)
                });
                let newest = ranges.iter().filter(|range| range.until.is_none()).count();
                assert_eq!(newest, 1, "{}: {setting}", path.display());
                for pair in ranges.windows(2) {
                    assert_eq!(pair[0].until, pair[1].since, "{}: {setting}: gap or overlap", path.display());
                }
            }
        }
    }
}

#[test]
fn every_place_is_a_keyword_or_a_field_of_a_known_object() {
    let known = Clients::embedded();
    let objects = || known.libraries().iter().flat_map(|library| &library.object);
    let fields: BTreeSet<&str> = objects()
        .flat_map(|object| object.positional.iter().chain(object.unset.keys()))
        .flat_map(|field| field.split('.').chain([field.as_str()]))
        .collect();
    for library in known.libraries() {
        for (setting, text) in library.client.iter().flat_map(|spec| places(library, spec)) {
            assert!(SETTINGS.contains(&setting.as_str()), "{}: unknown setting {setting}", library.library);
            let place = SettingPlace::parse(text).unwrap_or_else(|| panic!("{}: {text}", library.library));
            // `headers` is a map in every object, and the objects do not list what is no pool setting, nor, in Rust, their
            // methods.
            let of_rust = library.language == Language::Rust;
            let listed = place.field.is_none_or(|field| of_rust || fields.contains(field) || field == "headers");
            assert!(listed, "{}: {text}: no object has this field", library.library);
        }
    }
}

#[test]
fn resets_have_both_numbers() {
    for object in Clients::embedded().libraries().iter().flat_map(|library| &library.object) {
        for field in &object.resets {
            assert!(object.unset.contains_key(field), "{:?}: unset {field}", object.symbols);
            assert!(object.library_defaults.contains_key(field), "{:?}: library-defaults {field}", object.symbols);
        }
        for field in &object.zero_is_unlimited {
            assert!(object.unset.contains_key(field), "{:?}: {field}", object.symbols);
        }
    }
}

#[test]
fn a_default_is_chosen_by_version() {
    let anthropic = |setting, at| default_text("anthropic.Anthropic", setting, at);
    assert_eq!(anthropic("pool-max", Some("0.21.3")).as_deref(), Some("100"));
    assert_eq!(anthropic("pool-max", Some("0.22.0")).as_deref(), Some("1000"), "`since` is inclusive, `until` is not");
    assert_eq!(anthropic("pool-max", Some("2.12.0")).as_deref(), Some("1000"));
    assert_eq!(anthropic("pool-max", None).as_deref(), Some("1000"), "no version means the newest");
    assert_eq!(anthropic("pool-block", None), None);
    assert_eq!(default_text("cerebras.cloud.sdk.Cerebras", "http2", Some("1.66.9")).as_deref(), Some("false"));
    assert_eq!(default_text("together.Together", "pool-max", Some("1.3.0")), None, "nothing is known before 2.0.0");
}

#[test]
fn a_clients_own_default_comes_before_the_librarys() {
    let text = format!(
        "{IN_HOUSE}default = [{{ setting = 'pool-max', value = 7, since = '2.0', source = 'x' }}]\n\
         [[default]]\nsetting = 'pool-max'\nvalue = 3\nsource = 'x'\n"
    );
    let clients = Clients::with_user(vec![library(&text)]).unwrap();
    let (library, spec) = clients.client("house_http.Client").unwrap();
    let at = |text| library.default_of(spec, "pool-max", &resolved(Some(text))).unwrap().value.to_string();
    assert_eq!(at("2.0"), "7");
    assert_eq!(at("1.9"), "3");
}

/// What the pool of the in-house client is by default within `specifiers`: the value, or each with its versions.
fn pool_within(facts: &str, specifiers: &str) -> (Option<String>, Vec<String>) {
    let clients = Clients::with_user(vec![library(&format!("{IN_HOUSE}{facts}"))]).unwrap();
    let (library, spec) = clients.client("house_http.Client").unwrap();
    let set = release_specifiers_to_ranges(VersionSpecifiers::from_str(specifiers).unwrap());
    let resolved = Resolved::at(Versions::allowed(set, specifiers));
    let parts = library.defaults_of(spec, "pool-max", &resolved);
    let parts = parts.iter().map(|part| format!("{} {}", part.fact.value, versions::words(&part.range, None)));
    (library.default_of(spec, "pool-max", &resolved).map(|fact| fact.value.to_string()), parts.collect())
}

#[test]
fn a_fact_is_chosen_for_a_range_only_where_it_holds_for_all_of_it() {
    let facts = "[[default]]\nsetting = 'pool-max'\nvalue = 20\nuntil = '0.22.0'\nsource = 'x'\n\
                 [[default]]\nsetting = 'pool-max'\nvalue = 100\nsince = '0.22.0'\nuntil = '1.0'\nsource = 'x'\n\
                 [[default]]\nsetting = 'pool-max'\nvalue = 100\nsince = '1.0'\nsource = 'x'\n";
    let chosen = |specifiers: &str| pool_within(facts, specifiers).0;
    for (specifiers, value) in [("<0.22", "20"), ("~=0.21.3", "20"), ("==0.22.*", "100"), (">=0.22,<5", "100")] {
        assert_eq!(chosen(specifiers).as_deref(), Some(value), "{specifiers}");
    }
    for specifiers in [">=0.20", "<0.22.1", "!=0.30", ">=0.21,<0.22.1"] {
        assert_eq!(chosen(specifiers), None, "{specifiers}");
    }
    assert_eq!(pool_within(facts, ">=0.20").1, ["20 before 0.22.0", "100 since 0.22.0"], "equal neighbours are one");
    assert_eq!(pool_within(facts, ">=2,<1").0.as_deref(), Some("100"), "what allows nothing tells nothing");
}

#[test]
fn versions_without_a_fact_count_as_different() {
    let facts = "[[default]]\nsetting = 'pool-max'\nvalue = 7\nsince = '2.0'\nsource = 'x'\n";
    assert_eq!(pool_within(facts, ">=1"), (None, vec!["7 since 2.0".to_owned()]));
    assert_eq!(pool_within(facts, "<2"), (None, Vec::new()));
}

#[test]
fn the_first_argument_chooses_among_clients_of_one_symbol() {
    let clients = Clients::embedded();
    let services = |found: Option<(&Library, &ClientSpec)>| found.unwrap().1.services.len();
    assert!(services(clients.client_for("boto3.client", Some("bedrock-runtime"))) > 0);
    assert_eq!(services(clients.client_for("boto3.client", Some("s3"))), 0, "no such service: the general one");
    assert_eq!(services(clients.client_for("boto3.client", None)), 0);
    assert_eq!(services(clients.client("boto3.client")), 0);
    assert!(clients.client_for("pydantic_ai.Agent", Some("openai:gpt-5")).is_some(), "a pattern");
    assert!(clients.client_for("pydantic_ai.Agent", Some("test")).is_none());
    assert!(clients.client("pydantic_ai.Agent").is_none(), "it was handed a model");
    assert!(clients.client("boto3.Session").unwrap().1.holder);
}

#[test]
fn what_shares_a_pool_or_only_looks_alike_is_no_one_shot() {
    let clients = Clients::embedded();
    for symbol in [
        "urllib3.request",
        "ollama.chat",
        "openai.chat.completions.create",
        "huggingface_hub.InferenceClient",
        "litellm.completion",
        "mcp.ClientSession",
        "anthropic.Anthropic.with_options",
        "httpx.Response",
    ] {
        let is_shared = clients.one_shot(symbol).is_none_or(|(_, spec)| spec.process_wide);
        assert!(clients.client(symbol).is_none() && is_shared, "{symbol}");
    }
    for symbol in ["langchain_openai.ChatOpenAI", "langchain_anthropic.ChatAnthropic"] {
        let (_, spec) = clients.client(symbol).unwrap();
        assert!(!spec.pools_in(Resolved::default), "{symbol} in the newest version");
    }
}

#[test]
fn finds_clients_one_shots_and_objects_by_every_path() {
    let clients = Clients::embedded();
    for symbol in
        ["openai.Client", "openai._client.OpenAI", "requests.session", "google.genai.Client", "mistralai.Mistral"]
    {
        assert!(clients.client(symbol).is_some(), "{symbol}");
    }
    assert_eq!(clients.one_shot("requests.request").unwrap().1.url, 1);
    assert_eq!(clients.one_shot("httpx.get").unwrap().1.instead, "httpx.Client()");
    assert_eq!(clients.object("httpx.Limits").unwrap().1.unset["max_connections"].as_str(), Some("unlimited"));
    assert!(clients.imports(Language::Python).any(|text| text == "genai"));
}

#[test]
fn only_sync_clients_race_and_only_async_ones_are_bound_to_a_loop() {
    use coldcall::clients::schema::Mode;
    for spec in Clients::embedded().libraries().iter().flat_map(|library| &library.client) {
        assert!(!(spec.http2_thread_race && spec.mode == Mode::Async), "{:?}", spec.symbols);
        assert!(!spec.loop_bound || spec.mode == Mode::Async, "{:?}", spec.symbols);
    }
    for silent in ["httpx.Client", "requests.Session"] {
        assert!(!Clients::embedded().client(silent).unwrap().1.leaks, "{silent}");
    }
}

#[test]
fn a_users_library_makes_its_client_known() {
    assert!(Clients::embedded().client("house_http.Client").is_none());
    let clients = Clients::with_user(vec![library(IN_HOUSE)]).unwrap();
    assert_eq!(clients.client("house_http.Client").unwrap().0.library, "house");
    assert!(clients.client("httpx.Client").is_some(), "the embedded ones stay");
    assert!(clients.imports(Language::Python).any(|text| text == "house_http"));
}

#[test]
fn a_user_may_describe_an_embedded_symbol_anew() {
    let own = library(&IN_HOUSE.replace("house_http.Client", "boto3.client"));
    let clients = Clients::with_user(vec![own]).unwrap();
    for argument in [None, Some("bedrock-runtime")] {
        assert_eq!(clients.client_for("boto3.client", argument).unwrap().0.library, "house");
    }
    assert_eq!(clients.client("boto3.Session.client").unwrap().0.library, "boto3");
}

#[test]
fn a_users_pattern_comes_before_an_embedded_one() {
    let text = IN_HOUSE.replace("house_http.Client", "aws_sdk_*::Client");
    let clients = Clients::with_user(vec![library(&format!("{text}constructors = ['connect']\n"))]).unwrap();
    assert_eq!(clients.client("aws_sdk_s3::Client").unwrap().0.library, "house");
    let made = Some(Made::Client("aws_sdk_s3::Client".to_owned()));
    assert_eq!(clients.made_by("aws_sdk_s3::Client::connect"), made);
    assert_eq!(Clients::embedded().client("aws_sdk_s3::Client").unwrap().0.library, "aws-sdk");
}

#[test]
fn contradictions_are_refused() {
    let refused = |text: &str| Clients::with_user(vec![library(text)]).unwrap_err();
    let default =
        |range: &str| format!("{IN_HOUSE}default = [{{ setting = 'http2', value = true, source = 'x', {range} }}]");
    assert!(matches!(
        Clients::with_user(vec![library(IN_HOUSE), library(IN_HOUSE)]).unwrap_err(),
        ClientsError::Twice { symbol, .. } if symbol == "house_http.Client"
    ));
    assert!(matches!(refused(&default("since = '2.0', until = '2.0'")), ClientsError::EmptyRange { .. }));
    assert!(matches!(refused(&default("since = 'soon'")), ClientsError::Version { text, .. } if text == "soon"));
    assert!(matches!(refused(&IN_HOUSE.replace("\"house_http.Client\"", "")), ClientsError::NoSymbols { .. }));
}

#[test]
fn a_version_stands_beside_the_package_that_has_it() {
    let told = |symbol: &str| Clients::embedded().client(symbol).unwrap().0.told().to_owned();
    assert_eq!(told("aws_sdk_s3::Client"), "aws-config");
    assert_eq!(told("reqwest::Client"), "reqwest");
    assert_eq!(told("anthropic.Anthropic"), "anthropic");
}
