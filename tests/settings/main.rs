//! Configuration: where it is found, what its mistakes look like, and what the command line overrides.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod command_line;

use coldcall::finding::{Confidence, Severity};
use coldcall::settings::{ConfigSource, Origin, Overrides, Settings, SettingsError, SettingsStore, nearest};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

const RULES: [&str; 4] = ["client-per-call", "one-shot-request", "http2-off", "keepalive-too-short"];

struct Project {
    dir: TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = TempDir::new().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self { dir }
    }

    fn store(&self, overrides: Overrides, source: ConfigSource) -> Result<SettingsStore, Box<SettingsError>> {
        SettingsStore::new(self.dir.path(), overrides, source, &RULES)
    }

    fn try_settings(&self, path: &str) -> Result<Arc<Settings>, Box<SettingsError>> {
        self.store(Overrides::default(), ConfigSource::Nearest)?.for_file(Path::new(path))
    }

    fn settings(&self, path: &str) -> Arc<Settings> {
        self.try_settings(path).unwrap()
    }
}

/// The error that `text` as `coldcall.toml` gives.
fn error(text: &str) -> String {
    error_in("coldcall.toml", text)
}

fn error_in(name: &str, text: &str) -> String {
    Project::new(&[(name, text)]).try_settings("app.py").unwrap_err().to_string()
}

#[test]
fn the_nearest_directory_decides_alone() {
    let project = Project::new(&[
        ("coldcall.toml", "fail-on = \"error\"\nignore = [\"http2-off\"]"),
        ("pkg/pyproject.toml", "[project]\nname = \"x\"\n[tool.coldcall]\nmin-confidence = \"high\""),
        ("pkg/deep/er/pyproject.toml", "[tool.ruff]\nline-length = 3"),
    ]);
    assert_eq!(project.settings("other/a.py").fail_on, Severity::Error);
    let near = project.settings("pkg/deep/er/a.py");
    assert_eq!((near.min_confidence, near.fail_on), (Confidence::High, Severity::Warning));
    assert!(near.is_enabled("http2-off"), "levels are not merged");
    assert_eq!(near.root, project.dir.path().join("pkg"));
}

#[test]
fn within_a_directory_the_own_file_goes_first() {
    let files = [
        ("coldcall.toml", "max-file-size = 1"),
        (".coldcall.toml", "max-file-size = 2"),
        ("pyproject.toml", "[tool.coldcall]\nmax-file-size = 3"),
        (
            "Cargo.toml",
            "[package.metadata.coldcall]\nmax-file-size = 4\n[workspace.metadata.coldcall]\nmax-file-size = 5",
        ),
    ];
    for (at, expected) in (1..=4).enumerate() {
        assert_eq!(Project::new(&files[at..]).settings("a.py").max_file_size, expected);
    }
    let workspace = Project::new(&[
        ("Cargo.toml", "[workspace.metadata.coldcall]\nmax-file-size = 5"),
        ("crates/one/Cargo.toml", "[package]\nname = \"one\""),
    ]);
    assert_eq!(workspace.settings("crates/one/a.py").max_file_size, 5);
}

#[test]
fn an_empty_file_of_our_own_ends_the_search() {
    let project = Project::new(&[("coldcall.toml", "fail-on = \"error\""), ("sub/coldcall.toml", "")]);
    assert_eq!(project.settings("sub/a.py").fail_on, Severity::Warning);
}

#[test]
fn unknown_keys_have_a_place_and_a_suggestion() {
    assert_eq!(
        error("fail-on = \"error\"\nmin_confidence = \"low\"\n"),
        "coldcall.toml:2:1: unknown key `min_confidence`; did you mean `min-confidence`?"
    );
    let text = "[project]\nname = \"é\"\n\n[tool.coldcall.thresholds]\n  keepalive = 3\n";
    assert_eq!(
        error_in("pyproject.toml", text),
        "pyproject.toml:5:3: unknown key `keepalive`; did you mean `keepalive-expiry`?"
    );
    assert_eq!(error("zzz = 1"), "coldcall.toml:1:1: unknown key `zzz`");
    let client = "[[clients]]\nlibrary = \"acme\"\npackage = \"acme\"\nimports = [\"acme\"]\nverified = \"2026-01-01\"\n\
                  versions = \"1\"\nsource = \"us\"\n[[clients.client]]\nsymbol = [\"acme.Client\"]\nmode = \"sync\"\n";
    assert_eq!(error(client), "coldcall.toml:9:1: unknown key `symbol`; did you mean `symbols`?");
}

