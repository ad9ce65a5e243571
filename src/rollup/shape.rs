//! The rollup tables: which figures each keeps, and how two of them merge.
//!
//! Every table has the same key (`Key`) and its own list of whole-number figures. Merging is
//! associative and commutative, so deltas add up in any order and any grouping.

use crate::{site::Cut, strip::Period};

/// How a figure merges with another of the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    Sum,
    Max,
    Min,
}

impl Merge {
    /// Two figures as one; sums stop at the ends of their range.
    pub fn of(self, a: i64, b: i64) -> i64 {
        match self {
            Self::Sum => a.saturating_add(b),
            Self::Max => a.max(b),
            Self::Min => a.min(b),
        }
    }
}

/// One figure of a table: its column name and how it merges.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub merge: Merge,
}

/// The most figures a table has.
pub const WIDEST: usize = 14;

/// The figures of one row, in the order of its shape's columns; unused places are neutral.
pub type Figures = [i64; WIDEST];

/// A rollup table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shape {
    /// Visits by what is true of the whole visit (`visits`).
    Visit,
    /// Conversions of a goal (`leaf`) by what is true of the whole visit (`goals`).
    Goal,
    /// Hits on pages, titles, downloads, outlinks, searches (`actions`).
    Action,
    /// What a page had to do with a goal (`leaf`) (`page_goals`).
    PageGoal,
    /// Events by category (`value`), action (`sub`) and name (`leaf`) (`events`).
    Event,
    /// How many event values fell into each logarithmic bucket (`leaf`) (`durations`).
    Duration,
    /// Content impressions and interactions by name (`value`) and piece (`sub`) (`contents`).
    Content,
    /// What was dropped at the door and why: only counted (`dropped`).
    Dropped,
    /// Devices that told whether they were used before (`returned`).
    Returned,
    /// Features (`value`; 0: any visit) by audience (`sub`) (`features`).
    Feature,
    /// How visits, days and uses of a feature are spread over `leaf` (`feature_counts`).
    FeatureCount,
    /// How often pages told how long they took to load, and the sums, phase by phase (`loads`).
    Load,
    /// The shortest and the longest of each phase of a page's loading (`load_bounds`).
    LoadBounds,
    /// Steps that follow each other within visits, and what brought visits to their entry page
    /// (`transitions`).
    Transition,
    /// Distinct visitors of a week, by days of use (`leaf`; 0: all) (`distinct`, rows of weeks).
    WeekDistinct,
    /// The same of a month (`distinct`, rows of months).
    MonthDistinct,
    /// Distinct visitors of a calendar year, by dimensions (`distinct`, rows of years).
    YearDistinct,
    /// The same of a school year.
    SchoolYearDistinct,
    /// Visitors of a day by the day they had come before in the same school year (`sub`; 0: they had not)
    /// (`recency`).
    Recency,
}

/// Which rows of a table hold what is added on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    DaysAndMonths,
    Days,
    WeeksAndMonths,
    /// The key's day is the week's first already.
    Weeks,
    /// The key's day is the month's first already.
    Months,
    /// The key's day is the year's first already.
    Years,
    /// The key's day is the school year's first already.
    SchoolYears,
}

const fn sum(name: &'static str) -> Column {
    Column { name, merge: Merge::Sum }
}
const fn max(name: &'static str) -> Column {
    Column { name, merge: Merge::Max }
}
const fn min(name: &'static str) -> Column {
    Column { name, merge: Merge::Min }
}

impl Shape {
    /// Every table, in the order a transaction writes them.
    pub const ALL: [Self; 19] = [
        Self::Visit,
        Self::Goal,
        Self::Action,
        Self::PageGoal,
        Self::Event,
        Self::Duration,
        Self::Content,
        Self::Dropped,
        Self::Returned,
        Self::Feature,
        Self::FeatureCount,
        Self::Load,
        Self::LoadBounds,
        Self::Transition,
        Self::Recency,
        Self::WeekDistinct,
        Self::MonthDistinct,
        Self::YearDistinct,
        Self::SchoolYearDistinct,
    ];

