//! What the inventory holds, in which order, and what the program exits with.

use super::{Sandbox, audit, json, mixed};

#[test]
fn every_client_has_its_settings_with_their_origin() {
    let found = json(&mixed(), ".");
    let clients = found["clients"].as_array().unwrap();
    let kept = clients.iter().find(|client| client["symbol"] == "httpx.AsyncClient").unwrap();
    assert_eq!(
        (&kept["path"], &kept["start"]["line"], &kept["version"]),
        (&"app.py".into(), &4.into(), &"0.28.1".into())
    );
    let settings = &kept["settings"];
    let cell = |name: &str| {
        format!("{} ({})", settings[name]["value"].as_str().unwrap(), settings[name]["origin"].as_str().unwrap())
    };
    assert_eq!(cell("http2"), "off (default of httpx 0.28.1)");
    assert_eq!(cell("keepalive-expiry"), "30 s (set at app.py:4)");
    assert_eq!(settings["base-url"]["value"], "https://api.example.com");
    assert_eq!(settings["base-url"]["origin"], "set at app.py:4");
    assert_eq!(kept["users"][0]["function"], "ask");
    assert_eq!(kept["lifetime"]["level"], "once");
}

#[test]
fn what_each_call_pays_comes_first() {
    let found = json(&mixed(), ".");
    let clients = found["clients"].as_array().unwrap();
    let order: Vec<&str> = clients.iter().map(|client| client["symbol"].as_str().unwrap()).collect();
    assert_eq!(order, ["requests.get", "httpx.Client", "httpx.AsyncClient"]);
    assert_eq!(clients[0]["findings"][0]["rule"], "one-shot-request");
    assert_eq!(clients[2]["cost"]["per_call"], false);
}

#[test]
fn the_same_bytes_each_time() {
    let sandbox = mixed();
    for format in ["human", "json", "csv", "markdown", "html"] {
        let arguments = format!("--output-format {format} .");
        let one = audit(&sandbox, &format!("{arguments} -j 1")).exits(0);
        assert_eq!(one, audit(&sandbox, &format!("{arguments} -j 4")).exits(0), "{format}");
    }
}

#[test]
fn nothing_to_list_is_no_failure() {
    let empty = Sandbox::new(&[]);
    for format in ["human", "json", "csv", "markdown", "html"] {
        audit(&empty, &format!("--output-format {format} .")).exits(0);
    }
    assert_eq!(audit(&empty, ".").stdout, "No Python or Rust files found.\n");
    assert_eq!(audit(&Sandbox::new(&[("app.py", "x = 1\n")]), ".").stdout, "no clients\n");
    assert_eq!(json(&empty, ".")["predicted"], serde_json::Value::Null);
}

#[test]
fn bad_input_exits_with_2() {
    let sandbox = mixed();
    audit(&sandbox, "nowhere.py").exits(2);
    audit(&sandbox, "--rounds 0 .").exits(2);
    audit(&sandbox, "--gap -1 .").exits(2);
    audit(&sandbox, "--gap nan .").exits(2);
    audit(&sandbox, "--output-format xml .").exits(2);
    audit(&sandbox, "-o no/such/folder/out.html .").exits(2);
}

#[test]
fn tests_are_left_out_unless_asked_for() {
    let text = "import requests\n\ndef load():\n    requests.get('https://example.com')\n";
    let sandbox = Sandbox::new(&[("tests/helpers.py", text)]);
    assert_eq!(json(&sandbox, ".")["clients"].as_array().unwrap().len(), 0);
    assert_eq!(json(&sandbox, "--include-tests .")["clients"].as_array().unwrap().len(), 1);
    assert_eq!(json(&sandbox, "--include-tests --exclude tests .")["clients"].as_array().unwrap().len(), 0);
}

#[test]
fn a_pool_that_two_clients_share_is_counted_once() {
    let text = "import httpx
from anthropic import Anthropic

http = httpx.Client()


def ask():
    return Anthropic(http_client=http).messages.create(model='m', max_tokens=1, messages=[])


for _ in range(20):
    ask()
";
    let sandbox = Sandbox::new(&[("app.py", text)]);
    sandbox.add("requirements.txt", "anthropic==0.125.0\nhttpx==0.28.1\n");
    let found = json(&sandbox, ".");
    assert_eq!(found["predicted"]["connections"]["max"], 1, "{found:#}");
    assert_eq!(found["predicted"]["requests"], 20);
}

