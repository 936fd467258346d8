//! Which files a run reads: real folders, links, pipes and ignore files.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use coldcall::discover::{DiscoverError, Discovery, discover};
use coldcall::settings::{ConfigSource, Overrides, SettingsStore};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const RULES: [&str; 2] = ["one-shot-request", "client-per-call"];

/// A project folder; a path that ends in `/` is a folder.
struct Project {
    dir: TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { dir: TempDir::new().unwrap() };
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn run(&self, named: &[&str], overrides: Overrides, force: bool) -> Result<Discovery, DiscoverError> {
        let store = SettingsStore::new(self.dir.path(), overrides, ConfigSource::Nearest, &RULES).unwrap();
        let named: Vec<PathBuf> = named.iter().map(PathBuf::from).collect();
        discover(&named, &store, force)
    }

    fn shown(&self, named: &[&str]) -> Vec<String> {
        shown(&self.run(named, Overrides::default(), false).unwrap())
    }

    fn excluding(&self, globs: &[&str], named: &[&str], force: bool) -> Vec<String> {
        let exclude = globs.iter().map(|&glob| glob.to_owned()).collect();
        shown(&self.run(named, Overrides { exclude, ..Overrides::default() }, force).unwrap())
    }

    fn skipped(&self, named: &[&str]) -> Vec<(String, String)> {
        let discovery = self.run(named, Overrides::default(), false).unwrap();
        discovery.skipped.into_iter().map(|skipped| (skipped.path, skipped.reason)).collect()
    }
}

fn shown(discovery: &Discovery) -> Vec<String> {
    discovery.files.iter().map(|found| found.shown.clone()).collect()
}

fn git(dir: &Path, arguments: &[&str]) {
    let status = Command::new("git").arg("-C").arg(dir).args(arguments).output().unwrap().status;
    assert!(status.success(), "git {arguments:?}");
}

#[test]
fn finds_sources_sorted_and_leaves_out_what_is_not_the_projects() {
    let project = Project::new(&[
        ("b.py", ""),
        ("a/z.pyi", ""),
        ("a/n.ipynb", ""),
        ("a/readme.md", ""),
        ("a.py", ""),
        (".hidden/h.py", ""),
        (".venv/lib/x.py", ""),
        ("myenv/pyvenv.cfg", ""),
        ("myenv/lib/x.py", ""),
        ("web/node_modules/x/y.py", ""),
        ("a/__pycache__/x.py", ""),
    ]);
    assert_eq!(project.shown(&["."]), [".hidden/h.py", "a.py", "a/n.ipynb", "a/z.pyi", "b.py"]);
}

#[test]
fn a_default_exclude_never_hides_a_named_path() {
    let project = Project::new(&[("build/x.py", ""), ("build/dist/y.py", ""), ("build/lib/z.py", "")]);
    assert_eq!(project.shown(&["."]), [""; 0]);
    assert_eq!(project.shown(&["build"]), ["build/lib/z.py", "build/x.py"]);
    assert_eq!(project.shown(&["build/dist/y.py"]), ["build/dist/y.py"]);
    assert_eq!(project.excluding(&[], &["build/dist/y.py", "build"], true), [""; 0]);
}

#[test]
fn a_project_below_an_excluded_name_is_read() {
    let outer = Project::new(&[("build/site-packages/app.py", "")]);
    let cwd = outer.path("build/site-packages");
    let store = SettingsStore::new(&cwd, Overrides::default(), ConfigSource::Nearest, &RULES).unwrap();
    for force in [false, true] {
        assert_eq!(shown(&discover(&[".".into()], &store, force).unwrap()), ["app.py"]);
    }
}

#[test]
fn missing_paths_are_all_named_and_stop_the_run() {
    let project = Project::new(&[("a.py", "")]);
    symlink("nowhere", project.path("link.py")).unwrap();
    let error = project.run(&["a.py", "no.py", "link.py"], Overrides::default(), false).unwrap_err();
    assert_eq!(error.to_string(), "no.py: no such file or directory\nlink.py: broken symbolic link");
}

#[test]
fn a_missing_path_that_name_arithmetic_would_hide_is_still_missing() {
    let project = Project::new(&[("a.py", "")]);
    assert!(project.run(&["nowhere/../a.py"], Overrides::default(), false).is_err());
}

#[test]
fn a_named_file_is_read_whatever_ignores_it_and_must_be_a_source() {
    let project = Project::new(&[(".gitignore", "*.py\n"), ("a.py", ""), ("notes.txt", "")]);
    assert_eq!(project.shown(&["."]), [""; 0]);
    assert_eq!(project.shown(&["a.py", "notes.txt"]), ["a.py"]);
    assert_eq!(
        project.skipped(&["a.py", "notes.txt"]),
        [("notes.txt".to_owned(), "neither Python (.py, .pyi, .ipynb) nor Rust (.rs, Cargo.toml)".to_owned())]
    );
}

