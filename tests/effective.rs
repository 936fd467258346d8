//! What clients are set to, and where that comes from, as the text and the library's facts say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use coldcall::clients::Clients;
use coldcall::clients::resolved::Resolved;
use coldcall::clients::schema::Library;
use coldcall::effective::{Construction, Effective, Elsewhere, Origin, Settings};
use coldcall::frontend::{Renames, lower};
use coldcall::model::{ClientUse, SiteId, Value};
use coldcall::source::{Language, SourceFile};
use pep440_rs::Version;

/// Another file that sets `config.POOL`, and a class of this one.
struct Other;

impl Elsewhere for Other {
    fn constant(&self, path: &str) -> Option<Value> {
        (path == "config.POOL").then_some(Value::Int(7))
    }

    fn base(&self, symbol: &str) -> Option<String> {
        (symbol == "Retrying").then(|| "httpx.AsyncHTTPTransport".to_owned())
    }
}

/// A setting of the last client in `text`, with versions by package.
fn effective(text: &str, setting: &str, versions: &[(&str, &str)]) -> Effective {
    let text = format!("import httpx, anthropic, openai, together, requests, boto3, aiohttp, config\n{text}\n");
    let file = SourceFile::new("app.py", Language::Python, text);
    let module = lower(&file, Clients::embedded(), &Renames::new()).unwrap();
    let (id, site) = module.sites.iter().enumerate().max_by_key(|(_, site)| site.place.span.end).unwrap();
    let uses: Vec<&ClientUse> = module.uses_of(SiteId(id)).collect();
    let resolved = |library: &Library| {
        let found = versions.iter().find(|(package, _)| *package == library.package);
        found.map_or_else(Resolved::default, |(_, version)| Resolved::at(version.parse::<Version>().unwrap()))
    };
    let settings = Settings { clients: Clients::embedded(), resolved: &resolved, elsewhere: &Other };
    let construction =
        Construction { symbol: &site.symbol, arguments: &site.arguments, open_ended: site.open_ended, uses: &uses };
    settings.of(construction, setting)
}

fn number(text: &str, setting: &str) -> Option<f64> {
    effective(text, setting, &[]).number()
}

#[test]
fn a_time_out_is_one_number_or_several() {
    for (written, connect, read) in [
        ("httpx.Client()", Some(5.0), Some(5.0)),
        ("httpx.Client(timeout=30)", Some(30.0), Some(30.0)),
        ("httpx.Client(timeout=httpx.Timeout(30, connect=3))", Some(3.0), Some(30.0)),
        ("httpx.Client(timeout=httpx.Timeout(connect=5, read=120, write=10, pool=10))", Some(5.0), Some(120.0)),
        ("httpx.Client(timeout=wait)", None, None),
        ("aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20, sock_connect=4))", Some(4.0), Some(20.0)),
        ("aiohttp.ClientSession()", Some(30.0), Some(300.0)),
        ("requests.Session()", None, None),
        ("openai.OpenAI()", Some(5.0), Some(600.0)),
        ("anthropic.Anthropic(timeout=20.0)", Some(20.0), Some(20.0)),
    ] {
        assert_eq!(number(written, "connect-timeout"), connect, "{written}");
        assert_eq!(number(written, "timeout"), read, "{written}");
    }
    assert_eq!(effective("httpx.Client(timeout=None)", "timeout", &[]).value, Value::Nothing);
    assert_eq!(effective("requests.Session()", "timeout", &[]).value, Value::Nothing);
    let at = |version| effective("anthropic.Anthropic()", "timeout", &[("anthropic", version)]).number();
    assert_eq!((at("0.3.9"), at("0.3.10")), (Some(60.0), Some(600.0)));
}

