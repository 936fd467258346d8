//! `coldcall audit` from outside, on real files and processes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../check/support.rs"]
#[allow(dead_code)]
mod support;

mod formats;
mod hostile;
mod inventory;
mod predictions;

use serde_json::Value;
use support::{Run, Sandbox, program};

/// `coldcall audit` with `arguments`, separated by spaces.
fn audit(sandbox: &Sandbox, arguments: &str) -> Run {
    Run::of(program(sandbox.path()).arg("audit").args(arguments.split_whitespace()))
}

/// The JSON document of `coldcall audit` with `arguments`.
fn json(sandbox: &Sandbox, arguments: &str) -> Value {
    let run = audit(sandbox, &format!("--output-format json {arguments}")).exits(0);
    serde_json::from_str(&run.stdout).unwrap_or_else(|why| panic!("{why}: {run:?}"))
}

/// A client that is built for each call, one that is kept, and a one-shot.
const MIXED: &str = "import httpx
import requests

kept = httpx.AsyncClient(base_url=\"https://api.example.com\", limits=httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30))


async def ask():
    return await kept.get(\"/a\")


def load(urls):
    for url in urls:
        with httpx.Client() as client:
            client.get(\"https://example.com/\" + url)


def once():
    for _ in range(9):
        requests.get(\"https://example.com/\")
";

fn mixed() -> Sandbox {
    let sandbox = Sandbox::new(&[("app.py", MIXED)]);
    sandbox.add("requirements.txt", "httpx==0.28.1\nrequests==2.34.2\n");
    sandbox
}
