//! Each report of features, made of the visits that a question is about.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};

use super::{
    counting::{Counted, Visit, days_of_people, monday, people},
    interval,
    table::{Node, Want, average, number, share},
};

/// A period as it is asked for, with its days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    pub(crate) kind: &'static str,
    pub(crate) date: &'static str,
    pub(crate) first: Date,
    pub(crate) last: Date,
}

/// What a question is about: the visits of its period and of its audience's value.
pub(crate) struct Scene<'a> {
    pub(crate) counted: &'a Counted,
    pub(crate) period: Period,
    pub(crate) visits: Vec<&'a Visit>,
    /// The audience that rows are split by.
    pub(crate) split: Option<&'a str>,
}

type Figures = Vec<(&'static str, Want)>;

impl Scene<'_> {
    fn days(&self) -> Vec<Date> {
        let last = self.period.last;
        self.period.first.series(1.day()).take_while(|day| *day <= last).collect()
    }

    fn knows_people(&self) -> bool {
        matches!(self.period.kind, "day" | "week" | "month")
    }

    /// Rows of features, under them of values of the audience, under these what `make` says.
    fn levels(&self, make: impl Fn(&str, &[&Visit]) -> (Figures, Vec<Node>)) -> Vec<Node> {
        let features = self.counted.features.iter();
        let rows = features.map(|it| (it.name.clone(), it.key.clone()));
        self.rows(rows.collect(), &self.visits, make)
    }

    fn rows(
        &self,
        topics: Vec<(String, String)>,
        told: &[&Visit],
        make: impl Fn(&str, &[&Visit]) -> (Figures, Vec<Node>),
    ) -> Vec<Node> {
        let rows = topics.into_iter().map(|(name, key)| {
            let (figures, under) = make(&key, &self.visits);
            let under = match self.split {
                Some(audience) => self.values(audience, told, |visits| make(&key, visits)),
                None => under,
            };
            Node::new(&name, figures).over(under)
        });
        rows.collect()
    }

    /// A row for each value that some of `told` have.
    fn values(
        &self,
        audience: &str,
        told: &[&Visit],
        make: impl Fn(&[&Visit]) -> (Figures, Vec<Node>),
    ) -> Vec<Node> {
        let values: BTreeSet<String> = told.iter().map(|it| it.value(audience)).collect();
        let row = |value: String| {
            let of = self.visits.iter().copied().filter(|it| it.value(audience) == value);
            let (figures, under) = make(&of.collect::<Vec<_>>());
            Node::new(&value, figures).over(under)
        };
        values.into_iter().map(row).collect()
    }

    pub(crate) fn adoption(&self) -> Vec<Node> {
        self.levels(|feature, active| {
            let used = using(active, feature);
            let mut figures = vec![
                ("nb_visits", Want::Count(used.len())),
                ("nb_uses", Want::Count(uses(&used, feature))),
                ("nb_visitor_days", Want::Count(days_of_people(&used))),
                ("nb_active_visits", Want::Count(active.len())),
                ("nb_active_visitor_days", Want::Count(days_of_people(active))),
                ("adoption_visits_rate", share(used.len(), active.len())),
                (
                    "adoption_visitor_days_rate",
                    share(days_of_people(&used), days_of_people(active)),
                ),
            ];
            if self.knows_people() {
                figures.extend([
                    ("nb_uniq_visitors", Want::Count(people(&used))),
                    ("nb_active_uniq_visitors", Want::Count(people(active))),
                    ("adoption_visitors_rate", share(people(&used), people(active))),
                ]);
            }
            (figures, Vec::new())
        })
    }

    /// `spread`: visit, day, days or nothing.
    pub(crate) fn frequency(&self, spread: &str) -> Vec<Node> {
        self.levels(|feature, active| {
            let used = using(active, feature);
            let (n, days) = (uses(&used, feature), days_of_people(&used));
            let mut figures = vec![
                ("nb_visits", Want::Count(used.len())),
                ("nb_uses", Want::Count(n)),
                ("nb_visitor_days", Want::Count(days)),
                ("avg_uses_per_visit", average(n, used.len())),
                ("avg_uses_per_visitor_day", average(n, days)),
            ];
            if self.knows_people() {
                figures.push(("nb_uniq_visitors", Want::Count(people(&used))));
            }
            if matches!(self.period.kind, "week" | "month") {
                figures.push(("avg_uses_per_visitor", average(n, people(&used))));
                figures.push(("avg_days_used", average(days, people(&used))));
            }
            let mut by_day: BTreeMap<(usize, Date), usize> = BTreeMap::new();
            let mut by_person: BTreeMap<usize, BTreeSet<Date>> = BTreeMap::new();
            for visit in &used {
                *by_day.entry((visit.who, visit.day)).or_default() += visit.uses(feature).count();
                by_person.entry(visit.who).or_default().insert(visit.day);
            }
            let under = match spread {
                "visit" => {
                    let of = used.iter().map(|it| it.uses(feature).count());
                    spread_out(&of.collect::<Vec<_>>(), "nb_visits")
                }
                "day" => spread_out(&by_day.into_values().collect::<Vec<_>>(), "nb_visitor_days"),
                "days" => {
                    let days: Vec<usize> = by_person.values().map(BTreeSet::len).collect();
                    let each: BTreeSet<usize> = days.iter().copied().collect();
                    let row =
                        |k: usize| (k.to_string(), days.iter().filter(|it| **it == k).count());
                    buckets(each.into_iter().map(row).collect(), "nb_uniq_visitors")
                }
                _ => Vec::new(),
            };
            (figures, under)
        })
    }

    pub(crate) fn duration(&self, is_spread: bool) -> Vec<Node> {
        self.levels(|feature, active| {
            let used = using(active, feature);
            let done = used.iter().flat_map(|it| it.uses(feature));
            let mut seconds: Vec<usize> =
                done.filter_map(|it| it.seconds).map(|it| usize::try_from(it).unwrap()).collect();
            seconds.sort_unstable();
            let (n, sum) = (seconds.len(), seconds.iter().sum::<usize>());
            // Buckets are known to 4.5 %, then rounded to a tenth.
            let at = |percent: usize| match (n * percent).div_ceil(100).checked_sub(1) {
                None => Want::Nothing,
                Some(at) => Want::Near(number(seconds[at]), number(seconds[at]) * 0.045 + 0.05),
            };
            let figures = vec![
                ("nb_visits", Want::Count(used.len())),
                ("nb_uses", Want::Count(uses(&used, feature))),
                ("nb_uses_with_duration", Want::Count(n)),
                ("with_duration_rate", share(n, uses(&used, feature))),
                ("median_time_used", at(50)),
                ("p90_time_used", at(90)),
                (
                    "avg_time_used",
                    if n == 0 { Want::Nothing } else { Want::Quotient(number(sum), number(n), 1) },
                ),
                ("sum_time_used", Want::Count(sum)),
            ];
            let octave = |seconds: usize| seconds.ilog2();
            let under = match (seconds.first(), seconds.last()) {
                (Some(least), Some(most)) if is_spread => {
                    let row = |at: u32| {
                        let count = seconds.iter().filter(|it| octave(**it) == at).count();
                        (format!("{}-{}", 1_u64 << at, 2_u64 << at), count)
                    };
                    buckets((octave(*least)..=octave(*most)).map(row).collect(), "nb_uses")
                }
                _ => Vec::new(),
            };
            (figures, under)
        })
    }

    pub(crate) fn moments(&self) -> Vec<Node> {
        const NAMES: [&str; 7] =
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        self.levels(|feature, active| {
            let used = using(active, feature);
            let whole = uses(&used, feature);
            let figures =
                |n| vec![("nb_uses", Want::Count(n)), ("distribution_rate", share(n, whole))];
            let days = NAMES.iter().zip(0_i8..).map(|(name, weekday)| {
                let of: Vec<&Visit> = used
                    .iter()
                    .copied()
                    .filter(|it| it.day.weekday().to_monday_zero_offset() == weekday)
                    .collect();
                let hours = (0..24).filter_map(|hour| {
                    let done = of.iter().flat_map(|it| it.uses(feature));
                    let n = done.filter(|it| it.hour == hour).count();
                    (n > 0).then(|| Node::new(&hour.to_string(), figures(n)))
                });
                Node::new(name, figures(uses(&of, feature))).over(hours.collect())
            });
            let of = vec![("nb_visits", Want::Count(used.len())), ("nb_uses", Want::Count(whole))];
            (of, days.collect())
        })
    }

    /// The period in steps: first day, last day, whether it is whole.
    fn steps(&self, step: &str) -> Vec<(Date, Date, bool)> {
        let whole = |day: Date| match step {
            "day" => (day, day),
            "week" => (monday(day), monday(day) + 6.days()),
            _ => (day.first_of_month(), day.last_of_month()),
        };
        let mut steps = Vec::new();
        let mut at = self.period.first;
        while at <= self.period.last {
            let (first, last) = whole(at);
            let end = last.min(self.period.last);
            // Of one day, visitors are known however long the step would be.
            steps.push((at, end, (at, end) == (first, last) || at == end));
            at = end + 1.day();
        }
        steps
    }

    pub(crate) fn weeks(&self) -> Vec<Node> {
        self.levels(|feature, active| {
            let used = using(active, feature);
            let whole = uses(&used, feature);
            let steps = self.steps("week").into_iter().map(|(first, last, _)| {
                let of = between(&used, first, last);
                let n = uses(&of, feature);
                let figures = vec![
                    ("nb_visits", Want::Count(of.len())),
                    ("nb_uses", Want::Count(n)),
                    ("distribution_rate", share(n, whole)),
                ];
                Node { name: ("first_day", first.to_string()), figures, under: Vec::new() }
            });
            let of = vec![("nb_visits", Want::Count(used.len())), ("nb_uses", Want::Count(whole))];
            (of, steps.collect())
        })
    }

    pub(crate) fn trend(&self, step: &str) -> Vec<Node> {
        self.levels(|feature, active| {
            let used = using(active, feature);
            let steps = self.steps(step).into_iter().map(|(first, last, is_whole)| {
                let (of, all) = (between(&used, first, last), between(active, first, last));
                let mut figures = vec![
                    ("nb_visits", Want::Count(of.len())),
                    ("nb_uses", Want::Count(uses(&of, feature))),
                    ("nb_visitor_days", Want::Count(days_of_people(&of))),
                    ("nb_active_visits", Want::Count(all.len())),
                    ("adoption_visits_rate", share(of.len(), all.len())),
                ];
                if is_whole {
                    figures.push(("nb_uniq_visitors", Want::Count(people(&of))));
                }
                Node { name: ("first_day", first.to_string()), figures, under: Vec::new() }
            });
            let figures = vec![
                ("nb_visits", Want::Count(used.len())),
                ("nb_uses", Want::Count(uses(&used, feature))),
                ("nb_visitor_days", Want::Count(days_of_people(&used))),
                ("adoption_visits_rate", share(used.len(), active.len())),
            ];
            (figures, steps.collect())
        })
    }

    pub(crate) fn before_and_after(&self) -> Vec<Node> {
        self.levels(|feature, active| {
            let features = &self.counted.features;
            let released = features.iter().find(|it| it.key == feature).unwrap().released;
            let used = using(active, feature);
            let of_day = |day: &Date| {
                let (of, all) = (between(&used, *day, *day), between(active, *day, *day));
                [number(uses(&of, feature)), number(of.len()), number(all.len())]
            };
            let (before, after): (Vec<Date>, Vec<Date>) =
                self.days().into_iter().partition(|day| *day < released);
            let sides = [before, after].map(|days| days.iter().map(of_day).collect::<Vec<_>>());
            (interval::figures(&sides), Vec::new())
        })
    }

    pub(crate) fn never(&self, before: &[&Visit]) -> Vec<Node> {
        let features = self.counted.features.iter();
        let never = features.filter(|it| {
            it.released <= self.period.last && using(&self.visits, &it.key).is_empty()
        });
        let row = |it: &super::counting::Feature| {
            let last = using(before, &it.key).iter().map(|visit| visit.day).max();
            let days = it.released.until(self.period.last).unwrap().get_days();
            let figures = vec![
                ("days_since_release", Want::Count(usize::try_from(days).unwrap())),
                ("counted_since", Want::Text("2024-10-04".to_owned())),
                (
                    "last_used",
                    last.map_or(Want::Nothing, |day| Want::Text(day.strftime("%Y-%m").to_string())),
                ),
            ];
            Node::new(&it.name, figures)
        };
        never.map(row).collect()
    }

    pub(crate) fn together(&self) -> Vec<Node> {
        let make = |active: &[&Visit]| {
            let features = &self.counted.features;
            let mut rows = Vec::new();
            for (at, one) in features.iter().enumerate() {
                let with_one = using(active, &one.key);
                for other in &features[at + 1..] {
                    let both = using(&with_one, &other.key).len();
                    let (of_one, of_other) = (with_one.len(), using(active, &other.key).len());
                    if both == 0 {
                        continue;
                    }
                    let figures = vec![
                        ("nb_visits", Want::Count(both)),
                        ("smaller_rate", share(both, of_one.min(of_other))),
                        ("lift", average(both * active.len(), of_one * of_other)),
                    ];
                    rows.push(Node::new(&format!("{} + {}", one.name, other.name), figures));
                }
            }
            rows
        };
        match self.split {
            None => make(&self.visits),
            Some(audience) => self.values(audience, &self.visits, |visits| {
                (vec![("nb_visits", Want::Count(visits.len()))], make(visits))
            }),
        }
    }

    pub(crate) fn funnels(&self) -> Vec<Node> {
        let funnels = &self.counted.funnels;
        // Rows are there for values of which somebody set out.
        let set_out = |it: &&Visit| funnels.iter().any(|funnel| it.reached(funnel).contains(&true));
        let told: Vec<&Visit> = self.visits.iter().copied().filter(set_out).collect();
        let topics = funnels.iter().map(|it| (it.name.clone(), it.key.clone())).collect();
        self.rows(topics, &told, |key, visits| {
            let funnel = funnels.iter().find(|it| it.key == key).unwrap();
            let far: Vec<Vec<bool>> = visits.iter().map(|it| it.reached(funnel)).collect();
            let reached = |at: usize| far.iter().filter(|it| it[at]).count();
            let must = || (0..funnel.steps.len()).filter(|at| !funnel.steps[*at].1);
            let (first, last) = (must().next().unwrap(), must().next_back().unwrap());
            let figures = vec![
                ("nb_visits", Want::Count(reached(first))),
                ("nb_visits_completed", Want::Count(reached(last))),
                ("completion_rate", share(reached(last), reached(first))),
                ("nb_visits_lost", Want::Count(reached(first) - reached(last))),
            ];
            let step = |at: usize| {
                let (feature, optional) = &funnel.steps[at];
                let name =
                    &self.counted.features.iter().find(|it| it.key == *feature).unwrap().name;
                let before = must().take_while(|it| *it < at).last().unwrap_or(at);
                let lost = if *optional { 0 } else { reached(before) - reached(at) };
                let figures = vec![
                    ("nb_visits", Want::Count(reached(at))),
                    ("reached_rate", share(reached(at), reached(first))),
                    ("step_rate", share(reached(at), reached(before))),
                    ("nb_visits_lost", Want::Count(lost)),
                ];
                Node::new(&format!("{}. {name}", at + 1), figures)
            };
            (figures, (0..funnel.steps.len()).map(step).collect())
        })
    }

    /// Cohorts of the weeks that the period touches; `all` are the visits of any time.
    pub(crate) fn retention(&self, all: &[Visit]) -> Vec<Node> {
        let mut first: BTreeMap<usize, Date> = BTreeMap::new();
        for visit in all {
            let week = first.entry(visit.who).or_insert(monday(visit.day));
            *week = (*week).min(monday(visit.day));
        }
        let touched = monday(self.period.first)..=monday(self.period.last);
        // By cohort and week, who came.
        let mut came: BTreeMap<Date, BTreeMap<Date, BTreeSet<usize>>> = BTreeMap::new();
        for visit in all.iter().filter(|it| touched.contains(&monday(it.day))) {
            let weeks = came.entry(first[&visit.who]).or_default();
            weeks.entry(monday(visit.day)).or_default().insert(visit.who);
        }
        let row = |(cohort, weeks): (Date, BTreeMap<Date, BTreeSet<usize>>)| {
            let began = weeks.get(&cohort).map(BTreeSet::len);
            let under = weeks.iter().map(|(week, who)| {
                let since = cohort.until(*week).unwrap().get_days() / 7;
                let mut figures = vec![("nb_uniq_visitors", Want::Count(who.len()))];
                figures.extend(began.map(|whole| ("retention_rate", share(who.len(), whole))));
                Node::new(&since.to_string(), figures)
            });
            let figures = vec![("nb_uniq_visitors", began.map_or(Want::Nothing, Want::Count))];
            let name = ("first_day", cohort.to_string());
            Node { name, figures, under: under.collect() }
        };
        came.into_iter().map(row).collect()
    }

    pub(crate) fn audience(&self, audience: &str) -> Vec<Node> {
        self.values(audience, &self.visits, |visits| {
            let mut figures = vec![
                ("nb_visits", Want::Count(visits.len())),
                ("nb_visitor_days", Want::Count(days_of_people(visits))),
                ("visits_rate", share(visits.len(), self.visits.len())),
            ];
            if self.knows_people() {
                figures.push(("nb_uniq_visitors", Want::Count(people(visits))));
            }
            (figures, Vec::new())
        })
    }
}