#[test]
fn some_sdks_count_time_outs_in_milliseconds() {
    for (options, seconds) in [
        ("types.HttpOptions(timeout=10_000)", Some(10.0)),
        ("types.HttpOptions(timeout=2500, base_url='https://example.com')", Some(2.5)),
        ("{'timeout': 30000}", Some(30.0)),
        ("types.HttpOptions(timeout=wait)", None),
        ("types.HttpOptions(api_version='v1')", None),
        ("types.HttpOptions(httpx_client=httpx.Client(timeout=7))", None),
    ] {
        let client =
            format!("from google import genai\nfrom google.genai import types\ngenai.Client(http_options={options})");
        assert_eq!(number(&client, "timeout"), seconds, "{options}");
        assert_eq!(number(&client, "connect-timeout"), seconds, "{options}");
    }
    let mistral = |arguments| number(&format!("from mistralai.client import Mistral\nMistral({arguments})"), "timeout");
    assert_eq!(mistral("timeout_ms=90_000"), Some(90.0));
    assert_eq!(mistral("timeout_ms=90_000, client=httpx.Client(timeout=7)"), Some(90.0));
    assert_eq!(mistral("client=httpx.Client(timeout=7)"), None, "each request has its own");
}

#[test]
fn an_sdk_keeps_its_time_out_unless_another_is_said() {
    let sdk = |http: &str| number(&format!("anthropic.Anthropic(http_client={http})"), "timeout");
    assert_eq!(sdk("httpx.Client()"), Some(600.0));
    // Equal to the default of httpx, and so taken for it.
    assert_eq!(sdk("httpx.Client(timeout=5.0)"), Some(600.0));
    assert_eq!(sdk("httpx.Client(timeout=httpx.Timeout(5.0))"), Some(600.0));
    assert_eq!(sdk("httpx.Client(timeout=httpx.Timeout(5.0, pool=60))"), Some(5.0));
    assert_eq!(sdk("httpx.Client(timeout=20)"), Some(20.0));
    assert_eq!(sdk("anthropic.DefaultHttpxClient()"), Some(600.0));
    assert_eq!(sdk("httpx.Client(), timeout=30"), Some(30.0));
    assert_eq!(sdk("made()"), None);
    assert_eq!(number("httpx.AsyncClient(transport=made())", "timeout"), Some(5.0));
}

#[test]
fn nothing_is_stated_of_versions_that_lack_the_class() {
    let pool = |version: &str| effective("openai.OpenAI()", "pool-max", &[("openai", version)]).number();
    assert_eq!([pool("0.28.1"), pool("1.14.3"), pool("1.16.0")], [None, Some(100.0), Some(1000.0)]);
    let host = |version: &str| effective("together.Together()", "base-url", &[("together", version)]);
    assert_eq!(host("2.0.0").value, Value::Unknown, "it was api.together.xyz");
    assert!(host("3.0.0").is_default());
}

#[test]
fn what_is_handed_over_has_the_connections() {
    let lost = |text: &str, setting: &str| {
        let effective = effective(text, setting, &[]);
        let is_lost = matches!(effective.origin, Origin::Lost { .. });
        (effective.number(), is_lost)
    };
    let limits = "limits=httpx.Limits(max_connections=500, max_keepalive_connections=200, keepalive_expiry=60)";
    let transport = format!("httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(), {limits})");
    assert_eq!(lost(&transport, "pool-max"), (Some(100.0), true));
    assert_eq!(lost(&transport, "pool-idle"), (Some(20.0), true));
    assert_eq!(lost(&transport, "keepalive-expiry"), (Some(5.0), true));
    let inside = format!("httpx.AsyncClient(transport=httpx.AsyncHTTPTransport({limits}))");
    assert_eq!(lost(&inside, "pool-max"), (Some(500.0), false));
    assert_eq!(lost("httpx.Client(transport=httpx.HTTPTransport())", "pool-max"), (Some(100.0), false));
    assert_eq!(lost("anthropic.Anthropic(http_client=httpx.Client())", "pool-max"), (Some(100.0), true));
    assert_eq!(lost("anthropic.Anthropic(http_client=httpx.Client())", "keepalive-expiry"), (Some(5.0), false));
    let own = "anthropic.Anthropic(http_client=anthropic.DefaultHttpxClient(timeout=20))";
    assert_eq!(lost(own, "pool-max"), (Some(1000.0), false));
    let void = "anthropic.Anthropic(http_client=anthropic.DefaultHttpxClient(transport=httpx.HTTPTransport()))";
    assert_eq!(lost(void, "pool-max"), (Some(100.0), true));
    assert_eq!(lost("openai.OpenAI(http_client=made())", "pool-max"), (None, false));
}

