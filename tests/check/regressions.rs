//! What was wrong once and has no better place.

use crate::support::Sandbox;

#[test]
fn a_dependency_in_a_default_is_one_client_per_request() {
    let source = "from fastapi import Depends, FastAPI
from openai import AsyncOpenAI

app = FastAPI()


def provide():
    return AsyncOpenAI()


@app.get(\"/models\")
async def models(client: AsyncOpenAI = Depends(provide)):
    return await client.models.list()
";
    let run = Sandbox::new(&[("app.py", source)]).concise("--select client-per-call").exits(1);
    assert_eq!(run.findings(), ["app.py:8 client-per-call"]);
}

#[test]
fn an_ignore_may_follow_another_tool_s_comment() {
    let source = "import requests

for page in range(9):
    requests.get(\"https://example.com/a\")  # noqa: S113  # coldcall: ignore[one-shot-request] once a year
";
    Sandbox::new(&[("a.py", source)]).concise("").exits(0);
}

#[test]
fn a_directive_that_is_none_is_told() {
    let source = "import requests

requests.get(\"https://example.com/a\")  # coldcall: disable[one-shot-request]
";
    let run = Sandbox::new(&[("a.py", source)]).concise("").exits(1);
    assert_eq!(run.findings(), ["a.py:3 unused-ignore"]);
}

#[test]
fn a_syntax_error_is_told() {
    let source =
        "import requests\n\ndef broken((:\n\nfor page in range(9):\n    requests.get(\"https://example.com/a\")\n";
    let sandbox = Sandbox::new(&[("a.py", source)]);
    let warnings = sandbox.json("--exit-zero")["warnings"].to_string();
    assert!(warnings.contains("a.py:3:") && warnings.contains("syntax error"), "{warnings}");
}

#[test]
fn a_named_file_that_cannot_be_read_is_a_failure() {
    let sandbox = Sandbox::new(&[]);
    sandbox.add("a.py", b"import requests\n\xff\xfe");
    sandbox.concise("a.py").exits(2);
    sandbox.concise(".").exits(0);
    sandbox.concise("--force-exclude a.py").exits(0);
}

/// Each function calls the three after it, twice: a search that walks every way up would never end.
#[test]
fn a_dense_call_graph_ends() {
    let mut source = "import requests\n\n".to_owned();
    for at in 0..120 {
        let calls: String = (1..4).map(|next| format!("    f{}(x)\n    f{}(x)\n", at + next, at + next)).collect();
        source.push_str(&format!("def f{at}(x):\n{calls}\n"));
    }
    source
        .push_str("def f120(x):\n    return requests.get('https://example.com/a')\n\nfor x in range(9):\n    f0(x)\n");
    let run = Sandbox::new(&[("a.py", &source)]).concise("").exits(1);
    assert_eq!(run.findings().len(), 1, "{run:?}");
}

/// Names that are made of themselves and of each other.
#[test]
fn circles_of_names_end() {
    let source = "import httpx

a = b
b = c or a
c = a.get(b)


class A(A):
    x = property(lambda self: self.x)

    def get(self):
        self.client = self.client or self.get()
        return self.client.get(a[b])


def f(x, seen=None):
    x = x.get(x) if x else f(f)
    with httpx.Client() as x:
        return x.get(x)
";
    Sandbox::new(&[("a.py", source)]).concise("--min-confidence low");
}

/// Words that contain other words: `entries` is no `tries`.
#[test]
fn a_loop_over_entries_is_no_retry() {
    let source = "import requests


def push(entries):
    for entry in entries:
        requests.post(\"https://example.com/a\", json=entry)
";
    let run = Sandbox::new(&[("a.py", source)]).concise("").exits(1);
    assert_eq!(run.findings(), ["a.py:6 one-shot-request"]);
}

#[test]
fn an_ignore_at_one_place_of_a_project_finding_silences_it() {
    let client = "from anthropic import Anthropic\n\nclient = Anthropic()";
    let ignored = format!("{client}  # coldcall: ignore[base-url-unpinned] the default is right\n");
    let files = [("a.py", client), ("b.py", ignored.as_str())];
    let run = Sandbox::new(&files).concise("--select base-url-unpinned,unused-ignore --fail-on advice").exits(0);
    assert_eq!(run.findings(), [""; 0]);
}

/// The order of a hash table must not reach the output.
#[test]
fn circular_names_give_the_same_output_each_time() {
    let source = "import httpx


class K1:
    @property
    def p(self):
        return httpx.Client()


class K2:
    @property
    def p(self):
        return None


a = b
b = a
a = K1()
b = K2()
for _ in range(3):
    x = a.p
    y = b.p
";
    let sandbox = Sandbox::new(&[("a.py", source)]);
    let first = sandbox.concise("--min-confidence low").stdout;
    for _ in 0..8 {
        assert_eq!(sandbox.concise("--min-confidence low").stdout, first);
    }
}

/// The second client of one name is the one that is used behind it.
#[test]
fn a_name_bound_again_holds_the_second_client() {
    let source = "import httpx


class Api:
    def upload(self, body: bytes) -> None:
        with httpx.Client() as client:
            client.post(\"https://api.example.com/sign\", content=body)
        with httpx.Client() as client:
            client.post(\"http://localhost:9000/put\", content=body)
";
    let run = Sandbox::new(&[("a.py", source)]).concise("").exits(1);
    assert_eq!(run.findings(), ["a.py:6 client-per-call"], "the second goes to this machine");
}

#[test]
fn every_kind_of_comment_silences() {
    let call = "reqwest::blocking::get(\"https://example.com/a\").ok();";
    let program = |before: &str, behind: &str| {
        format!("{before}\nfn main() {{\n    for _ in 0..9 {{\n        {call} {behind}\n    }}\n}}\n")
    };
    let found = |text: &str| Sandbox::new(&[("src/main.rs", text)]).concise("").findings();
    assert_eq!(found(&program("", "")), ["src/main.rs:4 one-shot-request"]);
    for behind in ["// coldcall: ignore[one-shot-request] once", "/* coldcall: ignore[one-shot-request] once */"] {
        assert_eq!(found(&program("", behind)), [""; 0], "{behind}");
    }
    for before in
        ["//! coldcall: ignore-file[one-shot-request] once", "/* coldcall: ignore-file[one-shot-request] once */"]
    {
        assert_eq!(found(&program(before, "")), [""; 0], "{before}");
    }
}

#[test]
fn a_src_folder_that_is_a_package_hides_no_framework() {
    let main = "import httpx

from .app import app


@app.get(\"/x\")
def x() -> str:
    client = httpx.Client(timeout=3)
    return client.get(\"https://example.com\").text
";
    let app = "from fastapi import FastAPI\n\napp = FastAPI()\n";
    let files = [("run.py", "import src.main\n"), ("src/__init__.py", ""), ("src/main.py", main), ("src/app.py", app)];
    let run = Sandbox::new(&files).concise("");
    assert!(run.stdout.contains("FastAPI route"), "{run:#?}");
}

#[test]
fn a_package_may_bring_in_hundreds_of_modules() {
    let sandbox = Sandbox::new(&[]);
    let all: String = (0..300).map(|at| format!("from .m{at} import *\n")).collect();
    sandbox.add("pkg/__init__.py", all);
    for at in 0..300 {
        sandbox.add(&format!("pkg/m{at}.py"), format!("import httpx\ndef f{at}():\n    return httpx.Client()\n"));
    }
    let app = "from pkg import f299\ndef g(x):\n    for y in x:\n        f299().get(\"https://a.example\")\n";
    sandbox.add("app.py", app);
    let run = sandbox.concise("--select client-per-call").exits(1);
    assert_eq!(run.findings(), ["pkg/m299.py:3 client-per-call"]);
}

#[test]
fn names_that_stand_for_each_other_are_the_same_in_each_run() {
    let make = |name: &str| format!("import httpx\ndef {name}():\n    return httpx.Client()\n");
    let names = "import httpx\nimport one\nimport two\na = b or one.make\nb = a or two.made\n";
    let app = "from names import a\ndef g(x):\n    for y in x:\n        a().get(\"https://a.example\")\n";
    let (one, two) = (make("make"), make("made"));
    let sandbox = Sandbox::new(&[("one.py", &one), ("two.py", &two), ("names.py", names), ("app.py", app)]);
    let run = || sandbox.concise("--min-confidence low").stdout;
    let first = run();
    assert!((0..12).all(|_| run() == first), "{first}");
}

#[test]
fn a_route_is_told_with_its_method_and_all_prefixes() {
    let routes = "import requests
from fastapi import APIRouter

router = APIRouter(prefix=\"/chat\")


@router.post(\"/titles\")
def title(text: str) -> dict:
    return requests.post(\"https://titles.example.com/v1\", json={\"text\": text}).json()
";
    let main = "from fastapi import FastAPI

from api import chat

app = FastAPI()
app.include_router(chat.router, prefix=\"/v1\")
";
    let files = [("api/__init__.py", ""), ("api/chat.py", routes), ("main.py", main)];
    let findings = Sandbox::new(&files).json("--exit-zero")["findings"].to_string();
    assert!(findings.contains("FastAPI route `POST /v1/chat/titles`"), "{findings}");
}

#[test]
fn requests_of_one_function_are_one_diagnostic_for_people_only() {
    let source = "import requests
from fastapi import FastAPI

app = FastAPI()


@app.get(\"/orders/{state}\")
def orders(state: str) -> dict:
    if state == \"new\":
        return requests.get(\"https://orders.example.com/new\").json()
    if state == \"paid\":
        return requests.get(\"https://orders.example.com/paid\").json()
    return requests.get(\"https://orders.example.com/all\").json()
";
    let sandbox = Sandbox::new(&[("app.py", source)]);
    assert_eq!(sandbox.concise("--select one-shot-request").exits(1).findings().len(), 3);
    let text = sandbox.check("--select one-shot-request --output-format human --color never").exits(1).stdout;
    assert_eq!(text.matches("warning[one-shot-request]").count(), 1, "{text}");
    assert!(text.contains("the same is true of 2 more: app.py:12:16, app.py:13:12"), "{text}");
}

#[test]
fn a_static_method_takes_all_of_its_arguments() {
    let source = "import openai


class Speech:
    async def synthesize(self, text: str) -> dict:
        client = openai.AsyncOpenAI()
        return await self._collect(client, \"audio/wav\", text)

    @staticmethod
    async def _collect(client, kind: str, text: str) -> dict:
        sound = await client.audio.speech.create(model=\"tts\", voice=\"a\", input=text)
        return {\"kind\": kind, \"sound\": sound.content}
";
    let run = Sandbox::new(&[("app.py", source)]).concise("--select client-per-call,unclosed-client").exits(1);
    assert_eq!(run.findings(), ["app.py:6 client-per-call", "app.py:6 unclosed-client"]);
}

#[test]
fn a_class_of_another_file_is_called_in_the_exception_as_python_calls_it() {
    let files = [
        ("requirements.txt", "anthropic==0.125.0\n"),
        ("app.py", "import anthropic\nfrom pkg.http import Mine\n\nclient = anthropic.Anthropic(http_client=Mine())\n"),
        ("pkg/__init__.py", ""),
        ("pkg/http.py", "import httpx2\n\n\nclass Mine(httpx2.Client):\n    pass\n"),
    ];
    let found = Sandbox::new(&files).json("--exit-zero --select client-type-mismatch")["findings"].to_string();
    assert!(found.contains("<class 'pkg.http.Mine'>"), "{found}");
}