#[test]
fn an_error_carries_what_a_report_needs() {
    let project = Project::new(&[("coldcall.toml", "# é\nexlude = []\n")]);
    let error = project.try_settings("a.py").unwrap_err();
    let place = error.place().unwrap();
    assert_eq!(&place.text[place.span.clone()], "exlude");
    assert_eq!(
        (error.message().as_str(), error.help().as_deref()),
        ("unknown key `exlude`", Some("did you mean `exclude`?"))
    );
}

#[test]
fn wrong_values_have_a_place() {
    assert_eq!(
        error("include-tests = \"yes\""),
        "coldcall.toml:1:17: invalid type: string \"yes\", expected a boolean"
    );
    assert_eq!(
        error("\nmin-confidence = \"hi\""),
        "coldcall.toml:2:18: unknown variant `hi`, expected one of `low`, `medium`, `high`"
    );
    assert!(error("max-file-size = -1").starts_with("coldcall.toml:1:17: invalid value"));
    let expiry = "[thresholds]\nkeepalive-expiry = nan";
    assert_eq!(error(expiry), "coldcall.toml:2:20: `keepalive-expiry` is a number of seconds, 0 or more");
    assert!(error("[thresholds]\npool-floor = -3").starts_with("coldcall.toml:2:14: `pool-floor`"));
    assert!(error("select = [\n").starts_with("coldcall.toml:"));
    assert!(error_in("pyproject.toml", "[tool]\ncoldcall = 3\n").starts_with("pyproject.toml:2:12: invalid type"));
}

#[test]
fn whole_seconds_need_no_point() {
    let project = Project::new(&[("coldcall.toml", "[thresholds]\nkeepalive-expiry = 60\npool-floor = 5")]);
    let thresholds = project.settings("a.py").thresholds;
    assert_eq!((thresholds.keepalive_expiry, thresholds.pool_floor), (60.0, 5));
}

#[test]
fn unknown_rules_and_bad_globs_have_a_place() {
    assert_eq!(
        error("select = [\n  \"http2-off\",\n  \"client-per-cal\",\n]"),
        "coldcall.toml:3:3: unknown rule `client-per-cal`; did you mean `client-per-call`?"
    );
    assert_eq!(
        error("[per-path-ignores]\n\"a/**\" = [\"oneshot-request\"]"),
        "coldcall.toml:2:11: unknown rule `oneshot-request`; did you mean `one-shot-request`?"
    );
    assert!(error("exclude = [\"ok\", \"a[\"]").starts_with("coldcall.toml:1:18: `a[` is not a glob: "));
    assert!(error("test-patterns = [\"\"]").starts_with("coldcall.toml:1:18: `` is not a glob: it is empty"));
    assert!(error("[per-path-ignores]\n\"{a\" = []").starts_with("coldcall.toml:2:1: `{a` is not a glob: "));
}

#[test]
fn a_broken_manifest_that_does_not_mention_us_is_not_our_business() {
    let project = Project::new(&[("coldcall.toml", "fail-on = \"error\""), ("a/pyproject.toml", "[tool.ruff\n")]);
    assert_eq!(project.settings("a/x.py").fail_on, Severity::Error);
    let dependency = Project::new(&[("pyproject.toml", "dependencies = [\"coldcall\"\n[x")]);
    assert!(dependency.try_settings("a.py").is_ok());
    assert!(error_in("pyproject.toml", "[tool.coldcall\nselect = []").starts_with("pyproject.toml:1:15: "));
    assert!(error_in("Cargo.toml", "[package.metadata.coldcall]\nx = ").starts_with("Cargo.toml:2:"));
}

