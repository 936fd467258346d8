//! Each format, and the output file.

use super::{Sandbox, audit, mixed};
use std::fs;

#[test]
fn the_table_fits_its_width() {
    let run = audit(&mixed(), ".").exits(0);
    let table: Vec<&str> = run.stdout.split("\n\n").next().unwrap().lines().collect();
    assert!(table.len() > 4, "{}", run.stdout);
    assert!(table.iter().all(|line| line.chars().count() <= 100), "{}", run.stdout);
    let blocks = [
        "   pool       20 (set at app.py:4)\n   idle       10 (set at app.py:4)\n   keep-alive 30 s (set at app.py:4)\n",
        "   pool       100 (default of httpx 0.28.1)\n   idle       20 (default of httpx 0.28.1)\n",
        "   default    HTTP/2, timeout, connecting\n",
        "defaults of httpx 0.28.1: HTTP/2 off, timeout 5 s, connecting 5 s\n",
    ];
    for block in blocks {
        assert!(run.stdout.contains(block), "{block}{}", run.stdout);
    }
    assert!(run.stdout.ends_with("3 clients, 2 of them built for each call\n"), "{}", run.stdout);
}

/// A client that seven callers reach, some by a long way, in a deep folder.
fn deep() -> Sandbox {
    let callers: String = (0..9)
        .map(|n| {
            format!("\n\ndef caller_{n}():\n    for _ in range(3):\n        build().get(\"https://example.com\")\n")
        })
        .collect();
    let text = format!("import httpx\n\n\ndef build():\n    return httpx.AsyncClient()\n{callers}");
    let sandbox = Sandbox::new(&[("service/some/very/deep/folder/of/code/connections.py", &text)]);
    sandbox.add("requirements.txt", "httpx==0.28.1\n");
    sandbox
}

#[test]
fn a_row_is_one_line_and_a_step_is_one_line() {
    let run = audit(&deep(), ".").exits(0);
    let row = run.stdout.lines().nth(2).unwrap();
    assert!(row.starts_with("1  ") && row.contains("/connections.py:5  AsyncClient  per turn"), "{row}");
    assert!(run.stdout.lines().nth(3).unwrap().is_empty(), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{}", run.stdout);
    assert!(run.stdout.contains("\n              and 3 more\n"), "{}", run.stdout);
}

#[test]
fn csv_has_a_row_for_each_client() {
    let run = audit(&mixed(), "--output-format csv .").exits(0);
    let rows: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(rows.len(), 4);
    assert!(rows[0].starts_with("where,client,library,built,"), "{}", rows[0]);
    assert!(rows[0].contains("connections for 20 calls"));
    assert!(rows[1].starts_with("app.py:19,requests.get,requests 2.34.2,in each turn of a loop,"), "{}", rows[1]);
}

#[test]
fn markdown_is_one_table() {
    let run = audit(&mixed(), "--output-format markdown .").exits(0);
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| columns(row) == columns(rows[0])), "{}", run.stdout);
}

#[test]
fn html_needs_nothing_else() {
    let run = audit(&mixed(), "--output-format html .").exits(0);
    for part in ["<!DOCTYPE html>", "Content-Security-Policy", "<table>", "<svg ", "</html>"] {
        assert!(run.stdout.contains(part), "{part}");
    }
    for outside in ["src=", "href=", "@import", "url("] {
        assert!(!run.stdout.contains(outside), "{outside}");
    }
}

#[test]
fn the_picture_keeps_file_and_line_and_says_what_it_leaves_out() {
    let client = "import httpx

a_client_with_a_rather_long_name = httpx.AsyncClient(timeout=9)
unused = httpx.Client(timeout=9)


async def a_function_with_a_very_long_name_that_fills_its_label_on_its_own():
    return await a_client_with_a_rather_long_name.get(\"https://api.example.com\")


httpx.get(\"https://api.example.com\", timeout=9)
";
    let sandbox = Sandbox::new(&[("service/some/very/deep/folder/of/code/connections.py", client)]);
    let html = audit(&sandbox, "--output-format html .").exits(0).stdout;
    let labels: Vec<&str> = html.lines().filter_map(|line| line.split("</title>").nth(1)).collect();
    assert!(labels.iter().any(|label| label.starts_with("httpx.AsyncClient ") && label.contains("connections.py:3<")));
    assert!(labels.iter().any(|label| label.starts_with("a_function_with") && label.contains("connections.py:7)")));
    assert!(labels.iter().all(|label| label.trim_end_matches("</text>").chars().count() <= 55), "{labels:?}");
    assert!(html.contains("Left out: 1 client that no function in sight uses."), "{html}");
    assert_eq!(html.matches("stroke-dasharray").count(), 1, "the one-shot connects anew: {html}");
    assert!(html.contains("role=\"img\" aria-label=\"2 clients, 2 functions"), "{html}");
}

#[test]
fn html_says_what_it_shows_and_sorts_by_numbers() {
    let sandbox = mixed();
    sandbox.add("bad.py", b"import httpx\n\xff");
    let html = audit(&sandbox, "--output-format html --rounds 3 --server-http1 .").exits(0).stdout;
    let folder = sandbox.path().file_name().unwrap().to_str().unwrap();
    assert!(html.contains(&format!("<h1>Clients of {folder}</h1>")), "{html}");
    sandbox.add("shop/app.py", "import httpx\n\nclient = httpx.Client(timeout=9)\n");
    let other = audit(&sandbox, "--output-format html shop").exits(0).stdout;
    assert!(other.contains("<h1>Clients of shop</h1>"), "{other}");
    for part in [
        concat!("3 clients, listed by coldcall ", env!("CARGO_PKG_VERSION")),
        "3 calls to a server that speaks HTTP/1.1 only",
        "<li>skipped bad.py: ",
        "<th><button>#</button></th>",
        "<td>1</td>",
        "data-rank=\"10000",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn an_output_file_is_written_whole_and_keeps_its_permissions() {
    let sandbox = mixed();
    let run = audit(&sandbox, "--output-format html -o out.html .").exits(0);
    assert_eq!(run.stdout, "");
    let path = sandbox.path().join("out.html");
    let first = fs::read_to_string(&path).unwrap();
    assert!(first.ends_with("</html>\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        audit(&sandbox, "--output-format csv -o out.html .").exits(0);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }
    let left: Vec<_> = fs::read_dir(sandbox.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}