#[test]
fn what_is_derived_from_a_client_is_no_second_one() {
    let text = "from openai import OpenAI

client = OpenAI(api_key='none', timeout=20)


def ask(number):
    patient = client.with_options(timeout=number)
    patient.copy(max_retries=0).embeddings.create(model='m', input='text')


for number in range(20):
    ask(number)
";
    let sandbox = Sandbox::new(&[("app.py", text), ("requirements.txt", "openai==3.54.0\nhttpx==0.28.1\n")]);
    let found = json(&sandbox, ".");
    let clients = found["clients"].as_array().unwrap();
    assert_eq!(clients.len(), 1, "{found:#}");
    assert_eq!(clients[0]["start"]["line"], 3);
    assert_eq!(clients[0]["users"][0]["function"], "ask");
    assert_eq!(found["predicted"]["connections"]["max"], 1, "{found:#}");
    assert_eq!(found["predicted"]["requests"], 20);
}

#[test]
fn google_s_time_out_is_shown_in_seconds() {
    let text = "from google import genai\nfrom google.genai import types\n\n\
                client = genai.Client(http_options=types.HttpOptions(timeout=15_000))\n";
    let found = json(&Sandbox::new(&[("app.py", text)]), ".");
    let timeout = &found["clients"][0]["settings"]["timeout"];
    assert_eq!((&timeout["value"], &timeout["origin"]), (&"15 s".into(), &"set at app.py:4".into()), "{found:#}");
}

#[cfg(unix)]
#[test]
fn a_named_file_that_cannot_be_read_makes_the_exit_code_2() {
    let sandbox = Sandbox::new(&[("app.py", "import httpx\nclient = httpx.Client()\n"), ("dead.py", "\0")]);
    let run = audit(&sandbox, "app.py dead.py").exits(2);
    assert!(run.stdout.contains("httpx.Client") && format!("{}{}", run.stdout, run.stderr).contains("dead.py"));
    audit(&sandbox, "--force-exclude app.py dead.py").exits(0);
    audit(&sandbox, ".").exits(0);
}

