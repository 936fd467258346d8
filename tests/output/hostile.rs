//! Files and spans that nobody wishes for.

use crate::report::{at, client, finding, hop, notebook, python, render};
use crate::{FORMATS, PLAIN};
use coldcall::finding::{Finding, Report, Severity};
use coldcall::output::{Format, Style};
use coldcall::source::Span;

const TEXTS: [&str; 12] = [
    "",
    "\n",
    "\r\n",
    "x",
    "x = Client()",
    "x = Client()\n",
    "\tx = Client()\t# tab\r\n\r\n",
    "a\rb\rx = Client()\r",
    "名前 = 'é👩‍👩‍👧'; x = Client()\u{c}\n",
    "\u{feff}x = Client()\n",
    "\u{1b}[31mx = Client()\u{202e}\u{0}\n",
    "def f():\n    x = Client(\n        1,\n        2,\n        3,\n        4,\n        5,\n    )\n",
];

#[test]
fn no_span_makes_a_format_panic() {
    for text in TEXTS {
        let end = text.len();
        for (from, to) in (0..=end + 2).flat_map(|from| [(from, from), (from, from + 1), (from, end), (from, end + 9)])
        {
            let mut odd = finding("client-per-call", Severity::Warning, 0, Span::new(from, to), "odd");
            odd.client = client("httpx", "0.28.1", "Client", odd.span);
            odd.chain = vec![hop(0, Span::new(0, end), "whole"), hop(9, Span::new(3, 1), "no such file")];
            let mut advice = odd.clone();
            (advice.rule, advice.severity) = ("http2-off", Severity::Advice);
            advice.span = Span::new(end, end);
            let files = vec![python("odd.py", text)];
            let report = Report { files, findings: vec![odd, advice], ..Report::default() };
            for format in FORMATS {
                for width in [0, 20, 80] {
                    render(&report, format, &Style { width, ..PLAIN });
                }
            }
        }
    }
}

#[test]
fn a_finding_without_its_file_is_still_told() {
    let lost = finding("internal-error", Severity::Error, 7, Span::new(0, 1), "lost its file");
    let report = Report { findings: vec![lost], ..Report::default() };
    for format in FORMATS {
        assert!(render(&report, format, &PLAIN).contains("lost its file"), "{format:?}");
    }
}

#[test]
fn what_people_read_cannot_move_their_cursor() {
    let file = python("a\u{1b}[2Jb.py", "x = '\u{1b}[31m\u{202e}'\u{8}; y = Client('\u{7}')\n");
    let mut rude = finding("client-per-call", Severity::Warning, 0, at(&file, "Client('\u{7}')"), "bad\u{1b}[1m\nname");
    rude.help = "he\u{9b}lp".into();
    rude.suggestion = Some("x\u{1b}]0;title\u{7}\n\ty".into());
    rude.chain = vec![hop(0, rude.span, "no\u{1b}te")];
    let mut brief = rude.clone();
    (brief.severity, brief.span) = (Severity::Advice, Span::new(0, 1));
    let skipped = coldcall::finding::Skipped { path: "c\u{1b}.py".into(), reason: "odd\u{1b}".into() };
    let warnings = vec!["w\u{1b}".into()];
    let report = Report {
        files: vec![file],
        findings: vec![rude, brief],
        skipped: vec![skipped],
        warnings,
        ..Report::default()
    };
    for format in [Format::Human, Format::Concise] {
        let text = render(&report, format, &PLAIN);
        let bad = text.chars().find(|char| (char.is_control() && *char != '\n') || *char == '\u{202e}');
        assert_eq!(bad, None, "{format:?}: {text}");
    }
}

fn many(path: &str, text: String, count: usize) -> Report {
    let file = python(path, &text);
    let step = text.len() / count;
    let finding_at = |index: usize| -> Finding {
        let start = text[index * step..].find("Client()").unwrap() + index * step;
        finding("client-per-call", Severity::Warning, 0, Span::new(start, start + 8), "built per call")
    };
    let findings = (0..count).map(finding_at).collect();
    Report { files: vec![file], findings, ..Report::default() }
}

/// The time is bounded by what the renderer is given, which the tests of the excerpt bound; here, what comes out of it.
#[test]
fn a_large_file_makes_no_large_output() {
    let lines = "    client = Client()\n".repeat(250_000);
    let one_line = "client = Client(); ".repeat(270_000);
    for text in [lines, one_line] {
        assert!(text.len() > 5_000_000);
        let shown = render(&many("large.py", text, 200), Format::Human, &PLAIN);
        assert_eq!(shown.matches("warning[client-per-call]").count(), 200);
        assert!(shown.len() < 200 * 1_000, "{} bytes", shown.len());
        assert!(shown.lines().all(|line| line.chars().count() <= 80));
    }
}

#[test]
fn a_notebook_cell_shows_nothing_of_its_neighbours() {
    let file = notebook("n.ipynb", &[(1, "before = 1\n"), (4, "x = Client()\n"), (5, "after = 1\n")]);
    let mut found = finding("client-per-call", Severity::Warning, 0, at(&file, "Client()"), "built");
    found.chain = vec![hop(0, at(&file, "before"), "near, but in another cell")];
    let report = Report { files: vec![file], findings: vec![found], ..Report::default() };
    let text = render(&report, Format::Human, &PLAIN);
    assert!(text.contains("[n.ipynb cell 4:1:5]") && text.contains("1 │ x = Client()"), "{text}");
    assert!(text.contains("[n.ipynb cell 1:1:1]"), "{text}");
    assert!(!text.contains("after"), "{text}");
}