#[test]
fn a_manifest_that_is_not_utf8_is_passed_over_and_our_own_file_is_not() {
    let project = Project::new(&[]);
    fs::write(project.dir.path().join("pyproject.toml"), b"[tool.coldcall]\n# \xFF").unwrap();
    assert!(project.try_settings("a.py").is_ok());
    fs::write(project.dir.path().join("coldcall.toml"), b"# \xFF").unwrap();
    let error = project.try_settings("a.py").unwrap_err().to_string();
    assert!(error.ends_with("coldcall.toml: invalid data"), "{error}");
}

#[test]
fn flags_override_the_configuration() {
    let project = Project::new(&[(
        "coldcall.toml",
        "select = [\"http2-off\"]\nignore = [\"client-per-call\"]\nfail-on = \"error\"",
    )]);
    let with =
        |overrides| project.store(overrides, ConfigSource::Nearest).unwrap().for_file(Path::new("a.py")).unwrap();
    let rule = |name: &str| vec![name.to_owned()];
    let selected = with(Overrides { select: Some(rule("client-per-call")), ..Overrides::default() });
    assert!(selected.is_enabled("client-per-call") && !selected.is_enabled("http2-off"));
    let ignored =
        with(Overrides { ignore: rule("http2-off"), fail_on: Some(Severity::Advice), ..Overrides::default() });
    assert!(!ignored.is_enabled("http2-off") && !ignored.is_enabled("client-per-call"));
    assert_eq!((ignored.fail_on, ignored.origin("fail-on")), (Severity::Advice, Origin::CommandLine));
}

#[test]
fn one_file_for_all_and_none_at_all() {
    let project = Project::new(&[
        ("sub/coldcall.toml", "fail-on = \"advice\""),
        ("conf/strict.toml", "fail-on = \"error\"\nexclude = [\"sub/gen\"]"),
        ("pyproject.toml", "[tool.other]"),
    ]);
    let of = |source| {
        project.store(Overrides::default(), source).map(|store| store.for_file(Path::new("sub/a.py")).unwrap())
    };
    assert_eq!(of(ConfigSource::Isolated).unwrap().fail_on, Severity::Warning);
    let fixed = of(ConfigSource::File("conf/strict.toml".into())).unwrap();
    assert_eq!(fixed.fail_on, Severity::Error);
    assert!(fixed.is_excluded(&project.dir.path().join("sub/gen/x.py")), "globs count from the working directory");
    let error = of(ConfigSource::File("pyproject.toml".into())).unwrap_err().to_string();
    assert_eq!(error, "pyproject.toml: no [tool.coldcall] section");
    assert!(
        of(ConfigSource::File("no.toml".into()))
            .unwrap_err()
            .to_string()
            .ends_with("no.toml: no such file or directory")
    );
}

#[test]
fn per_path_ignores_count_from_their_file() {
    let text = "[per-path-ignores]\n\"scripts/**\" = [\"one-shot-request\"]\n\"*_cli.py\" = [\"http2-off\"]";
    let project = Project::new(&[("pkg/coldcall.toml", text)]);
    let settings = project.settings("pkg/scripts/a.py");
    let off = |rule: &str, path: &str| settings.is_ignored_at(rule, &project.dir.path().join(path));
    assert!(off("one-shot-request", "pkg/scripts/deep/a.py"));
    assert!(!off("client-per-call", "pkg/scripts/a.py"));
    assert!(!off("one-shot-request", "pkg/src/scripts/a.py"), "a slash anchors");
    assert!(!off("one-shot-request", "scripts/a.py"));
    assert!(off("http2-off", "pkg/src/deep/my_cli.py"));
}

