//! `Live.getCounters`: what happened in the last minutes. There is no log of visits; the rollups know
//! in which hour a visit began, so what is told is the visits that began in the hours touched.

use jiff::{Timestamp, ToSpan, civil::DateTime, tz::TimeZone};

use crate::{
    report::{
        need::Figures,
        params::Params,
        plan::{Found, Plan},
        refusal::Refusal,
        value::Value,
    },
    rollup::Shape,
};

/// From when to when is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct Counters {
    now: i64,
    minutes: i64,
}

impl Counters {
    pub(super) fn read(params: &Params, now: i64) -> Result<Self, Refusal> {
        let minutes = params.get("lastMinutes").ok_or_else(|| Refusal::missing("lastMinutes"))?;
        let minutes = minutes.parse().unwrap_or(0);
        if !(1..=2880).contains(&minutes) {
            return Err(Refusal::new("lastMinutes only accepts values between 1 and 2880"));
        }
        Ok(Self { now, minutes })
    }

    /// Two days reach back two days, whatever the zone.
    pub(super) fn inner(&self, params: Params) -> Params {
        params.with("period", "day").with("date", "last3")
    }

    fn since(&self, zone: TimeZone) -> DateTime {
        let now = Timestamp::from_second(self.now).unwrap_or(Timestamp::UNIX_EPOCH);
        let then = now.checked_sub(self.minutes.minutes()).unwrap_or(now);
        let then = then.to_zoned(zone).datetime();
        then.date().at(then.hour(), 0, 0, 0)
    }

    pub(super) fn value(&self, plan: &Plan, found: &[Found]) -> Value {
        let mut sums: [i64; 4] = [0; 4];
        for (part, found) in plan.parts.iter().zip(found) {
            let since = self.since(part.site.zone());
            for row in found.iter().flatten() {
                let day = part.periods.list.get(row.period).map(|period| period.first);
                let hour = i8::try_from(row.value.id).unwrap_or(0).clamp(0, 23);
                if day.is_some_and(|day| day.at(hour, 0, 0, 0) >= since) {
                    add(&mut sums, &row.figures);
                }
            }
        }
        let names = ["visits", "actions", "visitors", "visitsConverted"];
        let counters = names.into_iter().zip(sums.map(Value::from));
        let show = plan.params().names("showColumns");
        let hide = plan.params().names("hideColumns");
        let is_wanted = |name: &str| {
            (show.is_empty() || show.iter().any(|it| it == name))
                && !hide.iter().any(|it| it == name)
        };
        Value::List(vec![Value::object(counters.filter(|(name, _)| is_wanted(name)))])
    }
}

fn add(sums: &mut [i64; 4], figures: &Figures) {
    for (sum, column) in sums.iter_mut().zip(["visits", "actions", "visitors", "converted"]) {
        *sum = sum.saturating_add(figures[Shape::Visit.at(column)]);
    }
}
