//! Rust that would overflow the stack, or take time and memory without bound.

use crate::support::Sandbox;
use std::time::{Duration, Instant};

/// One warning, `client-per-call` in line 4, and nothing else.
const LOOP: &str = "use reqwest::Client;
async fn main() {
    for url in std::env::args() {
        let _ = Client::new().get(url).send().await;
    }
}
";

/// None of the files may crash the program, nor hide the finding beside it.
fn survives(texts: &[String]) {
    let sandbox = Sandbox::new(&[("app.rs", LOOP)]);
    for (number, text) in texts.iter().enumerate() {
        sandbox.add(&format!("deep{number}.rs"), text);
    }
    let run = sandbox.concise("--max-file-size 10000000 --min-confidence low").exits(1);
    assert!(run.findings().contains(&"app.rs:4 client-per-call".to_owned()), "{run:?}");
    assert!(!run.stdout.contains("internal-error"), "{run:?}");
}

/// Bodies of macros are flat tokens for tree-sitter, and deep trees for syn.
#[test]
fn deep_bodies_of_macros() {
    let shapes: [(&str, &str, &str); 20] = [
        ("a", ".b()", ""),
        ("a", "?", ""),
        ("a", "()", ""),
        ("a", " + b", ""),
        ("a", " as u8", ""),
        ("", "-", "x"),
        ("", "& ", "x"),
        ("", "|a, b| ", "x"),
        ("", "return ", "x"),
        ("", "if a {} else ", "{}"),
        ("", "for S {} in ", "x {}"),
        ("use ", "a::", "b;"),
        ("x as ", "A<1, ", "u8"),
        ("x as ", "*const ", "u8"),
        ("@ ", "a::", "b(1)"),
        ("@ a", ".b()", ""),
        ("@ ", "-", "f(x)"),
        ("", "#[a] -", "x"),
        ("", "move || ", "x"),
        ("match x { ", "A => |a, b| ", "x }"),
    ];
    for (start, piece, end) in shapes {
        let body = format!("{start}{}{end}", piece.repeat(20_000));
        survives(&[
            format!("use reqwest;\nfn f() {{ foo!({body}); }}\n"),
            format!("use reqwest;\nfoo!{{ {body} }}\n"),
            format!("use reqwest;\nfn f() {{ {body} \n"),
            format!("use reqwest;\nfn f() {{ <<< {body} ; }}\n"),
        ]);
    }
}

/// Levels of macros, each as deep as is read.
#[test]
fn deep_macros_in_macros() {
    for piece in ["-", "f(", "{", "["] {
        let close = match piece {
            "f(" => ")",
            "{" => "}",
            "[" => "]",
            _ => "",
        };
        let texts = [20, 80, 200, 240, 390].into_iter().flat_map(|depth| {
            let (level, end) = (piece.repeat(depth), close.repeat(depth));
            ["@", ""].map(|shapeless| {
                let (start, end) = (format!("{level}foo!({shapeless} ").repeat(8), format!("){end}").repeat(8));
                format!("use reqwest;\nfn f() {{ {start}f(1){end} }}\n")
            })
        });
        survives(&texts.collect::<Vec<_>>());
    }
}

/// What is cut off because it is too deep is told.
#[test]
fn what_is_passed_over_is_told() {
    let blocks = |depth: usize| format!("{}reqwest::Client::new();{}", "{ ".repeat(depth), " }".repeat(depth));
    let of = |text: &str| Sandbox::new(&[("deep.rs", text)]).json("--exit-zero")["warnings"].to_string();
    assert_eq!(of(&format!("use reqwest;\nfn f() {}\n", blocks(300))), "[]");
    assert!(of(&format!("use reqwest;\nfn f() {}\n", blocks(420))).contains("deep.rs:2:"));
    let chain = ".b()".repeat(5_000);
    assert!(
        of(&format!("use reqwest;\nfn f() {{\n    foo!(@ reqwest::Client::new(){chain}); }}\n")).contains("deep.rs:3:")
    );
}