    /// Adds the figures of a row to those of another of the same key.
    pub fn merge(self, into: &mut Figures, more: &Figures) {
        for ((mine, theirs), column) in into.iter_mut().zip(more).zip(self.columns()) {
            *mine = column.merge.of(*mine, *theirs);
        }
    }

    /// The table's name, without the `rollup_` in front.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visit => "visits",
            Self::Goal => "goals",
            Self::Action => "actions",
            Self::PageGoal => "page_goals",
            Self::Event => "events",
            Self::Duration => "durations",
            Self::Content => "contents",
            Self::Dropped => "dropped",
            Self::Returned => "returned",
            Self::Feature => "features",
            Self::FeatureCount => "feature_counts",
            Self::Load => "loads",
            Self::LoadBounds => "load_bounds",
            Self::Transition => "transitions",
            Self::Recency => "recency",
            Self::WeekDistinct
            | Self::MonthDistinct
            | Self::YearDistinct
            | Self::SchoolYearDistinct => "distinct",
        }
    }

    /// Where distinct visitors of a period longer than a day are.
    pub const fn distinct(period: Period) -> Self {
        match period {
            Period::Month(_) => Self::MonthDistinct,
            Period::Week(_) | Period::Day(_) => Self::WeekDistinct,
            Period::Year(_) => Self::YearDistinct,
            Period::SchoolYear(_) => Self::SchoolYearDistinct,
        }
    }

    /// Whether its figures tell of people over longer than a day: they do not follow from the visits of days.
    pub fn is_distinct(self) -> bool {
        self.shares_a_table() || self == Self::Recency
    }

    fn shares_a_table(self) -> bool {
        self.name() == Self::WeekDistinct.name()
    }

    /// Every table's name, once.
    pub fn tables() -> impl Iterator<Item = &'static str> {
        // Those that share a table stand at the end.
        let shared = |it: &&Self| it.shares_a_table() && **it != Self::WeekDistinct;
        Self::ALL.iter().filter(move |it| !shared(it)).map(|it| it.name())
    }

    /// Which rows a figure of that subject is added to.
    pub const fn rows(self, subject: i16) -> Rows {
        match self {
            Self::WeekDistinct => Rows::Weeks,
            Self::MonthDistinct => Rows::Months,
            Self::YearDistinct => Rows::Years,
            Self::SchoolYearDistinct => Rows::SchoolYears,
            Self::Recency => Rows::Days,
            Self::Feature | Self::FeatureCount if subject % subject::CUTS >= Cut::LARGE as i16 => {
                Rows::WeeksAndMonths
            }
            _ => Rows::DaysAndMonths,
        }
    }

    /// The figures, in column order. Times are whole seconds, money and event values millionths.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Visit => {
                const C: &[Column] = &[
                    sum("visits"),
                    // Distinct visitors of the day; over longer periods a sum of days.
                    sum("visitors"),
                    // Distinct user ids of the day; over longer periods a sum of days.
                    sum("users"),
                    sum("actions"),
                    max("max_actions"),
                    sum("length"),
                    sum("bounces"),
                    sum("converted"),
                ];
                C
            }
            Self::Goal => {
                const C: &[Column] = &[sum("conversions"), sum("converted"), sum("revenue")];
                C
            }
            Self::Action => {
                const C: &[Column] = &[
                    sum("visits"),
                    sum("visitors"),
                    sum("hits"),
                    sum("time_spent"),
                    sum("entry_visits"),
                    sum("entry_visitors"),
                    sum("entry_actions"),
                    sum("entry_length"),
                    sum("entry_bounces"),
                    sum("exit_visits"),
                    sum("exit_visitors"),
                    sum("after_search"),
                    // Seconds until the visit's next hit, events included: how long people stay.
                    // Matomo's time_spent leaves out what comes before an event.
                    sum("stay"),
                ];
                C
            }
            Self::PageGoal => {
                const C: &[Column] = &[
                    sum("conversions"),
                    sum("attributed"),
                    sum("revenue"),
                    sum("revenue_attributed"),
                    max("pages_before"),
                    sum("visits"),
                    sum("entry_conversions"),
                    sum("entry_revenue"),
                ];
                C
            }
            Self::Event => {
                const C: &[Column] = &[
                    sum("visits"),
                    sum("visitors"),
                    sum("events"),
                    sum("valued"),
                    sum("value_sum"),
                    min("value_min"),
                    max("value_max"),
                ];
                C
            }
            Self::Duration => {
                const C: &[Column] = &[sum("n")];
                C
            }
            Self::Content => {
                const C: &[Column] =
                    &[sum("visits"), sum("visitors"), sum("impressions"), sum("interactions")];
                C
            }
            Self::Feature => {
                const C: &[Column] = &[
                    sum("visits"),
                    // Distinct visitors of the day; over longer periods a sum of days.
                    sum("visitors"),
                    sum("uses"),
                    // Uses whose seconds are known, and their sum in millionths.
                    sum("timed"),
                    sum("seconds"),
                ];
                C
            }
            Self::Load => {
                const C: &[Column] = &[
                    sum("network_n"),
                    sum("network"),
                    sum("server_n"),
                    sum("server"),
                    sum("transfer_n"),
                    sum("transfer"),
                    sum("dom_processing_n"),
                    sum("dom_processing"),
                    sum("dom_completion_n"),
                    sum("dom_completion"),
                    sum("on_load_n"),
                    sum("on_load"),
                    // Views that told any phase, and all they told.
                    sum("whole_n"),
                    sum("whole"),
                ];
                C
            }
            Self::LoadBounds => {
                const C: &[Column] = &[
                    min("network_least"),
                    max("network_most"),
                    min("server_least"),
                    max("server_most"),
                    min("transfer_least"),
                    max("transfer_most"),
                    min("dom_processing_least"),
                    max("dom_processing_most"),
                    min("dom_completion_least"),
                    max("dom_completion_most"),
                    min("on_load_least"),
                    max("on_load_most"),
                ];
                C
            }
            Self::WeekDistinct
            | Self::MonthDistinct
            | Self::YearDistinct
            | Self::SchoolYearDistinct => {
                const C: &[Column] = &[sum("n"), max("most_uses"), max("most_seconds")];
                C
            }
            Self::Dropped
            | Self::Returned
            | Self::FeatureCount
            | Self::Transition
            | Self::Recency => {
                const C: &[Column] = &[sum("n")];
                C
            }
        }
    }

    /// The place of a figure by its column name.
    ///
    /// # Panics
    /// When the table has no such column: a misspelt name is a bug, found by the first test.
    pub fn at(self, column: &str) -> usize {
        self.columns()
            .iter()
            .position(|it| it.name == column)
            .unwrap_or_else(|| panic!("rollup table `{}` has no column `{column}`", self.name()))
    }
}

