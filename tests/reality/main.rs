//! The reality suite: programs with real libraries talk to a server that counts, and `coldcall audit` must have said
//! from their sources alone what it counts. The programs are in `fixtures/reality/`.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::print_stderr, reason = "a suite that did not run must say so")]

mod answers;
mod certificate;
mod record;
mod server;
mod server_tests;
