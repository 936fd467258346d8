//! `cargo metadata`: the exact features, from Cargo itself. The one program that coldcall runs, and only when asked to.

use crate::clients::resolved::Features;
use semver::Version;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// A workspace of hundreds of packages takes a few seconds; what takes longer waits for something.
const LIMIT: Duration = Duration::from_secs(60);

/// How to ask Cargo.
#[derive(Debug, Clone)]
pub struct CargoMetadata {
    /// The program.
    pub cargo: OsString,
    /// How long to wait for it.
    pub limit: Duration,
}

impl Default for CargoMetadata {
    fn default() -> Self {
        Self { cargo: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), limit: LIMIT }
    }
}

/// Why Cargo did not answer.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// It cannot be run.
    #[error("it cannot be run: {0}")]
    Run(#[from] io::Error),
    /// It takes too long.
    #[error("it took longer than {0:?}")]
    Timeout(Duration),
    /// It says no.
    #[error("{0}")]
    Refused(String),
    /// It says something else.
    #[error("its answer cannot be read: {0}")]
    Answer(#[from] serde_json::Error),
}

/// What Cargo resolves: the features of each version of each package.
#[derive(Debug, Default)]
pub struct Metadata {
    features: BTreeMap<(String, String), BTreeSet<String>>,
}

#[derive(Deserialize)]
struct Answer {
    packages: Vec<AnswerPackage>,
    resolve: Option<Resolve>,
}

#[derive(Deserialize)]
struct AnswerPackage {
    id: String,
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    features: BTreeSet<String>,
}

impl Metadata {
    /// The features of `package` at `version`.
    pub fn features(&self, package: &str, version: &Version) -> Option<Features> {
        let on = self.features.get(&(package.to_owned(), version.to_string()))?.clone();
        Some(Features { on, certain: true, ..Features::default() })
    }

    fn parse(answer: &[u8]) -> Result<Self, MetadataError> {
        let answer: Answer = serde_json::from_slice(answer)?;
        let nodes = answer.resolve.map(|resolve| resolve.nodes).unwrap_or_default();
        let mut by_id: BTreeMap<String, BTreeSet<String>> =
            nodes.into_iter().map(|node| (node.id, node.features)).collect();
        let features = answer.packages.into_iter().filter_map(|package| {
            let features = by_id.remove(&package.id)?;
            Some(((package.name, package.version), features))
        });
        Ok(Self { features: features.collect() })
    }
}

impl CargoMetadata {
    /// Asks in the workspace at `root`. Nothing is downloaded, and no file is written: `--locked` keeps Cargo.lock as it is.
    pub fn ask(&self, root: &Path) -> Result<Metadata, MetadataError> {
        let mut arguments = vec!["metadata", "--format-version", "1", "--offline", "--locked"];
        let host = self.host(root);
        arguments.extend(host.iter().flat_map(|host| ["--filter-platform", host]));
        Metadata::parse(&self.run(&self.cargo, &arguments, root)?)
    }

    /// The platform of the compiler. Without it, Cargo wants the packages of every platform.
    fn host(&self, root: &Path) -> Option<String> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let answer = String::from_utf8(self.run(&rustc, &["-vV"], root).ok()?).ok()?;
        answer.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
    }

    fn run(&self, program: &OsStr, arguments: &[&str], folder: &Path) -> Result<Vec<u8>, MetadataError> {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder);
        // Neither a file in `target` nor a missing toolchain from the network.
        command.env("CARGO_CACHE_RUSTC_INFO", "0").env("RUSTUP_AUTO_INSTALL", "0").env("CARGO_TERM_COLOR", "never");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let answer = self.wait(&mut child);
        if answer.is_err() {
            // It may have ended by now; where not, it does at once.
            let _ = child.kill().and_then(|()| child.wait());
        }
        let (output, said, status) = answer?;
        if status.success() { Ok(output) } else { Err(MetadataError::Refused(reason(&said))) }
    }

    /// Everything that `child` writes, and how it ends, until the time is up. What it started may outlive it and keep the
    /// pipes open, so threads read them that nobody waits for.
    fn wait(&self, child: &mut Child) -> Result<(Vec<u8>, Vec<u8>, ExitStatus), MetadataError> {
        let end = Instant::now() + self.limit;
        let (output, said) = (drain(child.stdout.take()), drain(child.stderr.take()));
        let until = |pipe: mpsc::Receiver<Vec<u8>>| {
            let left = end.saturating_duration_since(Instant::now());
            pipe.recv_timeout(left).map_err(|_| MetadataError::Timeout(self.limit))
        };
        let (output, said) = (until(output)?, until(said)?);
        // Closed pipes are not yet an end.
        while Instant::now() < end {
            match child.try_wait()? {
                Some(status) => return Ok((output, said, status)),
                None => thread::sleep(Duration::from_millis(5)),
            }
        }
        Err(MetadataError::Timeout(self.limit))
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error still tells something; nobody listens after the time is up.
        let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        let _ = sender.send(bytes);
    });
    receiver
}

/// The first thing that Cargo complains about.
fn reason(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines.clone().find_map(|line| line.strip_prefix("error: "));
    error.or_else(|| lines.next_back()).unwrap_or("it failed without a word").to_owned()
}
