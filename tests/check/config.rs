//! Configuration, as a user meets it. What each key may say is tested in `tests/settings/`.

use crate::support::{ADVICE, LOOP, Sandbox};

#[test]
fn the_nearest_configuration_decides() {
    let sandbox = Sandbox::new(&[
        ("coldcall.toml", "ignore = [\"one-shot-request\"]\n"),
        ("app.py", LOOP),
        ("inner/pyproject.toml", "[tool.coldcall]\nfail-on = \"error\"\n"),
        ("inner/app.py", LOOP),
    ]);
    assert_eq!(sandbox.concise("").findings(), ["inner/app.py:6 one-shot-request"]);
    sandbox.check("inner").exits(0);
    assert_eq!(sandbox.concise("--isolated").exits(1).findings().len(), 2);
}

#[test]
fn per_path_ignores() {
    let config = "[per-path-ignores]\n\"scripts/**\" = [\"one-shot-request\"]\n";
    let sandbox = Sandbox::new(&[("coldcall.toml", config), ("scripts/a.py", LOOP), ("app.py", LOOP)]);
    assert_eq!(sandbox.concise("").findings(), ["app.py:6 one-shot-request"]);
    assert_eq!(sandbox.concise("scripts/a.py").exits(0).findings(), [""; 0]);
}

#[test]
fn fail_on_and_confidence_from_the_file() {
    let strict = Sandbox::new(&[("coldcall.toml", "fail-on = \"advice\"\n"), ("app.py", ADVICE)]);
    strict.check("").exits(1);
    strict.check("--fail-on warning").exits(0);
}

#[test]
fn thresholds_move_the_rules() {
    let app = "import httpx

client = httpx.AsyncClient(
    limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=20)
)
";
    let sandbox = Sandbox::new(&[("app.py", app)]);
    assert_eq!(sandbox.concise("--select keepalive-too-short").findings(), ["app.py:4 keepalive-too-short"]);
    sandbox.add("coldcall.toml", "[thresholds]\nkeepalive-expiry = 15\n");
    assert!(sandbox.concise("--select keepalive-too-short").findings().is_empty());
}

#[test]
fn mistakes_are_2_with_the_place_and_the_nearest_spelling() {
    for (config, place, said) in [
        ("igonre = []\n", "coldcall.toml:1:1", "`ignore`"),
        ("\nselect = [\"http2-of\"]\n", "coldcall.toml:2:11", "`http2-off`"),
        ("fail-on = \"loud\"\n", "coldcall.toml:1:11", "advice"),
        ("[thresholds]\npool-flor = 3\n", "coldcall.toml:2:1", "`pool-floor`"),
        ("ignore = [\n", "coldcall.toml:", ""),
        ("exclude = [\"[\"]\n", "coldcall.toml:1:12", "`[`"),
    ] {
        let run = Sandbox::new(&[("coldcall.toml", config), ("app.py", LOOP)]).check("").exits(2);
        let words = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(place) && words.contains(said), "{config}: {run:?}");
        assert_eq!(run.stdout, "", "{config}");
    }
}

#[test]
fn a_configuration_that_does_not_exist_is_2() {
    let run = Sandbox::new(&[("app.py", LOOP)]).check("--config gone.toml").exits(2);
    assert!(run.stderr.contains("gone.toml"), "{run:?}");
}

#[test]
fn the_settings_shown_can_be_read_again() {
    let sandbox = Sandbox::new(&[("coldcall.toml", "fail-on = \"advice\"\n"), ("app.py", LOOP)]);
    let shown = sandbox.check("--show-settings --ignore http2-off").exits(0).stdout;
    assert!(shown.contains("fail-on = \"advice\"  # from coldcall.toml"), "{shown}");
    assert!(shown.contains("ignore = [\"http2-off\"]  # from the command line"), "{shown}");
    sandbox.add("again/coldcall.toml", &shown);
    let again = sandbox.check("--show-settings again").exits(0).stdout;
    assert!(again.contains("ignore = [\"http2-off\"]  # from again/coldcall.toml"), "{again}");
}
