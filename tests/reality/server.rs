//! A TLS server on loopback that counts connections and what they are used for.

use crate::answers;
use crate::certificate::Identity;
use crate::record::{Line, Record, Recorder};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a connection has to end after the server has said that it closes.
const GRACE: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Offers h2 besides http/1.1.
    pub http2: bool,
    /// Closes connections that were idle for so long.
    pub keep_alive: Duration,
    /// How long nobody else must have come before an answer is given, so that calls at once overlap.
    pub delay: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { http2: true, keep_alive: Duration::from_secs(75), delay: Duration::from_millis(100) }
    }
}

pub struct Server {
    port: u16,
    pub authority_pem: String,
    recorder: Recorder,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Server {
    pub fn start(options: Options) -> Self {
        let identity = Identity::new();
        let acceptor = TlsAcceptor::from(Arc::new(identity.config(options.http2)));
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stop, stopped) = oneshot::channel();
        let recorder = Recorder::new();
        let work = accept(listener, acceptor, recorder.clone(), options);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                tokio::select! { () = work => {}, _ = stopped => {} }
            });
        });
        Self { port, authority_pem: identity.authority_pem, recorder, stop, thread }
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Waits until so many connections have ended: the server sees that a moment after the client.
    pub fn await_endings(&self, count: usize) {
        let deadline = Instant::now() + Duration::from_secs(5);
        let ended = || self.recorder.read().connections.iter().filter(|one| one.ending.is_some()).count();
        while ended() < count {
            assert!(Instant::now() < deadline, "{:?}", self.recorder.read());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Stops, and tells what was seen.
    pub fn finish(self) -> Record {
        // The server is gone already if its thread failed; then joining it tells why.
        let _gone = self.stop.send(());
        self.thread.join().unwrap();
        self.recorder.read()
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, recorder: Recorder, options: Options) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        recorder.arrival();
        tokio::spawn(serve(stream, acceptor.clone(), recorder.clone(), options));
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, recorder: Recorder, options: Options) {
    // Small answers must not wait for one another.
    stream.set_nodelay(true).unwrap();
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let (_, tls) = stream.get_ref();
    let http2 = tls.alpn_protocol() == Some(b"h2");
    let line = recorder.connection(http2, tls.handshake_kind() == Some(rustls::HandshakeKind::Resumed));

    let by_client = converse(stream, &line, options).await;
    line.ended(by_client);
}

/// Answers until one side closes the connection, and tells whether it was the client.
async fn converse(stream: TlsStream<TcpStream>, line: &Line, options: Options) -> bool {
    let service = service_fn(|request| answers::answer(request, line.request(), options.delay));
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // Idle connections are closed below, alike for both protocols.
    builder.http1().header_read_timeout(None);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    while let Some(left) = options.keep_alive.checked_sub(line.idle()).filter(|left| !left.is_zero()) {
        tokio::select! {
            _ = connection.as_mut() => return true,
            () = tokio::time::sleep(left) => {}
        }
    }
    connection.as_mut().graceful_shutdown();
    // A client that does not listen to its idle connections never confirms; it finds this one closed.
    let _confirmed = tokio::time::timeout(GRACE, connection).await;
    false
}
