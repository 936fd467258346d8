//! Runs a program against a server of its own, and tells what the server saw.

use crate::build;
use crate::programs::Program;
use crate::record::Record;
use crate::server::Server;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// No program takes half as long.
const LIMIT: Duration = Duration::from_secs(90);

/// A made-up key, of the form that the SDKs accept.
const KEY: &str = "sk-made-up";

#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub connections: usize,
    pub resumed: usize,
    pub requests: usize,
    pub protocol: &'static str,
    pub idle_closes: usize,
    /// The last words of a program that did not succeed.
    pub fails: Option<String>,
}

impl Measured {
    fn new(record: &Record, last_round: usize, fails: Option<String>) -> Self {
        let http2 = record.connections.iter().filter(|connection| connection.http2).count();
        let protocol = match record.connections.len() {
            0 => "unknown",
            _ if http2 == 0 => "http/1.1",
            all if http2 == all => "h2",
            _ => "mixed",
        };
        Self {
            connections: record.connections.len(),
            resumed: record.connections.iter().filter(|connection| connection.resumed).count(),
            requests: record.requests,
            protocol,
            idle_closes: record.idle_closes(last_round),
            fails,
        }
    }
}

/// Runs a program whose set was set up.
pub fn measure(program: &Program) -> Measured {
    let scratch = tempfile::tempdir().unwrap();
    let server = Server::start(program.workload.server());
    let authority = scratch.path().join("authority.pem");
    fs::write(&authority, &server.authority_pem).unwrap();
    let mut command = build::command(program);
    environment(&mut command, &server.url(), &authority);
    let words = scratch.path().join("stderr");
    command.current_dir(&program.set).stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&words).unwrap());
    let ended = command.spawn().and_then(|mut child| wait(&mut child));
    let fails = match ended {
        Ok(Some(status)) if status.success() => None,
        Ok(Some(status)) => Some(last_line(&words).unwrap_or_else(|| status.to_string())),
        Ok(None) => Some(format!("not done after {} s", LIMIT.as_secs())),
        Err(error) => Some(error.to_string()),
    };
    Measured::new(&server.finish(), program.workload.last_round(), fails)
}

/// Nothing of the machine's environment, such as a proxy, may reach a program; only where the server is and whom to trust.
fn environment(command: &mut Command, url: &str, authority: &Path) {
    command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    for variable in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "REALITY_CA"] {
        command.env(variable, authority);
    }
    for variable in ["REALITY_URL", "ANTHROPIC_BASE_URL"] {
        command.env(variable, url);
    }
    command.env("OPENAI_BASE_URL", format!("{url}/v1")).env("PYTHONDONTWRITEBYTECODE", "1");
    for variable in ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"] {
        command.env(variable, KEY);
    }
}

/// How the child ended; nothing if it had to be stopped.
fn wait(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < LIMIT {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

fn last_line(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    text.lines().rfind(|line| !line.trim().is_empty()).map(str::to_owned)
}
