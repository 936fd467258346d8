//! Names and addresses that try to break out of a format, and what must not be shown.

use super::{Sandbox, audit, json};

/// A file name and an address with everything that means something somewhere.
const FILE: &str = "=cmd|'<script>alert(1)</script>&\"`[x](y)*_.py";

fn hostile() -> Sandbox {
    let text = "import httpx

client = httpx.Client(base_url=\"https://user:sesame@evil.example/<img src=x onerror=alert(1)>|`x`?key=sesame#sesame\")


def \u{202e}f():
    client.get('/x')


def go():
    for _ in range(3):
        httpx.get(\"https://a:sesame@b.example/T0123456789ABCDEFG/x\")
        client.get('/y')
"
    .replace('\u{202e}', "");
    Sandbox::new(&[(FILE, &text)])
}

#[test]
fn secrets_are_in_no_format() {
    for format in ["human", "json", "csv", "markdown", "html"] {
        let run = audit(&hostile(), &format!("--output-format {format} .")).exits(0);
        assert!(run.stdout.contains("evil.example"), "{format}: {}", run.stdout);
        for secret in ["sesame", "T0123456789ABCDEFG"] {
            assert!(!run.stdout.contains(secret), "{format}: {}", run.stdout);
        }
    }
}

#[test]
fn html_and_markdown_show_markup_as_text() {
    let html = audit(&hostile(), "--output-format html .").exits(0).stdout;
    assert_eq!(html.matches("<script>").count(), 1, "{html}");
    assert!(!html.contains("<img"), "{html}");
    let markdown = audit(&hostile(), "--output-format markdown .").exits(0).stdout;
    assert!(!markdown.contains("<script") && !markdown.contains("<img"), "{markdown}");
    assert!(!markdown.contains("https://"), "no links: {markdown}");
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(markdown.lines().all(|line| cells(line) == cells(markdown.lines().next().unwrap())), "{markdown}");
}

#[test]
fn csv_holds_no_formula() {
    let csv = audit(&hostile(), "--output-format csv .").exits(0).stdout;
    let rows = csv.lines().skip(1);
    assert!(rows.clone().all(|row| row.starts_with("\"'=cmd|")), "{csv}");
    assert_eq!(rows.count(), 2, "{csv}");
}

#[cfg(unix)]
#[test]
fn control_characters_do_not_reach_a_terminal() {
    let text = "import httpx\n\ndef go():\n    for _ in range(3):\n        httpx.get('https://example.com')\n";
    let sandbox = Sandbox::new(&[("a\u{1b}[2J\u{202e}\nb.py", text)]);
    for format in ["human", "csv", "markdown", "html"] {
        let run = audit(&sandbox, &format!("--output-format {format} .")).exits(0);
        assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{format}: {}", run.stdout);
    }
    assert_eq!(json(&sandbox, ".")["clients"].as_array().unwrap().len(), 1);
}