#[test]
fn a_one_shot_has_its_own_time_out() {
    let text = "import httpx
import requests


def go():
    for _ in range(9):
        requests.get(\"https://example.com/a\", timeout=20)
        requests.get(\"https://example.com/b\")
        httpx.get(\"https://example.com/c\")
";
    let sandbox = Sandbox::new(&[("app.py", text)]);
    sandbox.add("requirements.txt", "httpx==0.28.1\nrequests==2.34.2\n");
    let found = json(&sandbox, ".");
    let clients = found["clients"].as_array().unwrap();
    let cell = |line: usize, name: &str| {
        let client = clients.iter().find(|client| client["start"]["line"] == line).unwrap();
        let cell = &client["settings"][name];
        format!("{} ({})", cell["value"].as_str().unwrap(), cell["origin"].as_str().unwrap())
    };
    assert_eq!(cell(7, "timeout"), "20 s (set at app.py:7)");
    assert_eq!(cell(7, "connect-timeout"), "20 s (set at app.py:7)");
    assert_eq!(cell(8, "timeout"), "unlimited (default of requests 2.34.2)");
    assert_eq!(cell(9, "timeout"), "5 s (default of httpx 0.28.1)");
}

#[test]
fn an_sdk_never_leaves_the_address_to_the_request() {
    let text = "import openai
from mistralai.client import Mistral


def azure(endpoint):
    return openai.AsyncAzureOpenAI(azure_endpoint=endpoint, api_key=\"k\")


fixed = openai.AzureOpenAI(api_key=\"k\", azure_endpoint=\"https://mine.openai.azure.com\")
plain = openai.AzureOpenAI(api_key=\"k\")
other = Mistral(api_key=\"k\")
";
    let sandbox = Sandbox::new(&[("app.py", text)]);
    sandbox.add("requirements.txt", "openai==2.53.0\nmistralai==2.7.0\n");
    let found = json(&sandbox, ".");
    let mut told: Vec<(u64, &str)> = found["clients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|client| {
            let value = client["settings"]["base-url"]["value"].as_str().unwrap();
            (client["start"]["line"].as_u64().unwrap(), value)
        })
        .collect();
    told.sort_unstable();
    assert_eq!(told, [(6, "{endpoint}"), (9, "https://mine.openai.azure.com"), (10, "unknown"), (11, "unknown")]);
}

#[test]
fn a_feature_that_a_dependency_turns_on_is_told() {
    let sandbox = Sandbox::new(&[(
        "src/main.rs",
        "fn main() {\n    let client = reqwest::Client::new();\n    drop(client.get(\"https://example.com\").send());\n}\n",
    )]);
    sandbox.add(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\nother = \"1\"\nreqwest = { version = \"0.12.3\", default-features = false, features = [\"rustls-tls\"] }\n",
    );
    let locked = |name: &str, version: &str, needs: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\ndependencies = [{needs}]\n\n"
        )
    };
    let lock = [
        "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"other\", \"reqwest\"]\n\n",
        &locked("h2", "0.4.9", ""),
        &locked("other", "1.0.0", "\"reqwest\""),
        &locked("reqwest", "0.12.15", "\"h2\", \"rustls\""),
        &locked("rustls", "0.23.0", ""),
    ];
    sandbox.add("Cargo.lock", lock.concat());
    let found = json(&sandbox, ".");
    let http2 = &found["clients"][0]["settings"]["http2"];
    assert_eq!(http2["value"], "unknown");
    assert!(http2["origin"].as_str().unwrap().contains("but a dependency does"), "{http2}");
}

#[test]
fn what_each_call_adds_is_not_built_once() {
    let text = "import weakref

import aiohttp


class Stream:
    def __init__(self, session):
        self._session = session

    async def run(self):
        await self._session.get(\"https://example.com\")


class Recognizer:
    def __init__(self):
        self._streams = weakref.WeakSet()

    def stream(self):
        session = aiohttp.ClientSession()
        stream = Stream(session)
        self._streams.add(stream)
        return stream
";
    let found = json(&Sandbox::new(&[("app.py", text)]), ".");
    let client = &found["clients"][0];
    let lifetime = &client["lifetime"];
    assert_eq!((&lifetime["level"], &lifetime["confidence"]), (&"per-call".into(), &"low".into()), "{lifetime}");
    assert_eq!(client["predicted"], serde_json::Value::Null, "{client}");
}

#[test]
fn the_limit_for_one_host_stands_beside_that_for_all() {
    let text = "import aiohttp


async def main():
    connector = aiohttp.TCPConnector(limit_per_host=50)
    async with aiohttp.ClientSession(connector=connector) as session:
        await session.get(\"https://example.com\")
";
    let sandbox = Sandbox::new(&[("app.py", text)]);
    sandbox.add("requirements.txt", "aiohttp==3.14.1\n");
    let pool = &json(&sandbox, ".")["clients"][0]["settings"]["pool-max"];
    assert_eq!(pool["value"], "100");
    assert_eq!(pool["origin"], "`aiohttp.TCPConnector` at app.py:5 leaves it out; 50 for each host, set at app.py:5");
}

#[test]
fn a_finding_of_low_confidence_is_named_as_such() {
    let source = "import httpx


def ask():
    client = httpx.Client(timeout=9)
    return client.get(\"https://api.example.com\").json()
";
    let sandbox = Sandbox::new(&[("app.py", source)]);
    let found = json(&sandbox, ".")["clients"][0]["findings"].clone();
    assert_eq!((&found[0]["rule"], &found[0]["confidence"]), (&"client-per-call".into(), &"low".into()));
    let csv = audit(&sandbox, "--output-format csv .").exits(0).stdout;
    assert!(csv.contains("client-per-call (low)"), "{csv}");
    let human = audit(&sandbox, ".").exits(0).stdout;
    assert!(human.lines().nth(2).unwrap().contains(" low"), "{human}");
}
