//! A body of any bytes becomes a batch or is refused whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use padoqe::collect::{Hit, is_bulk, parse_bulk};

fuzz_target!(|bytes: &[u8]| {
    is_bulk(bytes);
    if let Ok(batch) = parse_bulk(bytes) {
        for params in &batch.hits {
            Hit::parse(params).ok();
        }
    }
});
