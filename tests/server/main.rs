//! The server as its users meet it: the real binary, a real PostgreSQL, requests over a socket.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod away;
mod canary;
mod clients;
mod cnil;
mod comparing;
mod counting;
mod declaring;
mod establishments;
mod features;
mod fortnight;
mod full;
mod importing;
mod managing;
mod mapping;
mod protocol;
mod publishing;
mod reach;
mod reporting;
mod running;
mod school_time;
mod segmenting;
mod teams;
mod tokens;
mod transitions;
mod visitors;
