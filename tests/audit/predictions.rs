//! Predictions for workloads; the reality suite compares them with what happens.

use super::{Sandbox, json};

/// `connections, idle closes` of a program under `arguments`.
fn predicted(text: &str, arguments: &str) -> (String, String) {
    let sandbox = Sandbox::new(&[("app.py", text)]);
    sandbox.add("requirements.txt", "httpx==0.28.1\nrequests==2.34.2\naiohttp==3.14.5\nurllib3==2.8.0\n");
    let found = json(&sandbox, &format!("{arguments} app.py"));
    let range = |name: &str| {
        let (min, max) = (&found["predicted"][name]["min"], &found["predicted"][name]["max"]);
        if min == max { min.to_string() } else { format!("{min} to {max}") }
    };
    (range("connections"), range("idle_closes"))
}

#[track_caller]
fn predicts(text: &str, arguments: &str, connections: &str, closed: &str) {
    assert_eq!(predicted(text, arguments), (connections.to_owned(), closed.to_owned()), "{arguments}: {text}");
}

const HTTPX: &str = "import httpx\nclient = httpx.Client(limits=httpx.Limits(max_connections=10, max_keepalive_connections=5, keepalive_expiry=2))\n";

#[test]
fn a_shared_pool_keeps_what_it_may() {
    predicts(HTTPX, "--rounds 20", "1", "0");
    predicts(HTTPX, "--rounds 3 --at-once 8", "14", "6");
    predicts(HTTPX, "--rounds 3 --at-once 4", "4", "0");
}

#[test]
fn idle_connections_end_by_whoever_is_first() {
    predicts(HTTPX, "--rounds 4 --gap 3", "4", "3");
    predicts(HTTPX, "--rounds 4 --gap 1", "1", "0");
    predicts(HTTPX, "--rounds 4 --gap 3 --server-keep-alive 1", "4", "0");
    predicts("import requests\nsession = requests.Session()\n", "--rounds 4 --gap 900", "1", "0");
}

#[test]
fn libraries_differ_when_a_pool_is_full() {
    let requests = "import requests\nsession = requests.Session()\n";
    predicts(requests, "--rounds 3 --at-once 12", "16", "4");
    let urllib3 = "import urllib3\nhttp = urllib3.PoolManager()\n";
    predicts(urllib3, "--rounds 3 --at-once 5", "13", "8");
    let aiohttp = "import aiohttp\n\nasync def main():\n    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=4)) as session:\n        await session.get('https://example.com')\n\nif __name__ == '__main__':\n    import asyncio\n    asyncio.run(main())\n";
    predicts(aiohttp, "--rounds 2 --at-once 12", "4", "0");
}

#[test]
fn each_call_of_a_one_shot_connects() {
    let text = "import httpx\nfor _ in range(9):\n    httpx.get('https://example.com')\n";
    predicts(text, "--rounds 9", "9", "8");
    predicts(text, "--rounds 3 --at-once 4", "12", "8");
}

#[test]
fn a_great_load_is_counted_at_once() {
    predicts(HTTPX, "--rounds 1000000 --at-once 5", "5", "0");
}
