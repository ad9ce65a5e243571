//! Any forwarding header gives an address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use padoqe::collect::{Trust, client_address};

fuzz_target!(|text: &str| {
    let everybody = Trust::parse(&["0.0.0.0/0".to_owned(), "::/0".to_owned()]).expect("two networks");
    client_address([192, 0, 2, 1].into(), Some(text), &everybody);
    Trust::parse(&[text.to_owned()]).ok();
});