#[test]
fn mounts_count_for_the_addresses_that_they_name() {
    let mounted = |prefix: &str| {
        let transport = "httpx.HTTPTransport(limits=httpx.Limits(max_connections=7))";
        number(&format!("httpx.Client(mounts={{\"{prefix}\": {transport}}})"), "pool-max")
    };
    assert_eq!(mounted("https://"), Some(7.0));
    assert_eq!(mounted("all://"), Some(7.0));
    assert_eq!(mounted("https://proxied.example.com"), Some(100.0));
    let session = |calls: &str| number(&format!("session = requests.Session()\n{calls}"), "pool-max");
    let adapter = "requests.adapters.HTTPAdapter(pool_maxsize=50)";
    assert_eq!(session(&format!("session.mount('https://', {adapter})")), Some(50.0));
    assert_eq!(session(&format!("session.mount('http://', {adapter})")), Some(10.0));
    let plain = format!("session.mount('http://', {adapter})\nsession.get('http://intern.example.com/')");
    assert_eq!(session(&plain), Some(50.0));
}

#[test]
fn values_come_from_other_places() {
    let limits = "LIMITS = httpx.Limits(max_connections=9)\n";
    assert_eq!(number(&format!("{limits}httpx.Client(limits=LIMITS)"), "pool-max"), Some(9.0));
    assert_eq!(number("httpx.Client(limits=httpx.Limits(max_connections=config.POOL))", "pool-max"), Some(7.0));
    let class = "class Retrying(httpx.AsyncHTTPTransport):\n    pass\n";
    let limits = "limits=httpx.Limits(max_connections=3)";
    let derived = format!("{class}httpx.AsyncClient(transport=Retrying({limits}))");
    assert_eq!(number(&derived, "pool-max"), Some(3.0));
    let config = "from botocore.config import Config\nboto3.client('s3', config=Config(max_pool_connections=40))";
    assert_eq!(number(config, "pool-max"), Some(40.0));
    assert_eq!(number(config, "timeout"), Some(60.0));
}

#[test]
fn base_url_and_region_are_said_or_read() {
    let text = |written: &str, setting: &str| effective(written, setting, &[]).value;
    let own = Value::Text("https://relay.example.com".to_owned());
    assert_eq!(text("openai.OpenAI(base_url='https://relay.example.com')", "base-url"), own);
    assert_eq!(text("httpx.Client(base_url='https://relay.example.com')", "base-url"), own);
    let documented = Box::new(Value::Text("https://api.anthropic.com".to_owned()));
    let read = Value::Env { name: "ANTHROPIC_BASE_URL".to_owned(), default: Some(documented) };
    assert_eq!(text("anthropic.Anthropic(http_client=httpx.Client(base_url='https://x'))", "base-url"), read);
    let region = Value::Env { name: "AWS_REGION".to_owned(), default: None };
    assert_eq!(text("anthropic.AnthropicBedrock()", "region"), region);
    assert_eq!(text("anthropic.AnthropicBedrock()", "base-url"), Value::Unknown);
    assert_eq!(
        text("anthropic.AnthropicBedrock(aws_region='eu-west-1')", "region"),
        Value::Text("eu-west-1".to_owned())
    );
    assert_eq!(text("httpx.Client()", "region"), Value::Unknown);
}
