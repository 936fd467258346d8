//! The reality suite: programs with real libraries talk to a server that counts, and `coldcall audit` must have said
//! from their sources alone what it counts. The programs are in `fixtures/reality/`, a table of them in
//! `docs/reality.md`.
//!
//! * `COLDCALL_REQUIRE_REALITY=1`: all are, and what cannot be run fails, instead of being passed over with a word.
//! * `COLDCALL_REALITY_PYTHON=1`, `COLDCALL_REALITY_RUST=1`: the programs of the language are set up and run.
//! * `COLDCALL_REALITY_ONLY=httpx`: only programs whose name holds this.
//! * `COLDCALL_WRITE_REALITY=1`: the table is written with what was measured.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::print_stderr, reason = "a suite that did not run must say so")]

mod answers;
mod build;
mod certificate;
mod compare;
mod libraries;
mod measure;
mod page;
mod parallel;
mod predict;
mod programs;
mod record;
mod server;
mod server_tests;
mod suite;