/// What a row is about. Numbers are what the tables hold: never reuse one.
///
/// "label" means that `value`, `sub` or `leaf` is the id of a text in the table `label` (0: not
/// set); everything else is the number itself.
pub mod subject {
    // Shapes Visit and Goal (in Goal, `leaf` is the goal's number).
    /// All visits of the site; `value` 0.
    pub const ALL: i16 = 0;
    /// `value`: hour 0–23 of the visit's first hit in the site's zone.
    pub const SERVER_HOUR: i16 = 1;
    /// `value`: hour 0–23 of the visitor's own clock.
    pub const LOCAL_HOUR: i16 = 2;
    /// `value`: least number of actions of the bucket, see `rollup::PAGE_BUCKETS`.
    pub const PAGES_PER_VISIT: i16 = 3;
    /// `value`: least seconds of the bucket, see `rollup::LENGTH_BUCKETS`.
    pub const VISIT_LENGTH: i16 = 4;
    /// label, for example `desktop`.
    pub const DEVICE_TYPE: i16 = 5;
    /// label, for example `Chrome`.
    pub const BROWSER: i16 = 6;
    /// `value`: label of the browser; `sub`: label of its version.
    pub const BROWSER_VERSION: i16 = 7;
    /// label, for example `Windows`.
    pub const OS: i16 = 8;
    /// `value`: label of the system; `sub`: label of its version.
    pub const OS_VERSION: i16 = 9;
    /// label: `fr`, `fr-fr`, `xx`.
    pub const LANGUAGE: i16 = 10;
    /// label: `1920x1080` or `unknown`.
    pub const RESOLUTION: i16 = 11;
    /// label: two small letters, `xx` when unknown.
    pub const COUNTRY: i16 = 12;
    /// `value`: 1 direct, 2 search engine, 3 website, 6 campaign, 7 social network, 8 assistant.
    pub const REFERRER_TYPE: i16 = 13;
    /// `value`: label of the host; `sub`: label of the whole address.
    pub const WEBSITE: i16 = 14;
    /// `value`: label of the engine; `sub`: label of the keyword (0: not defined).
    pub const SEARCH_ENGINE: i16 = 15;
    /// `value`: label of the campaign; `sub`: label of the keyword.
    pub const CAMPAIGN: i16 = 16;
    /// `value`: label of the network; `sub`: label of the whole address.
    pub const SOCIAL: i16 = 17;
    /// `value`: 0 new visitor, 1 returning, as far as may be known.
    pub const RETURNING: i16 = 18;
    /// `value`: how many visits the visitor had so far, this one included, as far as may be known: the least
    /// of the bucket (`rollup::COUNT_BUCKETS`).
    pub const VISIT_COUNT: i16 = 19;
    /// `value`: label of the assistant.
    pub const ASSISTANT: i16 = 20;
    /// `value`: whole days since the visitor's visit before, the least of the bucket
    /// (`rollup::DAYS_BUCKETS`). Of visits of returning visitors of whom it is known.
    pub const DAYS_SINCE_LAST: i16 = 21;
    /// `value`: whole days since the visitor's first known visit, in the same buckets.
    pub const DAYS_SINCE_FIRST: i16 = 22;
    /// Visit dimension number 1 is `DIMENSION + 1`; label.
    pub const DIMENSION: i16 = 1000;

