//! Inputs that break readers of source code: what `fixtures/hostile` holds, and what is too large or too deep to keep.

use crate::support::{LOOP, Run, Sandbox, check_in, repository};
use std::time::{Duration, Instant};

const ONE_SHOT: &str = "one-shot-request";

/// What each file of `fixtures/hostile` gives; the files that are not here are silent.
const EXPECTED: [(&str, usize, &str); 23] = [
    ("bidi.py", 6, ONE_SHOT),
    ("bom.py", 6, ONE_SHOT),
    ("crlf.py", 6, ONE_SHOT),
    ("form_feed.py", 6, ONE_SHOT),
    ("latin1.py", 7, ONE_SHOT),
    ("lone_cr.py", 5, ONE_SHOT),
    ("modern.py", 20, ONE_SHOT),
    ("modern.py", 28, ONE_SHOT),
    ("modern.py", 30, ONE_SHOT),
    ("modern.py", 41, ONE_SHOT),
    ("modern.py", 48, "client-per-call"),
    ("modern.py", 56, ONE_SHOT),
    ("modern.py", 62, ONE_SHOT),
    ("no_last_newline.py", 6, ONE_SHOT),
    ("notes.ipynb:cell 4", 3, ONE_SHOT),
    ("print_statement.py", 7, ONE_SHOT),
    ("syntax_errors.py", 10, ONE_SHOT),
    ("syntax_errors.py", 19, ONE_SHOT),
    ("tabs.py", 6, ONE_SHOT),
    ("unterminated.py", 6, ONE_SHOT),
    ("wide.py", 6, ONE_SHOT),
    ("wide.py", 10, ONE_SHOT),
    ("wide.py", 11, ONE_SHOT),
];

fn fixtures(arguments: &str) -> Run {
    check_in(&repository("fixtures/hostile"), arguments)
}

#[test]
fn findings_stand_where_they_should() {
    let run = fixtures("--min-confidence low --output-format concise").exits(1);
    let expected: Vec<String> = EXPECTED.iter().map(|(file, line, rule)| format!("{file}:{line} {rule}")).collect();
    assert_eq!(run.findings(), expected, "{run:#?}");
}

#[test]
fn what_is_no_text_is_skipped_with_the_reason() {
    let run = fixtures("--output-format concise");
    let skipped: Vec<&str> = run.stdout.lines().filter(|line| line.contains(": skipped: ")).collect();
    assert_eq!(
        skipped,
        [
            "broken.ipynb: skipped: not a notebook: EOF while parsing a list at line 1 column 11",
            "not_utf8.py: skipped: not UTF-8 (byte offset 25), and no coding comment names another encoding",
            "zero_byte.py: skipped: binary (zero byte at offset 13)",
        ]
    );
}

#[test]
fn no_format_lets_control_characters_through() {
    for format in ["human", "concise", "json", "sarif", "github"] {
        let run = fixtures(&format!("--min-confidence low --output-format {format}")).exits(1);
        for char in ['\u{1b}', '\u{202e}', '\u{2066}', '\r', '\0'] {
            assert!(!run.stdout.contains(char), "{format}: {char:?}");
        }
    }
}

/// Skipped or read: `text` must neither crash the program nor hide the finding beside it.
fn survives(text: &str, reason: Option<&str>) {
    let sandbox = Sandbox::new(&[("app.py", LOOP), ("deep.py", text)]);
    let run = sandbox.concise("--max-file-size 10000000").exits(1);
    assert_eq!(run.findings(), ["app.py:6 one-shot-request"]);
    let skipped = run.stdout.lines().find_map(|line| line.strip_prefix("deep.py: skipped: "));
    match reason {
        Some(reason) => assert!(skipped.is_some_and(|line| line.contains(reason)), "{run:?}"),
        None => assert_eq!(skipped, None),
    }
}

#[test]
fn a_hundred_thousand_brackets() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")"), ("-", ""), ("not ", "")] {
        let deep = format!("import httpx\nx = {}1{}\n", open.repeat(100_000), close.repeat(100_000));
        survives(&deep, Some("nested deeper than"));
        let open_only = format!("import httpx\nx = {}\n", open.repeat(100_000));
        let run = Sandbox::new(&[("app.py", LOOP), ("deep.py", &open_only)]).concise("").exits(1);
        assert_eq!(run.findings(), ["app.py:6 one-shot-request"], "{open}");
    }
}

