//! Advice that fits the code around a finding.

use crate::support::Sandbox;

const NEON: &str = "import requests


class NeonClient:
    def __init__(self, timeout=10):
        self._timeout = timeout

    def account(self, number):
        return requests.get(f\"https://api.example.com/{number}\", timeout=self._timeout)
";

fn help(caller: &str) -> String {
    let sandbox = Sandbox::new(&[("neon.py", NEON), ("app.py", caller)]);
    sandbox.json("--exit-zero --min-confidence low --select one-shot-request")["findings"][0]["help"].to_string()
}

#[test]
fn an_object_that_is_built_per_call_is_not_the_place_to_keep_a_client() {
    let task = "from celery import shared_task
from neon import NeonClient


@shared_task
def update(number):
    client = NeonClient()
    return client.account(number).json()
";
    let help = help(task);
    assert!(help.contains("build the `NeonClient` once per process"), "{help}");
    assert!(!help.contains("Keep one on the object"), "{help}");
}

#[test]
fn an_object_that_lives_on_is_the_place_to_keep_a_client() {
    let kept = "from celery import shared_task
from neon import NeonClient

client = NeonClient()


@shared_task
def update(number):
    return client.account(number).json()
";
    let once = "from neon import NeonClient


def update(numbers):
    client = NeonClient()
    for number in numbers:
        client.account(number)
";
    for caller in [kept, once] {
        let help = help(caller);
        assert!(help.contains("Keep one on the object"), "{help}");
    }
}

#[test]
fn what_an_initializer_builds_for_each_object_is_shared_with_the_object() {
    let source = "import httpx
from celery import shared_task


class Api:
    def __init__(self):
        self._client = httpx.Client(timeout=9)

    def ask(self):
        return self._client.get(\"https://api.example.com\").json()


@shared_task
def update():
    return Api().ask()
";
    let found = Sandbox::new(&[("app.py", source)]).json("--exit-zero --select client-per-call");
    let help = found["findings"][0]["help"].to_string();
    assert!(help.contains("build the `Api` once per process"), "{help}");
}