    // Shape Action (and PageGoal, where `leaf` is the goal's number).
    /// label of the cleaned address, scheme included as first seen; addresses that differ only in
    /// scheme or `www.` have one id (`rollup::label`). 0: not defined.
    pub const PAGE_URL: i16 = 1;
    /// label; 0: not defined.
    pub const PAGE_TITLE: i16 = 2;
    /// label: the whole address.
    pub const DOWNLOAD: i16 = 3;
    /// label: the whole address.
    pub const OUTLINK: i16 = 4;
    /// label: the keyword.
    pub const SEARCH: i16 = 5;
    /// label: the keyword of a search that found nothing.
    pub const SEARCH_NO_RESULT: i16 = 6;
    /// label: the category.
    pub const SEARCH_CATEGORY: i16 = 7;
    /// `value`: the kind of action (`PAGE_URL`, `DOWNLOAD`, `OUTLINK`, `SEARCH`); totals of a site.
    pub const TOTAL: i16 = 0;
    // Action dimension number 1 is `DIMENSION + 1`; `value`: label of the value; `sub`: label of
    // the page's address (0 for the row of the value itself).

    // Shape Event.
    /// `value`, `sub`, `leaf`: labels of category, action and name (0: not set).
    pub const EVENT: i16 = 1;
    /// `value`, `sub`: labels of category and action: a feature, visits and visitors distinct.
    pub const FEATURE: i16 = 2;
    /// `value`: label of a page's address; the values are the seconds of attention that pings told.
    /// Also in shape Duration.
    pub const ATTENTION: i16 = 3;

    // Shape Duration: `value`, `sub`: labels of category and action; `leaf`: the bucket.
    /// Event values taken as seconds, by feature.
    pub const EVENT_SECONDS: i16 = 1;

    // Shapes Load and LoadBounds, milliseconds: `PAGE_URL`, `PAGE_TITLE`; in Load also `TOTAL` with value 0.

    // Shape Content.
    /// `value`, `sub`: labels of content name and piece.
    pub const CONTENT: i16 = 1;

    // Shape Dropped.
    /// `value`: label of the reason.
    pub const DROPPED_HIT: i16 = 1;
    /// `value`: label of the kind of name that was not on the allow-list.
    pub const DROPPED_NAME: i16 = 2;

