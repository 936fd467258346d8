//! What a server saw: every connection, and how it ended.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// Closed by the client, when the server had seen so many requests in all; `used` if an answer was not sent yet.
    ByClient {
        requests_seen: usize,
        used: bool,
    },
    ByServer,
}

/// A connection whose TLS handshake was completed.
#[derive(Clone, Debug)]
pub struct Connection {
    pub http2: bool,
    pub resumed: bool,
    pub requests: usize,
    pub ending: Option<Ending>,
    in_flight: usize,
    last_use: Instant,
}

#[derive(Clone, Debug, Default)]
pub struct Record {
    pub connections: Vec<Connection>,
    pub requests: usize,
}

impl Record {
    /// Connections that were closed by the client between two uses, because they had expired or were too many to keep:
    /// after they had served, with nothing in flight, and before request number `last_round` (from 0) came in. What is
    /// closed later is the end of the program.
    pub fn idle_closes(&self, last_round: usize) -> usize {
        let closed = |connection: &&Connection| match connection.ending {
            Some(Ending::ByClient { requests_seen, used: false }) => {
                connection.requests > 0 && requests_seen <= last_round
            }
            _ => false,
        };
        self.connections.iter().filter(closed).count()
    }
}

/// A record that is being written; clones write to the same one.
#[derive(Clone)]
pub struct Recorder {
    record: Arc<Mutex<Record>>,
    last_arrival: Arc<Mutex<Instant>>,
}

impl Recorder {
    pub fn new() -> Self {
        Self { record: Arc::default(), last_arrival: Arc::new(Mutex::new(Instant::now())) }
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap()
    }

    /// Somebody has come: a connection or a request.
    pub fn arrival(&self) {
        *self.last_arrival.lock().unwrap() = Instant::now();
    }

    /// How long nobody has come.
    pub fn quiet(&self) -> Duration {
        self.last_arrival.lock().unwrap().elapsed()
    }

    pub fn read(&self) -> Record {
        self.lock().clone()
    }

    pub fn connection(&self, http2: bool, resumed: bool) -> Line {
        self.arrival();
        let mut record = self.lock();
        let last_use = Instant::now();
        record.connections.push(Connection { http2, resumed, requests: 0, ending: None, in_flight: 0, last_use });
        Line { recorder: self.clone(), index: record.connections.len() - 1 }
    }
}

/// One connection in the record.
#[derive(Clone)]
pub struct Line {
    recorder: Recorder,
    index: usize,
}

impl Line {
    pub fn request(&self) -> InFlight {
        self.recorder.arrival();
        let mut record = self.recorder.lock();
        record.requests += 1;
        let connection = &mut record.connections[self.index];
        connection.requests += 1;
        connection.in_flight += 1;
        InFlight(self.clone())
    }

    pub fn ended(&self, by_client: bool) {
        let mut record = self.recorder.lock();
        let requests_seen = record.requests;
        let connection = &mut record.connections[self.index];
        let ending = match by_client {
            true => Ending::ByClient { requests_seen, used: connection.in_flight > 0 },
            false => Ending::ByServer,
        };
        connection.ending = Some(ending);
    }

    /// How long the connection has had nothing to do; no time at all where it has.
    pub fn idle(&self) -> Duration {
        let record = self.recorder.lock();
        let connection = &record.connections[self.index];
        if connection.in_flight > 0 { Duration::ZERO } else { connection.last_use.elapsed() }
    }
}

/// A request whose answer is not sent yet.
pub struct InFlight(Line);

impl InFlight {
    /// How long nobody has come to the server.
    pub fn quiet(&self) -> Duration {
        self.0.recorder.quiet()
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut record = self.0.recorder.lock();
        let connection = &mut record.connections[self.0.index];
        connection.in_flight -= 1;
        connection.last_use = Instant::now();
    }
}
