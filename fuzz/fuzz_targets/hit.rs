//! A query string of any bytes becomes a hit or a refusal, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use padoqe::collect::{Hit, Params};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(hit) = Hit::parse(&Params::parse(bytes)) {
        assert!(hit.url.len() <= 1024 && hit.title.len() <= 1024);
    }
});
