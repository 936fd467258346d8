//! Reports made by hand, as an analysis would make them.

use coldcall::engine::Timings;
use coldcall::finding::{ClientRef, Confidence, Evidence, Finding, Hop, Report, Severity, Skipped, Summary};
use coldcall::output::{Format, RuleText, Style, write};
use coldcall::source::{Cell, Language, LineIndex, SourceFile, Span};
use std::collections::BTreeMap;

pub fn describe(rule: &str) -> Option<RuleText> {
    let summary = match rule {
        "client-per-call" => "A client is built for every call",
        "http2-off" => "HTTP/2 is off",
        _ => return None,
    };
    Some(RuleText { summary: summary.into(), url: Some(format!("https://example.org/rules/{rule}")) })
}

pub fn render(report: &Report, format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    write(report, format, style, &describe, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub fn python(path: &str, text: &str) -> SourceFile {
    SourceFile::new(path, Language::Python, text)
}

/// A notebook whose code cells are `cells`, each with its number.
pub fn notebook(path: &str, cells: &[(usize, &str)]) -> SourceFile {
    let mut file = python(path, "");
    for (number, code) in cells {
        file.cells.push(Cell { number: *number, first_line: LineIndex::new(&file.text).len() - 1 });
        file.text.push_str(code);
    }
    file.lines = LineIndex::new(&file.text);
    file
}

/// The place of the first `code` in `file`.
pub fn at(file: &SourceFile, code: &str) -> Span {
    let start = file.text.find(code).expect("the code is in the file");
    Span::new(start, start + code.len())
}

pub fn finding(rule: &'static str, severity: Severity, file: usize, span: Span, message: &str) -> Finding {
    Finding {
        rule,
        severity,
        confidence: Confidence::High,
        file,
        span,
        message: message.into(),
        why: String::new(),
        help: "do it otherwise".into(),
        suggestion: None,
        chain: Vec::new(),
        client: None,
        settings: BTreeMap::new(),
        evidence: Evidence::Syntax,
        raises: None,
        once: None,
    }
}

pub fn hop(file: usize, span: Span, note: &str) -> Hop {
    Hop { file, span, note: note.into() }
}

pub fn client(library: &str, version: &str, symbol: &str, span: Span) -> Option<ClientRef> {
    Some(ClientRef { library: library.into(), version: Some(version.into()), symbol: symbol.into(), span })
}

const CHAT: &str = r#"from anthropic import Anthropic
from fastapi import FastAPI

from app.clients import make_http

app = FastAPI()


@app.post("/chat")
def chat(body: Chat):
    client = Anthropic(api_key=settings.key)
    return client.messages.create(model=MODEL, max_tokens=512, messages=body.messages)


@app.get("/quote/{symbol}")
async def quote(symbol: str):
    async with make_http() as http:
        return (await http.get(f"/v1/{symbol}")).json()
"#;

const CLIENTS: &str = r#"import httpx


def make_http():
    return httpx.AsyncClient(
        base_url="https://quotes.example",
        limits=httpx.Limits(keepalive_expiry=60),
        timeout=30,
    )


shared = httpx.AsyncClient(timeout=10)
"#;

/// A small application with a finding of every shape.
pub fn demo() -> Report {
    let files = vec![
        python("app/chat.py", CHAT),
        python("app/clients.py", CLIENTS),
        notebook(
            "notes/try.ipynb",
            &[(2, "import requests\n"), (3, "urls = load()\nfor url in urls:\n    print(requests.get(url).text)\n")],
        ),
    ];
    let findings = vec![one_shot(&files), http2(&files), per_request(&files), limits(&files), factory(&files)];
    Report {
        files,
        findings: findings.into_iter().flatten().collect(),
        skipped: vec![Skipped { path: "app/generated.py".into(), reason: "larger than 4 MiB".into() }],
        warnings: vec!["uv.lock:12: this line is not TOML; versions are taken from pyproject.toml".into()],
        summary: Summary {
            tests: 0,
            files: 14,
            parsed: 5,
            errors: 0,
            warnings: 4,
            advice: 3,
            suppressed: 1,
            below_confidence: 4,
        },
        timings: Timings::default(),
    }
}

fn per_request(files: &[SourceFile]) -> Vec<Finding> {
    let chat = &files[0];
    let span = at(chat, "Anthropic(api_key=settings.key)");
    let mut lead = finding(
        "client-per-call",
        Severity::Warning,
        0,
        span,
        "`Anthropic` is built on every request of `POST /chat`, so no request finds a warm connection",
    );
    lead.why = "every request pays DNS, TCP and TLS (2 round trips, 100 ms at 50 ms away) and about 33 ms for loading \
                CA certificates (measured with anthropic 0.125.0)"
        .into();
    lead.help = "build the client once, when the module is imported, and share it; it is safe to use from several \
                 threads"
        .into();
    lead.suggestion = Some(
        "client = Anthropic(api_key=settings.key)\n\n\n@app.post(\"/chat\")\ndef chat(body: Chat):\n    return client.messages.create(...)\n"
            .into(),
    );
    lead.chain = vec![
        hop(0, span, "built here"),
        hop(0, at(chat, "@app.post(\"/chat\")"), "called by FastAPI, once per request"),
    ];
    lead.client = client("anthropic", "0.125.0", "anthropic.Anthropic", span);
    lead.evidence = Evidence::Version;
    let mut base = finding("base-url-unpinned", Severity::Advice, 0, span, "nothing in the project pins the base URL");
    base.client = lead.client.clone();
    vec![base, lead]
}

fn factory(files: &[SourceFile]) -> Vec<Finding> {
    let span = Span::new(at(&files[1], "httpx.AsyncClient(\n").start, at(&files[1], "timeout=30,\n    )").end);
    let mut lead = finding(
        "client-per-call",
        Severity::Warning,
        1,
        span,
        "`httpx.AsyncClient` is built for every call of `quote`",
    );
    lead.confidence = Confidence::Medium;
    lead.why = "each call pays 2 round trips for TCP and TLS".into();
    lead.help = "build it in the lifespan of the application".into();
    lead.chain = vec![
        hop(1, span, "built here"),
        hop(0, at(&files[0], "make_http()"), "called in `GET /quote/{symbol}`, once per request"),
    ];
    lead.client = client("httpx", "0.28.1", "httpx.AsyncClient", span);
    lead.settings = BTreeMap::from([("keepalive_expiry", "60 s (set at app/clients.py:7)".into())]);
    vec![lead]
}

fn limits(files: &[SourceFile]) -> Vec<Finding> {
    let site = Span::new(at(&files[1], "httpx.AsyncClient(\n").start, at(&files[1], "timeout=30,\n    )").end);
    let span = at(&files[1], "httpx.Limits(keepalive_expiry=60)");
    let mut lead = finding(
        "limits-reset",
        Severity::Warning,
        1,
        span,
        "naming one field of `httpx.Limits` makes the others unlimited",
    );
    lead.help =
        "write all three: `httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=60)`"
            .into();
    lead.client = client("httpx", "0.28.1", "httpx.AsyncClient", site);
    vec![lead]
}

fn http2(files: &[SourceFile]) -> Vec<Finding> {
    let span = at(&files[1], "httpx.AsyncClient(timeout=10)");
    let mut off = finding("http2-off", Severity::Advice, 1, span, "HTTP/2 is off, the default of httpx 0.28.1");
    off.help = "pass `http2=True` and install `httpx[http2]`, where the server speaks it".into();
    off.client = client("httpx", "0.28.1", "httpx.AsyncClient", span);
    let mut idle = finding(
        "keepalive-too-short",
        Severity::Advice,
        1,
        span,
        "idle connections are closed after 5 s, the default of httpx 0.28.1",
    );
    idle.client = off.client.clone();
    vec![idle, off]
}

fn one_shot(files: &[SourceFile]) -> Vec<Finding> {
    let span = at(&files[2], "requests.get(url)");
    let mut lead = finding(
        "one-shot-request",
        Severity::Warning,
        2,
        span,
        "`requests.get` opens a connection for every URL of the loop",
    );
    lead.why = "2 round trips and a TLS handshake each time".into();
    lead.help = "use one `requests.Session`".into();
    lead.chain = vec![hop(2, at(&files[2], "for url in urls:"), "once per turn of this loop")];
    lead.client = client("requests", "2.32.5", "requests.get", span);
    vec![lead]
}
