//! Any parameters become a plan or a refusal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use padoqe::{
    collect,
    report::{Params, plan, refuse},
};

fuzz_target!(|bytes: &[u8]| {
    let pairs = collect::Params::parse(bytes);
    let params = Params::new(pairs.iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
    if let Err(refusal) = plan(params.clone(), &[], 1_800_000_000) {
        refuse(&refusal, &params);
    }
});
