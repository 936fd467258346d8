//! What a number of calls does to the network: connections, requests, protocol, idle closes.
//!
//! A small simulation of a pool, call by call. What the library does in each case is data of `rules/clients/`
//! ([`PoolSpec`](crate::clients::schema::PoolSpec)); here is only what holds for all pools.

use crate::clients::schema::{AtMax, Counted, Http2Start};
use serde::Serialize;

/// The calls that are made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Workload {
    /// Rounds of calls, one after another.
    pub rounds: u32,
    /// Calls at once in each round.
    pub at_once: u32,
    /// Seconds between two rounds.
    pub gap_s: f64,
    /// The server offers HTTP/2.
    pub server_http2: bool,
    /// Seconds after which the server closes an idle connection; it outlives the client where absent.
    pub server_keep_alive_s: Option<f64>,
}

/// A number that a library may leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Range {
    /// At least.
    pub min: u64,
    /// At most.
    pub max: u64,
}

impl Range {
    /// A number that is sure.
    pub fn exactly(number: u64) -> Self {
        Self { min: number, max: number }
    }

    fn plus(self, other: Self) -> Self {
        Self { min: self.min.saturating_add(other.min), max: self.max.saturating_add(other.max) }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.min == self.max { write!(f, "{}", self.min) } else { write!(f, "{} to {}", self.min, self.max) }
    }
}

/// What is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Protocol {
    /// HTTP/2.
    #[serde(rename = "h2")]
    Http2,
    /// HTTP/1.1.
    #[serde(rename = "http/1.1")]
    Http1,
    /// Both, by different clients.
    #[serde(rename = "mixed")]
    Mixed,
    /// Not known.
    #[serde(rename = "unknown")]
    Unknown,
}

/// What the calls of a workload do to the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prediction {
    /// Connections, each with a handshake.
    pub connections: Range,
    /// Requests that the server gets.
    pub requests: u64,
    /// What is spoken.
    pub protocol: Protocol,
    /// Connections that the client closes before the last round, because they expired, were too many or were not to be kept.
    pub idle_closes: Range,
    /// What stops the program, where something does.
    pub fails: Option<String>,
}

impl Prediction {
    /// The program stops before it connects.
    pub fn failing(text: impl Into<String>) -> Self {
        let none = Range::exactly(0);
        Self {
            connections: none,
            requests: 0,
            protocol: Protocol::Unknown,
            idle_closes: none,
            fails: Some(text.into()),
        }
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        let protocol = match (self.requests, other.requests) {
            (0, _) => other.protocol,
            (_, 0) => self.protocol,
            _ if self.protocol == other.protocol => self.protocol,
            _ if [self.protocol, other.protocol].contains(&Protocol::Unknown) => Protocol::Unknown,
            _ => Protocol::Mixed,
        };
        Self {
            connections: self.connections.plus(other.connections),
            requests: self.requests.saturating_add(other.requests),
            protocol,
            idle_closes: self.idle_closes.plus(other.idle_closes),
            fails: self.fails.or(other.fails),
        }
    }
}

/// How long the pool lives that a call uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolLife {
    /// One for each call.
    Call,
    /// One for each round of calls.
    Round,
    /// One for all.
    Run,
}

/// A pool with its effective settings and its library's behaviour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pool {
    /// How long it lives.
    pub life: PoolLife,
    /// Connections at most; `None` for no limit.
    pub max: Option<u64>,
    /// Connections kept while idle; `None` for no limit.
    pub idle: Option<u64>,
    /// Seconds for which an idle connection is kept; `None` for ever.
    pub expiry_s: Option<f64>,
    /// Every connection is closed after its response.
    pub closes_each: bool,
    /// Responses are left unread: their connections serve no other call, and are closed some time.
    pub leaves_unread: bool,
    /// What is not used any more is closed when the garbage collector finds it.
    pub closes_late: bool,
    /// HTTP/2 is spoken where the server offers it.
    pub http2: bool,
    /// What a call does that finds all connections busy.
    pub at_max: AtMax,
    /// What counts against `idle` when a response ends.
    pub counted: Counted,
    /// What calls at once do that find no connection, where HTTP/2 is spoken.
    pub http2_start: Http2Start,
    /// A connection may not be back when a call follows at once.
    pub returns_late: bool,
}

/// What happens in one round.
#[derive(Debug, Clone, Copy, Default)]
struct Round {
    /// Connections made.
    made: u64,
    /// Connections closed when their responses had ended.
    closed: u64,
    /// Connections that lost against the first one over HTTP/2; each may have served a call.
    raced: u64,
    /// Connections left at the end.
    left: u64,
}