#[test]
fn what_is_a_test() {
    let settings = Project::new(&[]).settings("a.py");
    for test in [
        "tests/a.py",
        "a/test/b.py",
        "test_x.py",
        "pkg/x_test.py",
        "conftest.py",
        "app/tests.py",
        "x/fixtures/y/z.py",
        "unit_tests/a.py",
        "benches/send.rs",
        "examples/demo.rs",
        "crates/x/examples/demo/src/main.rs",
        "crates/x/examples/demo/Cargo.toml",
        "tests/fixtures/a/Cargo.toml",
        "crates/x/build.rs",
        "src/pool/tests.rs",
        "src/pool_test.rs",
        "src/pool_tests.rs",
        "src/test_pool.rs",
    ] {
        assert!(settings.is_test(test), "{test}");
    }
    for no_test in [
        "app.py",
        "latest/a.py",
        "contest.py",
        "testimonials/views.py",
        "src/attest.py",
        "tests",
        "protest_x.py",
        "examples/app.py",
        "src/main.rs",
        "src/rebuild.rs",
        "Cargo.toml",
    ] {
        assert!(!settings.is_test(no_test), "{no_test}");
    }
    let own = Project::new(&[("coldcall.toml", "test-patterns = [\"spec/\"]")]).settings("a.py");
    assert!(own.is_test("spec/a.py") && !own.is_test("tests/a.py"));
}

#[test]
fn own_clients_are_read() {
    let text = "[[clients]]\nlibrary = \"acme\"\npackage = \"acme-http\"\nimports = [\"acme\"]\nverified = \"2026-01-01\"\n\
                versions = \"2\"\nsource = \"handbook\"\n[[clients.client]]\nsymbols = [\"acme.Client\"]\nmode = \"async\"\n";
    let settings = Project::new(&[("coldcall.toml", text)]).settings("a.py");
    assert_eq!(settings.clients[0].client[0].symbols, ["acme.Client"]);
    assert!(settings.to_toml().contains("# clients: acme (from coldcall.toml)"));
}

#[test]
fn shown_settings_can_be_read_back() {
    let text = "select = [\"http2-off\"]\nexclude = [\"a\\\\\\\"b\"]\n[thresholds]\npool-floor = 7\n[per-path-ignores]\n\"s/**\" = [\"http2-off\"]\n";
    let project = Project::new(&[(
        "pyproject.toml",
        &format!(
            "[tool.coldcall]\n{}",
            text.replace("[thr", "[tool.coldcall.thr").replace("[per", "[tool.coldcall.per")
        ),
    )]);
    let overrides = Overrides { min_confidence: Some(Confidence::Low), ..Overrides::default() };
    let settings = project.store(overrides, ConfigSource::Nearest).unwrap().for_file(Path::new("a.py")).unwrap();
    let shown = settings.to_toml();
    for line in [
        "select = [\"http2-off\"]  # from pyproject.toml",
        "min-confidence = \"low\"  # from the command line",
        "fail-on = \"warning\"  # default",
        "keepalive-expiry = 30.0  # default",
        "pool-floor = 7  # from pyproject.toml",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line} in\n{shown}");
    }
    let again = Project::new(&[("coldcall.toml", &shown)]).settings("a.py");
    assert_eq!(again.exclude[0].originals(), settings.exclude[0].originals());
    assert_eq!(again.thresholds, settings.thresholds);
    assert_eq!(again.per_path_ignores[0].1, ["http2-off"]);
}

#[test]
fn settings_are_shared_between_files_and_threads() {
    let project = Project::new(&[("coldcall.toml", "fail-on = \"error\"")]);
    let store = project.store(Overrides::default(), ConfigSource::Nearest).unwrap();
    std::thread::scope(|scope| {
        for name in ["a/b/c.py", "a/d.py", "e.py", "a/b/f.py"] {
            let store = &store;
            scope.spawn(move || assert_eq!(store.for_file(Path::new(name)).unwrap().fail_on, Severity::Error));
        }
    });
    let (first, second) =
        (store.for_file(Path::new("a/b/c.py")).unwrap(), store.for_file(Path::new("a/b/g.py")).unwrap());
    assert!(Arc::ptr_eq(&first, &second));
}

#[test]
fn suggestions_are_near_or_absent() {
    let near = |word| nearest(word, RULES);
    assert_eq!(near("client_per_call"), Some("client-per-call"));
    assert_eq!(near("HTTP2-off"), Some("http2-off"));
    assert_eq!(near("keepalive"), Some("keepalive-too-short"));
    assert_eq!(near("unused"), None);
}