    // Shape Returned. Each device once for each day, and once more for each longer span of which
    // this day's use is its first.
    /// `value`: span.
    pub const DEVICES: i16 = 1;
    /// `value`: weeks since the week of first use, the least of the bucket (0 1 2 3 4 5 9 13 27);
    /// `sub`: span. Retention: of the devices first used so many weeks ago, how many came this week.
    pub const WEEKS_SINCE_FIRST: i16 = 2;
    /// `value`: days of use in the thirty before, the least of the bucket (0 1 2 4 8); `sub`: span.
    pub const DAYS_OF_USE: i16 = 3;

    // Shape Transition.
    /// `value`, `sub`: labels of a step and of the one after it, addresses of pages; `leaf`: `step`.
    pub const STEP_URL: i16 = 1;
    /// The same, where pages are known by their titles.
    pub const STEP_TITLE: i16 = 2;
    /// `value`: label of the entry page's address; `leaf`: kind of the referrer, as in `REFERRER_TYPE`;
    /// `sub`: label of what is told of it: keyword, address, network, or name and keyword of the campaign
    /// with `PAIR` between them (0: nothing).
    pub const ENTRANCE_URL: i16 = 3;
    /// The same by the entry page's title.
    pub const ENTRANCE_TITLE: i16 = 4;

    /// What follows what.
    pub mod step {
        /// A page, and the page after it.
        pub const PAGE: i64 = 1;
        /// A page, and the keyword that was searched for on it.
        pub const SEARCH: i64 = 2;
        /// A page, and the download on it.
        pub const DOWNLOAD: i64 = 3;
        /// A page, and the link to elsewhere on it.
        pub const OUTLINK: i64 = 4;
        /// A keyword that was searched for, and the page after it.
        pub const AFTER_SEARCH: i64 = 5;
    }

    // Shapes Feature, FeatureCount, WeekDistinct, MonthDistinct: one of these × `CUTS` + the number
    // of the cut (`site::Cut`); `value`: the feature; `sub`: label of the audience's value, of pairs
    // both with `PAIR` between them.
    /// What a cut's number stays below.
    pub const CUTS: i16 = 100;
    /// Stands between the two values of a pair.
    pub const PAIR: char = '\u{1f}';
    /// Shape Feature. `value` 0: any visit of the audience.
    pub const USE: i16 = 1;
    /// Shape FeatureCount. `leaf`: uses in a visit, the least of the bucket (`rollup::USE_BUCKETS`).
    pub const USES_PER_VISIT: i16 = 1;
    /// `leaf`: uses of a visitor in a day, the least of the bucket.
    pub const USES_PER_DAY: i16 = 2;
    /// `leaf`: bucket of the seconds of a use.
    pub const USE_SECONDS: i16 = 3;
    /// `leaf`: weekday (Monday 0) × 24 + hour of the use.
    pub const MOMENT: i16 = 4;
    /// `leaf`: another feature, of a greater number, used in the same visit.
    pub const TOGETHER: i16 = 5;
    /// `value`: a funnel; `leaf`: a step, from 1: visits that reached it.
    pub const FUNNEL: i16 = 6;
    /// Shapes WeekDistinct, MonthDistinct. `leaf`: 0 all visitors; else those with so many days of use.
    pub const DAYS_USED: i16 = 1;
    /// Shapes WeekDistinct, MonthDistinct, not cut. `value`: 0 visitors of visits of new visitors, 1 of
    /// returning ones.
    pub const NEW_AND_RETURNING: i16 = 2;
    /// All shapes of distinct visitors, × `CUTS` + one of `DEVICE_TYPE`, `BROWSER`, `OS`, `LANGUAGE`,
    /// `COUNTRY`, `REFERRER_TYPE`; of custom dimensions `DIMENSION` + number. `value` as in shape Visit:
    /// visitors of visits that told it. In shape Recency + `ALL`: of all visits.
    pub const TOLD: i16 = 3;
    /// Shape Recency, not cut: user ids in place of visitors.
    pub const USERS: i16 = 4;

    /// The subject of a measure in a cut.
    pub const fn cut(measure: i16, number: u8) -> i16 {
        measure * CUTS + number as i16
    }

    /// For how long a device is counted once.
    pub mod span {
        pub const DAY: i64 = 1;
        pub const WEEK: i64 = 2;
        pub const MONTH: i64 = 3;
        pub const SCHOOL_YEAR: i64 = 4;
    }
}