/// What `workload` does over `pool`.
pub fn predict(pool: &Pool, workload: &Workload) -> Prediction {
    let (rounds, at_once) = (u64::from(workload.rounds), u64::from(workload.at_once));
    let http2 = pool.http2 && workload.server_http2;
    let mut total = Prediction {
        connections: Range::exactly(0),
        requests: rounds * at_once,
        protocol: if http2 { Protocol::Http2 } else { Protocol::Http1 },
        idle_closes: Range::exactly(0),
        fails: None,
    };
    let all = match pool.life == PoolLife::Call || pool.leaves_unread {
        true => Round { made: rounds * at_once, closed: (rounds - 1) * at_once, ..Round::default() },
        false => pool.run(workload, http2, false),
    };
    // Over HTTP/2 a connection never leaves the pool.
    let missed = pool.returns_late && !http2 && workload.gap_s == 0.0 && pool.life == PoolLife::Run;
    let other = if missed { pool.run(workload, http2, true) } else { all };
    let late = pool.leaves_unread || (pool.closes_late && pool.life != PoolLife::Run);
    // What comes back while its successor connects may be dropped.
    let closed = (all.closed + all.raced).max(other.closed + other.made.saturating_sub(all.made));
    total.connections = Range { min: all.made, max: all.made.max(other.made) };
    total.idle_closes = Range { min: if late { 0 } else { all.closed }, max: closed };
    total
}

impl Pool {
    /// All rounds; what the client closes in the last one does not count, for nothing follows. Where they are `missed`, the
    /// connections of one round are not back when the next one begins.
    fn run(&self, workload: &Workload, http2: bool, missed: bool) -> Round {
        let (mut all, mut kept) = (Round::default(), 0);
        let mut known: Option<(u64, Round)> = None;
        for round in 1..=workload.rounds {
            // A round that begins like the one before goes on like it.
            let done = match known {
                Some((start, done)) if start == kept => done,
                _ if missed => self.round_without(kept, u64::from(workload.at_once), http2),
                _ => self.round(kept, u64::from(workload.at_once), http2),
            };
            known = Some((kept, done));
            all.made += done.made;
            if round == workload.rounds {
                break;
            }
            let (by_client, by_server) = self.lost(done.left, workload);
            all.closed += done.closed + by_client;
            all.raced += done.raced;
            kept = done.left - by_client - by_server;
        }
        all
    }

    /// What `kept` idle connections lose between two rounds: closed by the client, closed by the server.
    fn lost(&self, kept: u64, workload: &Workload) -> (u64, u64) {
        let by_client = self.expiry_s.filter(|expiry| *expiry <= workload.gap_s);
        let by_server = workload.server_keep_alive_s.filter(|limit| *limit <= workload.gap_s);
        match (by_client, by_server) {
            _ if self.life == PoolLife::Round => (kept, 0),
            (Some(client), Some(server)) if server < client => (0, kept),
            (Some(_), _) => (kept, 0),
            (None, Some(_)) => (0, kept),
            (None, None) => (0, 0),
        }
    }

    /// One round that begins before the connections of the last one are back.
    fn round_without(&self, kept: u64, calls: u64, http2: bool) -> Round {
        let missed = kept.min(calls);
        let done = self.round(kept - missed, calls, http2);
        let left = done.left + missed;
        let surplus = self.idle.map_or(0, |idle| left.saturating_sub(idle));
        Round { left: left - surplus, closed: done.closed + surplus, ..done }
    }

    /// One round of `calls` at once over a pool with `kept` idle connections.
    fn round(&self, kept: u64, calls: u64, http2: bool) -> Round {
        if http2 {
            return self.shared_round(kept, calls);
        }
        let mut state =
            State { pool: self, busy: kept.min(calls), idle: kept - kept.min(calls), done: Round::default() };
        let mut waiting = calls - state.busy;
        while waiting > 0 && state.may_open() {
            state.open();
            waiting -= 1;
        }
        while state.busy > 0 {
            // All that are busy now end, one after another; who waits takes what becomes free.
            for _ in 0..state.busy {
                state.end_one(&mut waiting);
            }
        }
        Round { left: state.idle, ..state.done }
    }

    /// One round over HTTP/2, where all calls share a connection.
    fn shared_round(&self, kept: u64, calls: u64) -> Round {
        let made = match self.http2_start {
            _ if kept > 0 => 0,
            Http2Start::One => 1,
            Http2Start::Each => calls,
        };
        match self.closes_each {
            true => Round { made, closed: made, ..Round::default() },
            // Of the connections that raced, the first serves all.
            false => Round { made, raced: made.saturating_sub(1), left: 1, ..Round::default() },
        }
    }
}

/// A pool in the middle of a round.
struct State<'a> {
    pool: &'a Pool,
    busy: u64,
    idle: u64,
    done: Round,
}

impl State<'_> {
    fn may_open(&self) -> bool {
        self.pool.at_max == AtMax::Open || self.pool.max.is_none_or(|max| self.busy + self.idle < max)
    }

    fn open(&mut self) {
        self.busy += 1;
        self.done.made += 1;
    }

    fn end_one(&mut self, waiting: &mut u64) {
        self.busy -= 1;
        self.idle += 1;
        let counted = match self.pool.counted {
            Counted::Idle => self.idle,
            Counted::All => self.busy + self.idle,
        };
        if self.pool.closes_each || self.pool.idle.is_some_and(|idle| counted > idle) {
            self.idle -= 1;
            self.done.closed += 1;
        }
        if *waiting > 0 && self.idle > 0 {
            self.idle -= 1;
            self.busy += 1;
            *waiting -= 1;
        } else if *waiting > 0 && self.may_open() {
            self.open();
            *waiting -= 1;
        }
    }
}