fn using<'a>(visits: &[&'a Visit], feature: &str) -> Vec<&'a Visit> {
    visits.iter().copied().filter(|it| it.used(feature)).collect()
}

fn uses(visits: &[&Visit], feature: &str) -> usize {
    visits.iter().map(|it| it.uses(feature).count()).sum()
}

fn between<'a>(visits: &[&'a Visit], first: Date, last: Date) -> Vec<&'a Visit> {
    visits.iter().copied().filter(|it| (first..=last).contains(&it.day)).collect()
}

/// How many of the numbers fall into each bucket of frequency.
fn spread_out(numbers: &[usize], counted: &'static str) -> Vec<Node> {
    let rows = [
        ("1", 1..=1),
        ("2", 2..=2),
        ("3", 3..=3),
        ("4", 4..=4),
        ("5", 5..=5),
        ("6-10", 6..=10),
        ("11-20", 11..=20),
        ("21+", 21..=usize::MAX),
    ];
    let row = |(name, range): (&str, std::ops::RangeInclusive<usize>)| {
        (name.to_owned(), numbers.iter().filter(|it| range.contains(*it)).count())
    };
    buckets(rows.into_iter().map(row).collect(), counted)
}

fn buckets(rows: Vec<(String, usize)>, counted: &'static str) -> Vec<Node> {
    let whole = rows.iter().map(|(_, n)| n).sum();
    let row = |(name, n): &(String, usize)| {
        Node::new(name, vec![(counted, Want::Count(*n)), ("distribution_rate", share(*n, whole))])
    };
    rows.iter().map(row).collect()
}
