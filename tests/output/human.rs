//! What people read.

use crate::PLAIN;
use crate::report::{at, client, demo, finding, hop, python, render};
use coldcall::finding::{Report, Severity, Summary};
use coldcall::output::{Format, Style};

fn shown(report: &Report) -> String {
    render(report, Format::Human, &PLAIN)
}

#[test]
fn a_report_at_80_columns() {
    insta::assert_snapshot!(shown(&demo()), @r#"
    warning[client-per-call]: `Anthropic` is built on every request of `POST /chat`,
      so no request finds a warm connection
        ╭─[app/chat.py:11:14]
      9 │ @app.post("/chat")
        · ─────────┬────────
        ·          ╰── called by FastAPI, once per request
     10 │ def chat(body: Chat):
     11 │     client = Anthropic(api_key=settings.key)
        ·              ───────────────┬───────────────
        ·                             ╰── built here
     12 │     return client.messages.create(model=MODEL, max_tokens=512, messages=b…
        ╰────
          why: every request pays DNS, TCP and TLS (2 round trips, 100 ms at 50 ms
               away) and about 33 ms for loading CA certificates (measured with
               anthropic 0.125.0)
         help: build the client once, when the module is imported, and share it; it
               is safe to use from several threads

               client = Anthropic(api_key=settings.key)


               @app.post("/chat")
               def chat(body: Chat):
                   return client.messages.create(...)

         also: base-url-unpinned (advice): nothing in the project pins the base URL
         more: coldcall rule client-per-call

    warning[client-per-call]: `httpx.AsyncClient` is built for every call of `quote`
       ╭─[app/clients.py:5:12]
     4 │ def make_http():
     5 │     return httpx.AsyncClient(
       ·            ─────────┬────────
       ·                     ╰── built here
     6 │         base_url="https://quotes.example",
     7 │         limits=httpx.Limits(keepalive_expiry=60),
       ·                ────────────────┬────────────────
       ·                                ╰── limits-reset
     8 │         timeout=30,
     9 │     )
       ╰────
        ╭─[app/chat.py:17:16]
     17 │     async with make_http() as http:
        ·                ─────┬─────
        ·                     ╰─┤ called in `GET /quote/{symbol}`, once per
        ·                       │ request
        ╰────
          why: each call pays 2 round trips for TCP and TLS
         help: build it in the lifespan of the application
         also: limits-reset (warning): naming one field of `httpx.Limits` makes the
               others unlimited. write all three: `httpx.Limits(max_connections=100,
               max_keepalive_connections=20, keepalive_expiry=60)`
     settings: keepalive_expiry = 60 s (set at app/clients.py:7)
         note: medium confidence: a step of the chain is a convention, or a value
               comes from the caller
         more: coldcall rule client-per-call

    warning[one-shot-request]: `requests.get` opens a connection for every URL of
      the loop
       ╭─[notes/try.ipynb cell 3:3:11]
     2 │ for url in urls:
       · ────────┬───────
       ·         ╰── once per turn of this loop
     3 │     print(requests.get(url).text)
       ·           ─────────────────
       ╰────
          why: 2 round trips and a TLS handshake each time
         help: use one `requests.Session`
         more: coldcall rule one-shot-request

    Advice: may help, or depends on the server.

    advice[http2-off] app/clients.py:12:10 HTTP/2 is off, the default of httpx
        0.28.1
      help: pass `http2=True` and install `httpx[http2]`, where the server speaks it
    advice[keepalive-too-short] app/clients.py:12:10 idle connections are closed
        after 5 s, the default of httpx 0.28.1
      help: do it otherwise

    Not analysed:
      app/generated.py: larger than 4 MiB

    warning: uv.lock:12: this line is not TOML; versions are taken from
      pyproject.toml

    4 warnings, 3 advice in 14 files (5 use a client library); 4 findings of low
    confidence not shown (--min-confidence low); 1 finding silenced by comments; 1
    file not analysed
    "#);
}

#[test]
fn without_unicode_all_that_is_drawn_is_ascii() {
    let text = render(&demo(), Format::Human, &Style { unicode: false, ..PLAIN });
    assert!(text.is_ascii());
    assert!(text.contains("`-- built here"), "{text}");
}

#[test]
fn text_stays_within_the_width() {
    for width in [60, 80, 120] {
        let text = render(&demo(), Format::Human, &Style { width, ..PLAIN });
        let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > width).collect();
        assert!(wide.is_empty(), "wider than {width}: {wide:#?}");
    }
}

#[test]
fn colour_and_links_change_no_text() {
    let coloured = render(&demo(), Format::Human, &Style { colour: true, ..PLAIN });
    assert!(coloured.contains("\u{1b}[33;1mwarning[client-per-call]\u{1b}[0m"), "{coloured}");
    assert_eq!(without_escapes(&coloured), shown(&demo()));
    let linked = render(&demo(), Format::Human, &Style { hyperlinks: true, ..PLAIN });
    assert!(linked.contains("\u{1b}]8;;https://example.org/rules/client-per-call\u{1b}\\"), "{linked}");
    assert_eq!(without_escapes(&linked), shown(&demo()));
    assert!(!shown(&demo()).contains('\u{1b}'));
}

fn without_escapes(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        // A colour ends with `m`; a link's address with the escape that begins the next part, which is `\`.
        let rest = match part.chars().next() {
            Some('[') => part.split_once('m').map_or("", |(_, rest)| rest),
            Some('\\') => &part[1..],
            _ => "",
        };
        plain.push_str(rest);
    }
    plain
}