/// Every form in which code is kept for tests, and literals that are no plain digits.
const FORMS: &str = r##"#[cfg(test)]
use mock::Client;
#[cfg(not(test))]
use reqwest::Client;
extern crate reqwest as http;
struct Held(u32, http::Client);
#[derive(Debug)] // why
#[cfg(all(test, unix))]
// a comment between
mod tests { fn f() { for x in y() { let c = reqwest::Client::new(); } } }
#[cfg(test)]
lazy_static! { static ref A: u8 = { for x in y() { let c = reqwest::Client::new(); } 1 }; }
trait T { #[cfg(test)] fn f() { for x in y() { let c = reqwest::Client::new(); } } }
impl T for A { #[cfg(test)] m!(for x in y() { let c = reqwest::Client::new(); }); }
fn main() {
    #[cfg(test)]
    {
        for x in y() { let c = Client::new(); }
    }
    #[cfg(test)]
    let c = || for x in y() { Client::new(); };
    #[cfg(test)]
    f(|| for x in y() { Client::new(); });
    match a { #[cfg(test)] A => for x in y() { Client::new(); }, _ => {} }
    let s = S { #[cfg(test)] a: || for x in y() { Client::new(); }, b: 1 };
    for x in y() { let c = Client::new(); }
    for x in y() { let c = http::Client::builder().pool_max_idle_per_host(0x20).build(); }
    let c = http::Client::builder().pool_max_idle_per_host(0x00).user_agent("a\"b").build();
}
"##;

#[test]
fn both_readers_agree() {
    let of = |text: &str| Sandbox::new(&[("forms.rs", text)]).concise("--min-confidence low").findings();
    let expected = ["forms.rs:26 client-per-call", "forms.rs:27 client-per-call", "forms.rs:28 keepalive-disabled"];
    let warnings = |text: &str| of(text).into_iter().filter(|line| !line.contains("timeout")).collect::<Vec<_>>();
    assert_eq!(warnings(FORMS), expected);
    let branches = "fn g() { cfg_if! { if #[cfg(test)] { for x in y() { Client::new(); } } else { f(1); } } }\n";
    assert_eq!(warnings(&format!("{FORMS}{branches}")), expected);
    // syn refuses this, so that tree-sitter's tree is read.
    assert_eq!(warnings(&format!("{FORMS}fn broken( -> {{ let = ; }}\n")), expected);
    assert_eq!(warnings(&format!("#![cfg(test)]\n{FORMS}")), [""; 0]);
    assert_eq!(warnings(&format!("#![cfg(test)]\n{FORMS}fn broken( -> {{ let = ; }}\n")), [""; 0]);
}

/// tree-sitter gives nested generics up and hands over flat tokens; syn would go down into them.
#[test]
fn deep_generics() {
    survives(&[
        format!(
            "use reqwest::Client;\nfn f() {{ let x = {}u8{}::new(); }}\n",
            "Vec::<".repeat(3_000),
            ">".repeat(3_000)
        ),
        format!("use reqwest::Client;\nfn f() {{ {}b }}\n", "a::<b::<".repeat(1_500)),
        format!("use reqwest::Client;\nfn f() {{ let x: {}u8{} = y; }}\n", "A<".repeat(3_000), ">".repeat(3_000)),
    ]);
}

/// Clients that are handed from one to the next, and builders with thousands of statements.
#[test]
fn long_programs_take_no_time() {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| (1..count).map(line).collect::<String>();
    let statics = lines(2_000, &|at| format!("static C{at}: Client = Client::new(C{});\n", at + 1));
    let twice = lines(60, &|at| format!("let c{at} = Client::new(c{0}, c{0});\n", at - 1));
    let many = "c0, ".repeat(200);
    let wide = lines(200, &|at| format!("let c{at} = Client::new({many} c{});\n", at - 1));
    let set = lines(2_000, &|at| format!("b = b.set{at}({at});\n"));
    let built = lines(2_000, &|at| format!("b = b.set{at}({at}); let c{at} = b.build();\n"));
    let branched = lines(200, &|at| format!("b = if x {{ b.set{at}({at}) }} else {{ b }};\n"));
    let function = |start: &str, lines: String| format!("use reqwest::Client;\nfn f() {{\n{start};\n{lines}}}\n");
    let builder = "let mut b = Client::builder()";
    let started = Instant::now();
    survives(&[
        format!("use reqwest::Client;\n{statics}"),
        function("let c0 = Client::new()", twice),
        function("let c0 = Client::new()", wide),
        function(builder, format!("{set}let c = b.build();")),
        function(builder, built),
        function(builder, format!("{branched}let c = b.build();")),
    ]);
    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
}

/// What stands behind an error is found, and nothing in what is commented out.
#[test]
fn broken_starts_hide_nothing() {
    let starts = [
        "<<<<<<< HEAD\nfn a() {}\n=======\nfn b() {}\n>>>>>>> other\n",
        "fn a() {\n<<<<<<< HEAD\n    let a = 1;\n=======\n    let a = 2;\n>>>>>>> other\n}\n",
        "fn broken( {{{\n",
        "fn broken() { if x {\n",
        "fn f() { let x = \"abc; }\n",
        "fn f() { foo!(((; }\n",
        "struct A { a: , b }} \n",
        "impl A { fn f( { }\n",
        "mod m {\nfn f( { }\n",
    ];
    for start in starts {
        let old = LOOP.replace("main", "old");
        let text = format!("{start}/*\n{old}*/\nconst OLD: &str = r#\"\n{old}\"#;\n/// What runs.\n{LOOP}");
        let run = Sandbox::new(&[("app.rs", &text)]).concise("--min-confidence low").exits(1);
        let line = text.lines().count() - 2;
        let found: Vec<String> = run.findings().into_iter().filter(|found| found.ends_with("per-call")).collect();
        assert_eq!(found, [format!("app.rs:{line} client-per-call")], "{text}");
    }
}