#[test]
fn three_thousand_blocks() {
    for head in ["if x:", "def f():", "class C:", "for x in y:", "with a as b:", "try:"] {
        let blocks: String = (0..3000).map(|depth| format!("{}{head}\n", " ".repeat(depth))).collect();
        // The parser gives up on such indentation by itself, and leaves a flat tree.
        survives(&format!("import httpx\n{blocks}{}pass\n", " ".repeat(3000)), None);
    }
}

#[test]
fn long_chains_and_lines() {
    for piece in [".a", "()", "[0]", " + 1", " if a else b", " or a"] {
        let text = format!("import httpx\nx = a{}\n", piece.repeat(20_000));
        let run = Sandbox::new(&[("app.py", LOOP), ("deep.py", &text)]).concise("").exits(1);
        assert_eq!(run.findings(), ["app.py:6 one-shot-request"], "{piece}");
    }
    survives(&format!("import httpx\nx = [{}]\n", "1, ".repeat(200_000)), None);
    survives(&format!("import httpx\nx = '{}'\n", "a".repeat(2_000_000)), None);
}

#[test]
fn every_prefix_of_a_program_is_survived() {
    let text = std::fs::read_to_string(repository("fixtures/hostile/modern.py")).unwrap();
    let sandbox = Sandbox::new(&[]);
    for (number, (at, _)) in text.char_indices().step_by(7).enumerate() {
        sandbox.add(&format!("p{number}.py"), &text[..at]);
    }
    let run = sandbox.concise("--min-confidence low").exits(1);
    assert!(!run.stdout.contains("internal-error"), "{run:?}");
}