#[test]
fn files_that_are_named_twice_are_read_once() {
    let project = Project::new(&[("src/a.py", ""), ("src/b.py", "")]);
    let discovery = project.run(&[".", "src", "./src/a.py", "src/../src/a.py"], Overrides::default(), false).unwrap();
    assert_eq!(shown(&discovery), ["src/a.py", "src/b.py"]);
    assert_eq!(discovery.files.iter().map(|found| found.explicit).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn loops_of_links_end() {
    let project = Project::new(&[("a/x.py", ""), ("b/y.py", "")]);
    symlink("..", project.path("a/up")).unwrap();
    symlink(project.path("b"), project.path("a/b")).unwrap();
    symlink(project.path("a"), project.path("b/a")).unwrap();
    symlink("self.py", project.path("self.py")).unwrap();
    assert_eq!(project.shown(&["."]), ["a/x.py", "b/y.py"]);
    assert_eq!(project.skipped(&["."]), [("self.py".to_owned(), "broken symbolic link".to_owned())]);
    // A link to a folder is followed where it is named.
    assert_eq!(project.shown(&["a/up"]), ["a/up/a/x.py", "a/up/b/y.py"]);
    assert_eq!(project.shown(&["a/up", "."]), ["a/up/a/x.py", "a/up/b/y.py"].map(|path| path.replacen("a/up/", "", 1)));
}

#[test]
fn a_link_to_a_file_is_followed_once_and_the_file_goes_first() {
    let elsewhere = Project::new(&[("shared.py", "")]);
    let project = Project::new(&[("real.py", "")]);
    symlink("real.py", project.path("alias.py")).unwrap();
    symlink(elsewhere.path("shared.py"), project.path("one.py")).unwrap();
    symlink(elsewhere.path("shared.py"), project.path("two.py")).unwrap();
    symlink(elsewhere.dir.path(), project.path("folder.py")).unwrap();
    assert_eq!(project.shown(&["."]), ["one.py", "real.py"]);
}

#[test]
fn a_working_directory_behind_a_link_changes_nothing() {
    let project = Project::new(&[("real/longer.py", "")]);
    symlink("longer.py", project.path("real/a.py")).unwrap();
    symlink("real", project.path("link")).unwrap();
    let store = SettingsStore::new(&project.path("link"), Overrides::default(), ConfigSource::Nearest, &RULES).unwrap();
    assert_eq!(shown(&discover(&[".".into()], &store, false).unwrap()), ["longer.py"]);
}

#[test]
fn pipes_and_dangling_links_are_listed() {
    let project = Project::new(&[("a.py", "")]);
    assert!(Command::new("mkfifo").arg(project.path("pipe.py")).status().unwrap().success());
    symlink("pipe.py", project.path("to_pipe.py")).unwrap();
    symlink("nowhere", project.path("gone.py")).unwrap();
    assert_eq!(project.shown(&["."]), ["a.py"]);
    let expected =
        [("gone.py", "broken symbolic link"), ("pipe.py", "not a regular file"), ("to_pipe.py", "not a regular file")];
    assert_eq!(project.skipped(&["."]), expected.map(|(path, reason)| (path.to_owned(), reason.to_owned())));
}

#[test]
fn pipes_named_like_ignore_files_and_configuration_do_not_hang() {
    let project = Project::new(&[("a.py", "")]);
    for name in [".gitignore", ".ignore", "coldcall.toml", "pyproject.toml"] {
        assert!(Command::new("mkfifo").arg(project.path(name)).status().unwrap().success());
    }
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(project.shown(&["."])));
    assert_eq!(receiver.recv_timeout(std::time::Duration::from_secs(10)).unwrap(), ["a.py"]);
}

#[test]
fn an_unreadable_folder_is_listed() {
    let project = Project::new(&[("a.py", ""), ("closed/b.py", "")]);
    fs::set_permissions(project.path("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    let is_refused = fs::read_dir(project.path("closed")).is_err();
    let skipped = project.skipped(&["."]);
    fs::set_permissions(project.path("closed"), fs::Permissions::from_mode(0o755)).unwrap();
    // The super-user is refused nothing.
    let expected = [("closed".to_owned(), "permission denied".to_owned())];
    assert_eq!(skipped, expected[..usize::from(is_refused)]);
}

#[test]
fn a_deep_tree_is_walked() {
    let mut path = "d/".repeat(900);
    path.push_str("deep.py");
    let project = Project::new(&[(&path, "")]);
    assert_eq!(project.shown(&["."]), [path]);
}

#[test]
fn nested_ignore_files_and_negations_count_as_in_git() {
    let project = Project::new(&[
        (".gitignore", "*_pb2.py\n/top.py\ngen/\n!keep_pb2.py\nlogs/*\n!logs/keep.py\n"),
        ("a_pb2.py", ""),
        ("keep_pb2.py", ""),
        ("top.py", ""),
        ("sub/top.py", ""),
        ("sub/gen/x.py", ""),
        ("sub/.gitignore", "!a_pb2.py\nlocal.py\n"),
        ("sub/a_pb2.py", ""),
        ("sub/local.py", ""),
        ("local.py", ""),
        ("logs/x.py", ""),
        ("logs/keep.py", ""),
    ]);
    let expected = ["keep_pb2.py", "local.py", "logs/keep.py", "sub/a_pb2.py", "sub/top.py"];
    assert_eq!(project.shown(&["."]), expected);
    // git itself, asked about the same tree.
    git(project.dir.path(), &["init", "-q"]);
    let arguments = ["ls-files", "-co", "--exclude-standard", "--", "*.py"];
    let output = Command::new("git").arg("-C").arg(project.dir.path()).args(arguments).output().unwrap();
    let mut listed: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    listed.sort();
    assert_eq!(listed, expected);
    assert_eq!(project.shown(&["."]), expected);
}

#[test]
fn ignore_files_above_the_named_folder_count_up_to_the_repository() {
    let project = Project::new(&[
        (".gitignore", "*.py\n"),
        ("repo/.gitignore", "gen/\n*_pb2.py\n"),
        ("repo/src/a.py", ""),
        ("repo/src/b_pb2.py", ""),
        ("repo/src/gen/c.py", ""),
        ("repo/src/deep/gen/d.py", ""),
    ]);
    git(&project.path("repo"), &["init", "-q"]);
    fs::write(project.path("repo/.git/info/exclude"), "deep/\n").unwrap();
    assert_eq!(project.shown(&["repo/src"]), ["repo/src/a.py"]);
    assert_eq!(project.shown(&["."]), ["repo/src/a.py"], "the outer ignore file does not reach into the repository");
    // An ignored folder that is named is wanted.
    assert_eq!(project.shown(&["repo/src/gen"]), ["repo/src/gen/c.py"]);
}

#[test]
fn without_a_repository_ignore_files_count_from_the_working_directory() {
    let project = Project::new(&[(".gitignore", "*_pb2.py\n"), ("src/a_pb2.py", ""), ("src/a.py", "")]);
    assert_eq!(project.shown(&["src"]), ["src/a.py"]);
    let store = SettingsStore::new(&project.path("src"), Overrides::default(), ConfigSource::Nearest, &RULES).unwrap();
    assert_eq!(shown(&discover(&[".".into()], &store, false).unwrap()), ["a.py", "a_pb2.py"]);
}

#[test]
fn linked_work_trees_share_the_exclude_file() {
    let project = Project::new(&[("main/a.py", "")]);
    let main = project.path("main");
    git(&main, &["init", "-q"]);
    git(
        &main,
        &[
            "-c",
            "user.name=n",
            "-c",
            "user.email=e@example.org",
            "-c",
            "commit.gpgsign=false",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "m",
        ],
    );
    git(&main, &["worktree", "add", "-q", "../tree"]);
    fs::write(main.join(".git/info/exclude"), "scratch.py\n").unwrap();
    project.write("tree/scratch.py", "");
    project.write("tree/b.py", "");
    assert_eq!(project.shown(&["tree"]), ["tree/b.py"]);
}

#[test]
fn an_ignore_file_goes_before_gits() {
    let project = Project::new(&[(".gitignore", "a.py\n"), (".ignore", "!a.py\nb.py\n"), ("a.py", ""), ("b.py", "")]);
    assert_eq!(project.shown(&["."]), ["a.py"]);
    let all = Overrides { respect_ignore_files: Some(false), ..Overrides::default() };
    assert_eq!(shown(&project.run(&["."], all, false).unwrap()), ["a.py", "b.py"]);
}

#[test]
fn excludes_mean_what_people_write() {
    let project =
        Project::new(&[("a.py", ""), ("gen/b.py", ""), ("src/gen/c.py", ""), ("src/d_gen.py", ""), ("gen.py", "")]);
    let left = |globs: &[&str]| project.excluding(globs, &["."], false);
    assert_eq!(left(&["gen"]), ["a.py", "gen.py", "src/d_gen.py"]);
    assert_eq!(left(&["gen/"]), ["a.py", "gen.py", "src/d_gen.py"]);
    assert_eq!(left(&["/gen"]), ["a.py", "gen.py", "src/d_gen.py", "src/gen/c.py"]);
    assert_eq!(left(&["./gen/"]), ["a.py", "gen.py", "src/d_gen.py", "src/gen/c.py"]);
    assert_eq!(left(&["src/**"]), ["a.py", "gen.py", "gen/b.py"]);
    assert_eq!(left(&["src/*.py"]), ["a.py", "gen.py", "gen/b.py", "src/gen/c.py"]);
    assert_eq!(left(&["*gen*"]), ["a.py"]);
    assert_eq!(left(&["src/gen/c.py", "a.py"]), ["gen.py", "gen/b.py", "src/d_gen.py"]);
    let absolute = project.path("src").display().to_string();
    assert_eq!(left(&[&absolute]), ["a.py", "gen.py", "gen/b.py"]);
    // By name only the project's folders count, never those above it.
    let own = project.dir.path().parent().unwrap().file_name().unwrap().to_str().unwrap();
    assert_eq!(left(&[own]).len(), 5);
}

#[test]
fn excludes_hide_named_paths_only_by_force() {
    let project = Project::new(&[("fixtures/demo/a.py", ""), ("fixtures/demo/b_pb2.py", "")]);
    let globs = ["fixtures/**", "*_pb2.py"];
    assert_eq!(project.excluding(&globs, &["fixtures/demo"], false), ["fixtures/demo/a.py"]);
    let pb2 = "fixtures/demo/b_pb2.py";
    assert_eq!(project.excluding(&globs, &[pb2], false), [pb2]);
    assert_eq!(project.excluding(&globs, &["fixtures", "fixtures/demo", pb2], true), [""; 0]);
}

#[test]
fn the_nearest_configuration_excludes_below_itself() {
    let project = Project::new(&[
        ("coldcall.toml", "exclude = [\"old/\"]"),
        ("old/a.py", ""),
        ("pkg/pyproject.toml", "[tool.coldcall]\nexclude = [\"/scratch\"]\nrespect-ignore-files = false"),
        ("pkg/.gitignore", "seen.py\n"),
        ("pkg/seen.py", ""),
        ("pkg/old/b.py", ""),
        ("pkg/scratch/c.py", ""),
        ("scratch/d.py", ""),
    ]);
    assert_eq!(project.shown(&["."]), ["pkg/old/b.py", "pkg/seen.py", "scratch/d.py"]);
    project.write("pkg/coldcall.toml", "excludes = []");
    let error = project.run(&["."], Overrides::default(), false).unwrap_err();
    assert_eq!(error.to_string(), "pkg/coldcall.toml:1:1: unknown key `excludes`; did you mean `exclude`?");
}

#[test]
fn paths_outside_the_working_directory_are_shown_whole() {
    let project = Project::new(&[("cwd/x.py", ""), ("tests/proj/a.py", ""), ("tests/proj/tests/b.py", "")]);
    let store = SettingsStore::new(&project.path("cwd"), Overrides::default(), ConfigSource::Nearest, &RULES).unwrap();
    let discovery = discover(&["../tests/proj".into()], &store, false).unwrap();
    let root = project.path("tests/proj");
    assert_eq!(shown(&discovery), ["a.py", "tests/b.py"].map(|name| root.join(name).display().to_string()));
    let relative: Vec<&str> = discovery.files.iter().map(|found| found.root_relative.as_str()).collect();
    assert_eq!(relative, ["a.py", "tests/b.py"]);
}

#[test]
fn tests_are_judged_from_the_named_folder() {
    let project = Project::new(&[("fixtures/demo/app.py", ""), ("fixtures/demo/tests/t.py", ""), ("src/app.py", "")]);
    let quiet = |named: &[&str]| -> Vec<String> {
        let store =
            SettingsStore::new(project.dir.path(), Overrides::default(), ConfigSource::Nearest, &RULES).unwrap();
        let named: Vec<PathBuf> = named.iter().map(PathBuf::from).collect();
        let files = discover(&named, &store, false).unwrap().files;
        let tests =
            files.into_iter().filter(|found| store.for_file(&found.path).unwrap().is_test(&found.root_relative));
        tests.map(|found| found.shown).collect()
    };
    assert_eq!(quiet(&["."]), ["fixtures/demo/app.py", "fixtures/demo/tests/t.py"]);
    assert_eq!(quiet(&["fixtures/demo"]), ["fixtures/demo/tests/t.py"]);
    assert_eq!(quiet(&[".", "fixtures/demo"]), ["fixtures/demo/tests/t.py"]);
    // As pre-commit names files.
    assert_eq!(quiet(&["src/app.py", "fixtures/demo/tests/t.py"]), ["fixtures/demo/tests/t.py"]);
}
