//! The server itself, tried with clients that are written out byte by byte.

use crate::record::{Ending, Record};
use crate::server::{Options, Server};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

const FAST: Options = Options { http2: true, keep_alive: Duration::from_secs(75), delay: Duration::from_millis(5) };

/// A preface, empty settings, and GET / on stream 1 and then on stream 3.
const H2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\
    \x00\x00\x00\x04\x00\x00\x00\x00\x00\
    \x00\x00\x0e\x01\x05\x00\x00\x00\x01\x82\x87\x84\x41\x09localhost\
    \x00\x00\x0e\x01\x05\x00\x00\x00\x03\x82\x87\x84\x41\x09localhost";

type Connection = StreamOwned<ClientConnection, TcpStream>;

fn config(server: &Server, protocols: &[&[u8]]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.authority_pem.as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Arc::new(config)
}

fn connect(server: &Server, config: &Arc<ClientConfig>) -> Connection {
    let socket = TcpStream::connect(server.url().strip_prefix("https://").unwrap()).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    StreamOwned::new(ClientConnection::new(config.clone(), name).unwrap(), socket)
}

/// Reads until `end` came.
fn read_to(connection: &mut Connection, end: &[u8]) -> Vec<u8> {
    let mut got = Vec::new();
    let mut buffer = [0; 4096];
    while !got.windows(end.len()).any(|window| window == end) {
        let count = connection.read(&mut buffer).unwrap();
        assert!(count > 0, "closed after {:?}", String::from_utf8_lossy(&got));
        got.extend_from_slice(&buffer[..count]);
    }
    got
}

fn get(connection: &mut Connection) {
    connection.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    read_to(connection, b"{\"path\":\"/\"}");
}

fn post(connection: &mut Connection, path: &str, body: &str, end: &str) -> String {
    let length = body.len();
    let request = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n{body}");
    connection.write_all(request.as_bytes()).unwrap();
    String::from_utf8(read_to(connection, end.as_bytes())).unwrap()
}

fn requests(record: &Record) -> Vec<usize> {
    record.connections.iter().map(|connection| connection.requests).collect()
}

#[test]
fn a_kept_connection_counts_once_and_one_closed_between_calls_is_an_idle_close() {
    let server = Server::start(FAST);
    let config = config(&server, &[b"http/1.1"]);
    let mut first = connect(&server, &config);
    get(&mut first);
    get(&mut first);
    drop(first);
    server.await_endings(1);
    let mut second = connect(&server, &config);
    get(&mut second);
    drop(second);
    server.await_endings(2);
    let record = server.finish();
    assert_eq!(requests(&record), [2, 1]);
    assert_eq!((record.requests, record.idle_closes(2), record.idle_closes(1)), (3, 1, 0));
    assert!(record.connections.iter().all(|connection| !connection.http2));
    assert_eq!(record.connections[0].ending, Some(Ending::ByClient { requests_seen: 2, used: false }));
}

#[test]
fn a_ticket_resumes_the_session() {
    let server = Server::start(FAST);
    let config = config(&server, &[b"h2", b"http/1.1"]);
    for _ in 0..2 {
        connect(&server, &config).write_all(H2).unwrap();
        let mut connection = connect(&server, &config);
        connection.write_all(H2).unwrap();
        read_to(&mut connection, b"{\"path\":\"/\"}");
    }
    let record = server.finish();
    assert!(!record.connections[0].resumed);
    assert!(record.connections.last().unwrap().resumed);
}

#[test]
fn two_streams_share_a_connection() {
    let server = Server::start(FAST);
    let mut connection = connect(&server, &config(&server, &[b"h2", b"http/1.1"]));
    connection.write_all(H2).unwrap();
    // The last frame of the second answer: data of stream 3 with the end in its flags.
    read_to(&mut connection, b"\x00\x00\x0c\x00\x01\x00\x00\x00\x03{\"path\":\"/\"}");
    let record = server.finish();
    assert_eq!(requests(&record), [2]);
    assert!(record.connections[0].http2);
}

#[test]
fn a_server_of_http1_offers_nothing_else() {
    let server = Server::start(Options { http2: false, ..FAST });
    let mut connection = connect(&server, &config(&server, &[b"h2", b"http/1.1"]));
    get(&mut connection);
    assert_eq!(connection.conn.alpn_protocol(), Some(b"http/1.1".as_slice()));
    assert!(!server.finish().connections[0].http2);
}

#[test]
fn an_idle_connection_is_closed_by_the_server_and_that_is_no_idle_close_of_the_client() {
    for protocol in [b"h2".as_slice(), b"http/1.1"] {
        let server = Server::start(Options { keep_alive: Duration::from_millis(100), ..FAST });
        let mut connection = connect(&server, &config(&server, &[protocol]));
        match protocol {
            b"h2" => connection.write_all(H2).unwrap(),
            _ => get(&mut connection),
        }
        // Not `read_to_end`: the end comes without a farewell where the client has not answered one.
        let mut buffer = [0; 4096];
        let error = loop {
            match connection.read(&mut buffer) {
                Ok(0) => break None,
                Ok(_) => {}
                Err(error) => break Some(error.kind()),
            }
        };
        assert!(matches!(error, None | Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset)), "{error:?}");
        let record = server.finish();
        assert_eq!(record.connections[0].ending, Some(Ending::ByServer));
        assert_eq!(record.idle_closes(9), 0);
    }
}

#[test]
fn the_paths_of_the_sdks_are_answered_whole_and_streamed() {
    let server = Server::start(FAST);
    let mut connection = connect(&server, &config(&server, &[b"http/1.1"]));
    for (path, last) in
        [("/v1/messages", "message_stop"), ("/v1/chat/completions", "[DONE]"), ("/v1/responses", "response.completed")]
    {
        let answer = post(&mut connection, path, "{}", "Hello.");
        assert!(answer.contains("application/json"), "{answer}");
        let answer = post(&mut connection, path, "{\"stream\":true}", "0\r\n\r\n");
        assert!(answer.contains("text/event-stream") && answer.contains(last), "{answer}");
    }
    assert!(post(&mut connection, "/v1/embeddings", "{}", "}").contains("embedding"));
    assert_eq!(requests(&server.finish()), [7]);
}

#[test]
fn what_is_left_early_is_no_idle_close() {
    let server = Server::start(Options { delay: Duration::from_secs(1), ..FAST });
    let config = config(&server, &[b"http/1.1"]);
    let mut connection = connect(&server, &config);
    post(&mut connection, "/v1/messages", "{\"stream\":true}", "message_start");
    drop(connection);
    server.await_endings(1);
    get(&mut connect(&server, &config));
    let record = server.finish();
    assert_eq!((requests(&record), record.idle_closes(1)), (vec![1, 1], 0));
}