/// `files` take time that grows with their size, not with its square.
fn is_quick(files: &[(&str, &str)]) {
    let sandbox = Sandbox::new(&[("app.py", LOOP)]);
    for (path, text) in files {
        sandbox.add(path, text);
    }
    let started = Instant::now();
    let run = sandbox.concise("").exits(1);
    assert!(run.findings().contains(&"app.py:6 one-shot-request".to_owned()), "{run:?}");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn modules_of_rust_that_two_files_name_at_each_level() {
    let sources = (0..26).flat_map(|level| {
        let folder: String = (0..level).map(|above| format!("m{above}/")).collect();
        let names = format!("mod m{};\n", level + 1);
        [format!("src/{folder}m{level}.rs"), format!("src/{folder}m{level}/mod.rs")].map(|path| (path, names.clone()))
    });
    let last: String = (0..26).map(|above| format!("m{above}/")).collect();
    let client = "pub fn f() -> reqwest::Client { reqwest::Client::new() }\n".to_owned();
    let manifest = "[package]\nname = \"x\"\nversion = \"0.1.0\"\n".to_owned();
    let rest = [
        ("Cargo.toml".to_owned(), manifest),
        ("src/lib.rs".to_owned(), String::new()),
        (format!("src/{last}m26.rs"), client),
    ];
    let files: Vec<(String, String)> = sources.chain(rest).collect();
    is_quick(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
}

#[test]
fn a_function_handed_in_often_for_a_parameter_that_is_called_often() {
    let (runs, hands) = ("        made()\n".repeat(1500), "    run(make)\n".repeat(1500));
    let text = format!(
        "import httpx\ndef make():\n    return httpx.Client()\ndef run(made):\n    for one in range(9):\n{runs}def main():\n{hands}"
    );
    is_quick(&[("handed.py", &text)]);
}

#[test]
fn classes_that_derive_from_members_of_each_other() {
    let class = |own: &str, other: &str| {
        let bases: Vec<String> = (0..200).map(|at| format!("{other}.{}.a{at}", other.to_uppercase())).collect();
        let name = own.to_uppercase();
        format!(
            "import httpx\nfrom . import {other}\nclass {name}({}):\n    def make(self):\n        return httpx.Client()\n",
            bases.join(", ")
        )
    };
    is_quick(&[
        ("pkg/__init__.py", ""),
        ("pkg/one.py", &class("one", "other")),
        ("pkg/other.py", &class("other", "one")),
    ]);
}

#[test]
fn conditions_around_calls_of_a_class_with_many_fields() {
    let fields: String = (0..4000).map(|at| format!("        self.f{at} = 1\n")).collect();
    let text = format!(
        "import httpx\nclass Api:\n    def load(self):\n        self.client = httpx.Client()\n    def fill(self):\n{fields}    def run(self):\n        if self.client:\n{}",
        "            self.load()\n".repeat(4000)
    );
    is_quick(&[("fields.py", &text)]);
}

#[test]
fn names_that_many_crates_have_and_a_file_says_often() {
    let crates = (0..150).flat_map(|at| {
        let manifest = format!("[package]\nname = \"c{at}\"\nversion = \"0.1.0\"\n");
        let code = "pub fn run() -> reqwest::Client { reqwest::Client::new() }\n".to_owned();
        [(format!("c{at}/Cargo.toml"), manifest), (format!("c{at}/src/lib.rs"), code)]
    });
    let caller = [
        ("z/Cargo.toml".to_owned(), "[package]\nname = \"z\"\nversion = \"0.1.0\"\n".to_owned()),
        ("z/src/lib.rs".to_owned(), format!("pub fn all() {{\n{}}}\n", "    run();\n".repeat(20_000))),
    ];
    let files: Vec<(String, String)> = crates.chain(caller).collect();
    is_quick(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
}

#[test]
fn a_name_that_is_imported_and_called_a_thousand_times() {
    let imports: String = (0..1000).map(|at| format!("    from m{at} import f\n")).collect();
    let calls = "    f()\n".repeat(3000);
    let text = format!(
        "import httpx\ntry:\n{imports}except ImportError:\n    pass\ndef g():\n    c = httpx.Client()\n{calls}"
    );
    is_quick(&[("imported.py", &text)]);
}

#[test]
fn event_loops_and_requests_by_the_thousand() {
    let (requests, starts) =
        ("    httpx.get(\"https://a.example\")\n".repeat(1500), "    asyncio.run(f())\n".repeat(1500));
    is_quick(&[("loops.py", &format!("import asyncio, httpx\nasync def f():\n{requests}def g():\n{starts}"))]);
}

#[test]
fn a_long_chain_of_functions_each_with_a_loop_around_the_next() {
    let requests = "    httpx.get(\"https://a.example\")\n".repeat(10);
    let calls = (1..1000).map(|at| {
        let below = at - 1;
        format!("def f{at}():\n    for _ in z:\n        f{below}()\n    f{below}()\n")
    });
    is_quick(&[("ways.py", &format!("import httpx\ndef f0():\n{requests}{}", calls.collect::<String>()))]);
}

#[test]
fn a_long_chain_of_functions_each_with_the_same_condition() {
    let calls: String = (1..6000).map(|at| format!("def f{at}(a):\n    if a: f{}(a)\n", at - 1)).collect();
    let text = format!("import httpx\ndef f0(a):\n    if a: httpx.Client().get('https://a.example')\n{calls}");
    is_quick(&[("chain.py", &text)]);
}

#[test]
fn a_mapping_with_a_key_more_for_each_call_that_it_is_spread_into() {
    let calls: String = (0..1000).map(|at| format!("k['a{at}'] = {at}\nhttpx.Client(**k)\n")).collect();
    is_quick(&[("mapping.py", &format!("import httpx\nk = {{}}\n{calls}"))]);
}

#[test]
fn imports_of_httpx_by_the_thousand() {
    let imports: String = (0..40_000).map(|at| format!("import httpx as h{at}\n")).collect();
    is_quick(&[("imports.py", &imports)]);
}

#[test]
fn sessions_and_adapters_by_the_thousand() {
    let sessions = (0..2000).map(|at| {
        format!("s{at} = requests.Session()\na{at} = HTTPAdapter(pool_connections=50)\ns{at}.mount('https://', HTTPAdapter(pool_maxsize=5))\n")
    });
    let imports = "import requests\nfrom requests.adapters import HTTPAdapter\n";
    is_quick(&[("sessions.py", &format!("{imports}{}", sessions.collect::<String>()))]);
}
