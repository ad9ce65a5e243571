//! Any hit is stripped under both policies; what the sender said of itself is not in what is left.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use padoqe::{
    collect::{Arrival, Hints, Hit, Params, Sender},
    site::{PolicyName, Settings, Site},
    strip::{Agents, Atlas, Countries, Outcome, PATTERNS, PeriodKeys, Rules, SecretKey, strip},
};

static ATLAS: LazyLock<Atlas> = LazyLock::new(|| Atlas {
    agents: Agents::read(PATTERNS).expect("the patterns are sound"),
    countries: Countries::default(),
});

fn rules(policy: PolicyName) -> Rules {
    Rules::new(&Site {
        id: 1,
        name: String::new(),
        urls: vec!["https://www.quiziniere.com".to_owned()],
        timezone: "Europe/Paris".to_owned(),
        currency: "EUR".to_owned(),
        policy,
        created: 0,
        settings: Settings::default(),
        goals: Vec::new(),
        dimensions: Vec::new(),
    })
}

fuzz_target!(|bytes: &[u8]| {
    let mut query = b"idsite=1&rec=1&_id=c0ffee5ca1ab1e77&uid=canary-user-4711&".to_vec();
    query.extend(bytes);
    let sender = Sender {
        address: [203, 0, 113, 77].into(),
        agent: String::from_utf8_lossy(bytes).into_owned(),
        hints: Hints::default(),
        language: String::from_utf8_lossy(bytes).into_owned(),
        do_not_track: false,
        global_privacy_control: false,
        prefetch: false,
        ignore_cookie: false,
        referer: String::new(),
    };
    for policy in [PolicyName::Exempt, PolicyName::Complete] {
        let Ok(hit) = Hit::parse(&Params::parse(&query)) else { return };
        let own = (hit.user.clone(), hit.visitor);
        let Ok(arrival) = Arrival::new(hit, &sender, 1_800_000_000, false) else { return };
        let key = || SecretKey::new([7; 32]);
        let keys = |_| Some(PeriodKeys {
            day: key(),
            week: key(),
            month: key(),
            year: key(),
            school_year: key(),
        });
        if let Ok(Some(Outcome::Kept(event, _))) = strip(arrival, &rules(policy), &ATLAS, keys) {
            let left = format!("{event:?}");
            assert!(own.0 != "canary-user-4711" || !left.contains("canary-user-4711"), "{left}");
            assert!(own.1 != Some(0xc0ff_ee5c_a1ab_1e77) || !left.contains("c0ffee5ca1ab1e77"), "{left}");
        }
    }
});
