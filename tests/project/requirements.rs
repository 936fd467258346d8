//! requirements.txt and its kin.

use crate::support::{Folder, httpx};

fn txt(text: &str) -> String {
    httpx("requirements.txt", text)
}

#[test]
fn pins_and_ranges() {
    for (line, shown) in [
        ("httpx==0.28.1", "httpx 0.28.1"),
        ("HTTPX == 0.28.1  # why", "httpx 0.28.1"),
        ("httpx[http2,socks]==0.28.1", "httpx 0.28.1"),
        ("httpx ===0.28.1", "httpx 0.28.1"),
        ("httpx==0.28.1 --hash=sha256:ab --hash=sha256:cd", "httpx 0.28.1"),
        ("httpx==0.28.1 \\\n    --hash=sha256:ab", "httpx 0.28.1"),
        ("httpx==0.28.1+local.1", "httpx 0.28.1+local.1"),
        ("httpx==0.28.1 ; python_version >= '3.9'", "httpx 0.28.1"),
        ("httpx==0.28.*", "httpx ==0.28.* (not locked)"),
        ("httpx~=0.27.2", "httpx ~=0.27.2 (not locked)"),
        ("httpx >= 0.27, < 1", "httpx >=0.27,<1 (not locked)"),
        ("httpx (>=0.27)", "httpx >=0.27 (not locked)"),
        ("httpx!=0.27.1", "httpx !=0.27.1 (not locked)"),
        ("httpx", "httpx"),
        ("httpx-sse==0.4.0", "httpx"),
        ("httpx @ https://example.com/a/httpx-0.28.1-py3-none-any.whl#sha256=ab", "httpx 0.28.1"),
        ("./wheels/httpx-0.28.1-py3-none-any.whl", "httpx 0.28.1"),
        ("httpx @ git+https://example.com/httpx.git@main", "httpx"),
        ("-e git+https://example.com/httpx.git#egg=httpx", "httpx"),
        ("-e ./httpx", "httpx"),
        ("# httpx==0.28.1", "httpx"),
        ("--index-url https://example.com/simple\nhttpx==0.28.1", "httpx 0.28.1"),
        ("httpx==18446744073709551615.*", "httpx"),
        ("httpx==nonsense", "httpx"),
        ("httpx>=2,<1", "httpx"),
        ("httpx>=0.27\nhttpx<0.28", "httpx >=0.27, <0.28 (not locked)"),
    ] {
        assert_eq!(txt(line), shown, "{line}");
    }
}

#[test]
fn conditions_give_a_set() {
    let text = "httpx==0.27.2 ; python_version < '3.9'\nhttpx==0.28.1 ; python_version >= '3.9'\n";
    assert_eq!(txt(text), "httpx 0.27.2 or 0.28.1");
}

#[test]
fn included_files_count_from_where_they_stand() {
    let folder = Folder::new(&[
        ("requirements.txt", "-r deps/base.txt\n-c deps/limits.txt\n"),
        ("deps/base.txt", "--requirement=more.txt\n"),
        ("deps/more.txt", "-r ../requirements.txt\nhttpx\n"),
        ("deps/limits.txt", "httpx==0.28.1\nh2==4.1.0\n"),
    ]);
    assert_eq!(folder.httpx(), "httpx 0.28.1");
    assert!(folder.warnings().is_empty());
    folder.write("deps/base.txt", "httpx\n\n-rgone.txt\n");
    assert_eq!(folder.warnings(), ["deps/base.txt: line 3: there is no file `gone.txt`"]);
}

#[test]
fn files_that_differ_give_all_that_they_give() {
    let folder = Folder::new(&[("requirements.txt", "httpx==0.27.2"), ("dev-requirements.txt", "httpx==0.28.1")]);
    assert_eq!(folder.httpx(), "httpx 0.27.2 or 0.28.1");
    folder.write("dev-requirements.txt", "-r requirements.txt\nhttpx>=0.27");
    assert_eq!(folder.httpx(), "httpx 0.27.2", "a pin comes before a range");
    let folder = Folder::new(&[("requirements/base.in", "httpx>=0.27"), ("requirements/base.txt", "httpx==0.28.1")]);
    assert_eq!(folder.httpx(), "httpx 0.28.1");
}

#[test]
fn long_chains_and_large_files_end() {
    let chain: Vec<(String, String)> =
        (0..1000).map(|at| (format!("deps/{at}.txt"), format!("-r {}.txt\nhttpx\n", at + 1))).collect();
    let folder = Folder::new(&[("requirements.txt", "-r deps/0.txt\nhttpx==0.28.1\n")]);
    chain.iter().for_each(|(path, text)| folder.write(path, text));
    assert_eq!(folder.httpx(), "httpx 0.28.1");
    std::fs::File::create(folder.path("uv.lock")).unwrap().set_len(33 << 20).unwrap();
    assert_eq!(folder.httpx(), "httpx 0.28.1");
    assert!(folder.warnings().contains(&"uv.lock: not read as a lock file: larger than 32 MB".to_owned()));
    std::fs::create_dir(folder.path("poetry.lock")).unwrap();
    assert!(folder.warnings().contains(&"poetry.lock: not read as a lock file: not a regular file".to_owned()));
}

#[test]
fn utf_16_is_read_and_what_is_no_text_is_told() {
    let folder = Folder::new(&[]);
    let text = "\u{feff}httpx==0.28.1\r\n".encode_utf16().flat_map(u16::to_le_bytes);
    folder.write("requirements.txt", text.collect::<Vec<u8>>());
    assert_eq!(folder.httpx(), "httpx 0.28.1");
    folder.write("requirements.txt", b"# f\xfcr uns\nhttpx==0.27.2\n");
    assert_eq!(folder.httpx(), "httpx 0.27.2", "Latin-1");
    folder.write("requirements.txt", b"httpx==0.28.1\n\0\xff\xfe");
    assert_eq!(folder.warnings(), ["requirements.txt: not read as a requirements file: not a text file"]);
}

#[cfg(target_os = "linux")]
#[test]
fn files_that_never_end_are_not_waited_for() {
    let folder = Folder::new(&[("requirements.txt", "-r endless.txt\nhttpx==0.28.1\n")]);
    std::os::unix::fs::symlink("/proc/self/pagemap", folder.path("endless.txt")).unwrap();
    assert_eq!(folder.httpx(), "httpx 0.28.1");
    assert!(std::process::Command::new("mkfifo").arg(folder.path("pyproject.toml")).status().unwrap().success());
    assert_eq!(folder.httpx(), "httpx 0.28.1");
    assert_eq!(folder.warnings(), ["pyproject.toml: not read as a manifest: not a regular file"]);
}

#[test]
fn nothing_outside_the_project_is_included() {
    let folder = Folder::new(&[
        ("own/requirements.txt", "-r ../shared.txt\n-r ../../other.txt\n-r /etc/hostname\n"),
        ("shared.txt", "httpx==0.28.1\n"),
    ]);
    let (_, warnings) = folder.read("own/app.py");
    assert_eq!(folder.httpx_at("own/app.py"), "httpx 0.28.1");
    assert_eq!(
        warnings,
        [
            "own/requirements.txt: line 2: `../../other.txt` is outside the project, and not read",
            "own/requirements.txt: line 3: `/etc/hostname` is outside the project, and not read"
        ]
    );
}