#[test]
fn no_findings_is_said_clearly() {
    let summary = Summary { files: 14, parsed: 5, ..Summary::default() };
    let mut report = Report { summary, ..Report::default() };
    assert_eq!(shown(&report), "No cold calls found in 14 files (5 use a client library).\n");
    report.summary = Summary { files: 1, parsed: 1, below_confidence: 1, ..Summary::default() };
    assert_eq!(
        shown(&report),
        "No cold calls found in 1 file (1 uses a client library); 1 finding of low\n\
         confidence not shown (--min-confidence low)\n"
    );
    report.summary = Summary::default();
    assert_eq!(shown(&report), "No Python or Rust files found.\n");
}

#[test]
fn a_client_is_one_diagnostic() {
    let text = shown(&demo());
    assert_eq!(text.matches("warning[client-per-call]").count(), 2);
    assert_eq!(text.matches("warning[limits-reset]").count(), 0);
    assert!(text.contains("also: limits-reset (warning): "), "{text}");
    assert_eq!(text.matches("advice[base-url-unpinned]").count(), 0);
    assert!(text.contains("also: base-url-unpinned (advice): "), "{text}");
}

#[test]
fn one_place_in_two_files_is_two_clients() {
    let files = vec![python("a.py", "x = Client()\n"), python("b.py", "x = Client()\n")];
    let about = |file: usize| {
        let span = at(&files[file], "Client()");
        let mut found = finding("client-per-call", Severity::Warning, file, span, "built");
        found.client = client("httpx", "0.28.1", "Client", span);
        found
    };
    let findings = vec![about(0), about(1)];
    let text = shown(&Report { findings, files: files.clone(), ..Report::default() });
    assert_eq!(text.matches("warning[client-per-call]").count(), 2, "{text}");
}

#[test]
fn what_finds_no_snippet_gets_a_line() {
    let text: String = (0..12).map(|index| format!("def f{index}():\n    g{index}()\n\n\n\n\n\n")).collect();
    let file = python("a.py", &text);
    let mut found = finding("client-per-call", Severity::Warning, 0, at(&file, "g0()"), "built");
    found.chain = (1..12).map(|index| hop(0, at(&file, &format!("g{index}()")), &format!("step {index}"))).collect();
    // Within the primary label, where no second label can be drawn.
    found.chain.push(hop(0, coldcall::source::Span::new(15, 17), "inside"));
    let text = shown(&Report { files: vec![file], findings: vec![found], ..Report::default() });
    assert_eq!(text.matches("╭─[").count(), 4, "{text}");
    assert!(text.contains("       at: a.py:30:5: step 4\n"), "{text}");
    assert!(text.contains("           a.py:2:6: inside\n"), "{text}");
    for index in 1..12 {
        assert_eq!(text.matches(&format!("step {index}\n")).count(), 1, "{text}");
    }
}

#[test]
fn the_same_advice_for_many_clients_is_helped_once() {
    let file = python("a.py", "a = Client()\nb = Client()\nc = Client()\n");
    let spans = [4, 17, 30].map(|start| coldcall::source::Span::new(start, start + 8));
    let findings = spans.map(|span| finding("http2-off", Severity::Advice, 0, span, "HTTP/2 is off"));
    let text = shown(&Report { files: vec![file], findings: findings.into(), ..Report::default() });
    insta::assert_snapshot!(text, @r#"
    Advice: may help, or depends on the server.

    advice[http2-off] HTTP/2 is off
      at:   a.py:1:5, a.py:2:5, a.py:3:5
      help: do it otherwise

    3 advice in 0 files (none uses a client library)
    "#);
}

#[test]
fn what_is_too_much_is_counted() {
    let file = python("a.py", &"Client()\n".repeat(300));
    let span = |index: usize| coldcall::source::Span::new(index * 9, index * 9 + 8);
    let severity = |index: usize| if index < 150 { Severity::Warning } else { Severity::Advice };
    let one = |index: usize| finding("client-per-call", severity(index), 0, span(index), "built");
    let findings = (0..300).map(one).collect();
    let text = shown(&Report { files: vec![file], findings, ..Report::default() });
    assert_eq!(text.matches("warning[client-per-call]").count(), 150);
    let (_, advice) = text.split_once("Advice:").expect("advice follows");
    assert_eq!(advice.matches("a.py:").count(), 50);
    assert!(text.contains("100 more not shown: `--output-format concise` lists all of them.\n"));
}
