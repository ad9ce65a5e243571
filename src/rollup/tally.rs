//! A change of a visit → what its rollups gain and lose.

use super::{
    COUNT_BUCKETS, DAYS_BUCKETS, LENGTH_BUCKETS, PAGE_BUCKETS, bucket_of,
    delta::{Delta, Key},
    shape::{Shape, subject},
};
use smallvec::SmallVec;

use crate::{
    session::{Among, Came, Change, Conversion, Dimension, Facts, Thing, Visit, Whose},
    site::{DayNumber, SiteId},
    strip::{Action, Dropped, Event, Period, Returned, Text},
};

/// Places of columns, named once. A test holds them against `Shape::columns`.
mod place {
    pub(super) mod visit {
        pub(in super::super) const VISITS: usize = 0;
        pub(in super::super) const VISITORS: usize = 1;
        pub(in super::super) const USERS: usize = 2;
        pub(in super::super) const ACTIONS: usize = 3;
        pub(in super::super) const MAX_ACTIONS: usize = 4;
        pub(in super::super) const LENGTH: usize = 5;
        pub(in super::super) const BOUNCES: usize = 6;
        pub(in super::super) const CONVERTED: usize = 7;
    }
    pub(super) mod action {
        pub(in super::super) const VISITS: usize = 0;
        pub(in super::super) const HITS: usize = 2;
        pub(in super::super) const TIME: usize = 3;
        pub(in super::super) const ENTRY_VISITS: usize = 4;
        pub(in super::super) const ENTRY_VISITORS: usize = 5;
        pub(in super::super) const ENTRY_ACTIONS: usize = 6;
        pub(in super::super) const ENTRY_LENGTH: usize = 7;
        pub(in super::super) const ENTRY_BOUNCES: usize = 8;
        pub(in super::super) const EXIT_VISITS: usize = 9;
        pub(in super::super) const EXIT_VISITORS: usize = 10;
        pub(in super::super) const AFTER_SEARCH: usize = 11;
        pub(in super::super) const STAY: usize = 12;
    }
}

/// A row about visits: subject, value, sub.
type Cell = (i16, i64, i64);

/// A row of the first or the last page: subject, value, sub, leaf.
type Place = (i16, i64, i64, i64);

/// Visits before and after mostly stand in the same rows.
type Cells = SmallVec<[Cell; 24]>;
type Places = SmallVec<[Place; 8]>;

impl Delta {
    /// Adds what a change did.
    pub fn tally(&mut self, change: &Change<'_>) {
        self.texts_of(change.event);
        self.visit(change);
        self.entry_and_exit(change);
        self.goals_of_visit(change);
        self.action(change);
        self.page_goals(change);
        self.features(change);
        self.load(change);
        for (period, returning, n) in &change.of_kind {
            self.of_kind(change.event.site, *period, *returning, *n);
        }
        for among in &change.among {
            self.among(change.event.site, among);
        }
        for came in &change.came {
            self.came(change.event.site, came);
        }
        for (period, visitors, users) in &change.grown {
            self.unique(change.event.site, *period, *visitors, *users);
        }
        for reason in &change.event.dropped {
            self.dropped(change.event.site, change.event.day, *reason);
        }
    }

    /// Counts a hit, or a name in one, that was dropped.
    pub fn dropped(&mut self, site: SiteId, day: DayNumber, reason: Dropped) {
        let label = Text::new(reason.as_str());
        self.text(&label);
        let subject = if reason.whole() { subject::DROPPED_HIT } else { subject::DROPPED_NAME };
        self.row(Key {
            shape: Shape::Dropped,
            site,
            day,
            subject,
            value: label.id,
            sub: 0,
            leaf: 0,
        })
        .add(0, 1);
    }

    /// Adds the attention that a ping told to its page.
    pub fn attention(&mut self, event: &Event) {
        let (Action::Attention(seconds), Some(page)) = (&event.action, &event.page) else { return };
        self.text(page);
        let millionths = i64::from(*seconds) * 1_000_000;
        let (site, day, subject, value) = (event.site, event.day, subject::ATTENTION, page.id);
        let key = |shape, leaf| Key { shape, site, day, subject, value, sub: 0, leaf };
        self.row(key(Shape::Event, 0))
            .add(2, 1)
            .add(3, 1)
            .add(4, millionths)
            .add(5, millionths)
            .add(6, millionths);
        self.row(key(Shape::Duration, bucket_of(millionths))).add(0, 1);
    }

    /// Counts a device that told whether it was used before.
    pub fn returned(&mut self, site: SiteId, day: DayNumber, told: Returned) {
        let mut count = |subject, value, sub| {
            let shape = Shape::Returned;
            self.row(Key { shape, site, day, subject, value, sub, leaf: 0 }).add(0, 1);
        };
        // The same device once a week, once a month, once a school year, once a day.
        let spans = [
            (subject::span::DAY, true),
            (subject::span::WEEK, told.first_of_week),
            (subject::span::MONTH, told.first_of_month),
            (subject::span::SCHOOL_YEAR, told.first_of_school_year),
        ];
        for (span, _) in spans.into_iter().filter(|(_, first)| *first) {
            count(subject::DEVICES, span, 0);
            count(subject::WEEKS_SINCE_FIRST, i64::from(told.weeks), span);
            count(subject::DAYS_OF_USE, i64::from(told.days), span);
        }
    }

    /// Adds visitors of a period among those of visits that told a value.
    fn among(&mut self, site: SiteId, among: &Among) {
        let (shape, day) = (Shape::distinct(among.period), among.period.first());
        let (subject, value) = (told(among.dimension), among.value);
        let key = Key { shape, site, day, subject, value, sub: 0, leaf: 0 };
        self.row(key).add(0, among.visitors);
    }

    /// Adds who came on a day, by the day before.
    fn came(&mut self, site: SiteId, came: &Came) {
        let (subject, value) = match came.whose {
            Whose::Visitors => (subject::cut(subject::TOLD, 0), 0),
            Whose::Users => (subject::cut(subject::USERS, 0), 0),
            Whose::Told(dimension, value) => (told(dimension), value),
        };
        let sub = came.before.map_or(0, i64::from);
        let (shape, day) = (Shape::Recency, came.day);
        self.row(Key { shape, site, day, subject, value, sub, leaf: 0 }).add(0, came.visitors);
    }

    /// Adds visitors of new or returning ones of a week or a month.
    fn of_kind(&mut self, site: SiteId, period: Period, returning: bool, n: i64) {
        let shape = Shape::distinct(period);
        let (day, subject) = (period.first(), subject::cut(subject::NEW_AND_RETURNING, 0));
        let key = Key { shape, site, day, subject, value: returning.into(), sub: 0, leaf: 0 };
        self.row(key).add(0, n);
    }

    fn texts_of(&mut self, event: &Event) {
        let setting = &event.setting;
        let always = [
            &setting.language,
            &setting.country,
            &setting.resolution,
            &setting.browser,
            &setting.browser_version,
            &setting.os,
            &setting.os_version,
        ];
        always.into_iter().chain(&setting.device).for_each(|text| self.text(text));
        if let Some(from) = &event.referrer {
            [Some(&from.name), from.keyword.as_ref(), from.url.as_ref()]
                .into_iter()
                .flatten()
                .for_each(|text| self.text(text));
        }
        event.dimensions.iter().filter_map(|it| it.value.as_ref()).for_each(|text| self.text(text));
        let texts: [Option<&Text>; 3] = match &event.action {
            Action::Page { url, title } => [url.as_ref(), title.as_ref(), None],
            Action::Download(url) | Action::Outlink(url) => [Some(url), None, None],
            Action::Search { keyword, category, .. } => [keyword.as_ref(), category.as_ref(), None],
            Action::Event { category, action, name, .. } => {
                [Some(category), Some(action), name.as_ref()]
            }
            Action::Content { name, piece, .. } => [Some(name), piece.as_ref(), None],
            Action::Goal | Action::Ping | Action::Attention(_) => [None; 3],
        };
        texts.into_iter().flatten().chain(&event.page).for_each(|text| self.text(text));
    }

    /// Moves the visit's part in the rows about visits from what it was to what it is.
    fn visit(&mut self, change: &Change<'_>) {
        use place::visit;
        let after = &change.visit.facts;
        let before = change.before.as_ref().unwrap_or(after);
        let was = change.before.as_ref().map(cells).unwrap_or_default();
        each_of(&was, &cells(after), &mut |cell: Cell, was, is| {
            let elsewhere = |visits: &[&Visit]| visits.iter().any(|it| has_cell(&it.facts, cell));
            let users = was * i64::from(before.user != 0);
            let users = is * i64::from(after.user != 0) - users;
            let visitors = is - was;
            let (subject, value, sub) = cell;
            let key = Key {
                shape: Shape::Visit,
                site: after.site,
                day: after.day,
                subject,
                value,
                sub,
                leaf: 0,
            };
            let mut row = self.row(key);
            row.add(visit::ACTIONS, is * after.actions - was * before.actions)
                .add(visit::LENGTH, is * after.length - was * before.length)
                .add(visit::BOUNCES, bounces(is, after) - bounces(was, before))
                .add(visit::CONVERTED, converted(is, after) - converted(was, before));
            if is != was {
                row.add(visit::VISITS, is - was);
            }
            if visitors != 0 && !elsewhere(&change.others) {
                row.add(visit::VISITORS, visitors);
            }
            if users != 0 && !elsewhere(&change.same_user) {
                row.add(visit::USERS, users);
            }
            if is != 0 {
                row.add(visit::MAX_ACTIONS, after.actions);
            }
        });
    }

    /// The same in the rows of the pages it began and ended on.
    fn entry_and_exit(&mut self, change: &Change<'_>) {
        use place::action;
        let after = &change.visit.facts;
        let before = change.before.as_ref().unwrap_or(after);
        let row_of = |(subject, value, sub, leaf): Place| Key {
            shape: Shape::Action,
            site: after.site,
            day: after.day,
            subject,
            value,
            sub,
            leaf,
        };
        let was = change.before.as_ref().map(entry_cells).unwrap_or_default();
        each_of(&was, &entry_cells(after), &mut |cell, was, is| {
            let elsewhere =
                || change.others.iter().any(|it| entry_cells(&it.facts).contains(&cell));
            let mut row = self.row(row_of(cell));
            row.add(action::ENTRY_ACTIONS, is * after.actions - was * before.actions)
                .add(action::ENTRY_LENGTH, is * after.length - was * before.length)
                .add(action::ENTRY_BOUNCES, bounces(is, after) - bounces(was, before));
            if is != was {
                row.add(action::ENTRY_VISITS, is - was)
                    .add(action::ENTRY_VISITORS, (is - was) * i64::from(!elsewhere()));
            }
        });
        let was = change.before.as_ref().map(exit_cells).unwrap_or_default();
        each_of(&was, &exit_cells(after), &mut |cell, was, is| {
            if is == was {
                return;
            }
            let elsewhere = change.others.iter().any(|it| exit_cells(&it.facts).contains(&cell));
            self.row(row_of(cell))
                .add(action::EXIT_VISITS, is - was)
                .add(action::EXIT_VISITORS, (is - was) * i64::from(!elsewhere));
        });
    }

    /// Moves and adds conversions in the rows about visits.
    fn goals_of_visit(&mut self, change: &Change<'_>) {
        let all = &change.visit.conversions;
        if all.is_empty() {
            return;
        }
        let (earlier, _) =
            all.split_at_checked(change.moved.converted_before).unwrap_or((all, &[]));
        if let Some(before) = &change.before {
            self.conversions(before, earlier, -1);
        }
        self.conversions(&change.visit.facts, all, 1);
    }

    fn conversions(&mut self, facts: &Facts, conversions: &[Conversion], sign: i64) {
        for (at, conversion) in conversions.iter().enumerate() {
            let first = !conversions.iter().take(at).any(|it| it.goal == conversion.goal);
            for_each_cell(facts, &mut |(subject, value, sub)| {
                let key = Key {
                    shape: Shape::Goal,
                    site: facts.site,
                    day: facts.day,
                    subject,
                    value,
                    sub,
                    leaf: i64::from(conversion.goal),
                };
                self.row(key)
                    .add(0, sign)
                    .add(1, sign * i64::from(first))
                    .add(2, sign * conversion.revenue);
            });
        }
    }

    fn action(&mut self, change: &Change<'_>) {
        let (event, moved) = (change.event, &change.moved);
        let id = |text: &Option<Text>| text.as_ref().map_or(0, |text| text.id);
        for thing in &moved.firsts {
            self.first(*thing, change);
        }
        let after_search = i64::from(moved.from.search.is_some());
        match &event.action {
            Action::Page { url, title } => {
                self.hit(change, subject::TOTAL, i64::from(subject::PAGE_URL), 0);
                self.hit(change, subject::PAGE_URL, id(url), after_search);
                self.hit(change, subject::PAGE_TITLE, id(title), after_search);
            }
            Action::Download(url) => {
                self.hit(change, subject::TOTAL, i64::from(subject::DOWNLOAD), 0);
                self.hit(change, subject::DOWNLOAD, url.id, after_search);
            }
            Action::Outlink(url) => {
                self.hit(change, subject::TOTAL, i64::from(subject::OUTLINK), 0);
                self.hit(change, subject::OUTLINK, url.id, after_search);
            }
            Action::Search { keyword, category, found } => {
                self.hit(change, subject::TOTAL, i64::from(subject::SEARCH), 0);
                self.hit(change, subject::SEARCH, id(keyword), after_search);
                if *found == Some(0) {
                    self.hit(change, subject::SEARCH_NO_RESULT, id(keyword), 0);
                }
                if category.is_some() {
                    self.hit(change, subject::SEARCH_CATEGORY, id(category), 0);
                }
            }
            Action::Event { category, action, name, value } => {
                self.event(change, (category.id, action.id, id(name)), *value);
            }
            Action::Content { name, piece, interaction } => {
                let key = key(change, Shape::Content, subject::CONTENT, name.id, id(piece), 0);
                self.row(key).add(if *interaction { 3 } else { 2 }, 1);
            }
            Action::Attention(_) => self.attention(change.event),
            Action::Goal | Action::Ping => (),
        }
        self.times(change);
    }

    fn hit(&mut self, change: &Change<'_>, subject: i16, value: i64, after_search: i64) {
        let key = key(change, Shape::Action, subject, value, 0, 0);
        self.row(key).add(place::action::HITS, 1).add(place::action::AFTER_SEARCH, after_search);
    }

    fn event(
        &mut self,
        change: &Change<'_>,
        (category, action, name): (i64, i64, i64),
        value: Option<i64>,
    ) {
        for (subject, leaf) in [(subject::EVENT, name), (subject::FEATURE, 0)] {
            let mut row = self.row(key(change, Shape::Event, subject, category, action, leaf));
            row.add(2, 1);
            if let Some(value) = value {
                row.add(3, 1).add(4, value).add(5, value).add(6, value);
            }
        }
        if let Some(value) = value {
            let key = key(
                change,
                Shape::Duration,
                subject::EVENT_SECONDS,
                category,
                action,
                bucket_of(value),
            );
            self.row(key).add(0, 1);
        }
    }

    /// Counts a visit, and a visitor, on something met for the first time in the visit.
    fn first(&mut self, thing: Thing, change: &Change<'_>) {
        let visitor = i64::from(!change.others.iter().any(|visit| visit.has_seen(thing)));
        let (shape, subject, value, sub, leaf) = match thing {
            Thing::Page(id) => (Shape::Action, subject::PAGE_URL, id, 0, 0),
            Thing::Title(id) => (Shape::Action, subject::PAGE_TITLE, id, 0, 0),
            Thing::Download(id) => (Shape::Action, subject::DOWNLOAD, id, 0, 0),
            Thing::Outlink(id) => (Shape::Action, subject::OUTLINK, id, 0, 0),
            Thing::Search(id) => (Shape::Action, subject::SEARCH, id, 0, 0),
            Thing::SearchCategory(id) => (Shape::Action, subject::SEARCH_CATEGORY, id, 0, 0),
            Thing::Event(category, action, name) => {
                (Shape::Event, subject::EVENT, category, action, name)
            }
            Thing::Feature(category, action) => {
                (Shape::Event, subject::FEATURE, category, action, 0)
            }
            Thing::Content(name, piece) => (Shape::Content, subject::CONTENT, name, piece, 0),
            Thing::Dimension(id, value) => (Shape::Action, dimension(id), value, 0, 0),
            Thing::DimensionPage(id, value, page) => (Shape::Action, dimension(id), value, page, 1),
        };
        self.row(key(change, shape, subject, value, sub, leaf)).add(0, 1).add(1, visitor);
        // Matomo's "unique page views" are pairs of a visit and a page.
        if matches!(
            thing,
            Thing::Page(_) | Thing::Download(_) | Thing::Outlink(_) | Thing::Search(_)
        ) {
            self.row(key(change, Shape::Action, subject::TOTAL, i64::from(subject), 0, 0))
                .add(place::action::VISITS, 1);
        }
    }

    /// Credits the time since the hit before: to the page it was on, but not before an event, and
    /// to action dimensions.
    fn times(&mut self, change: &Change<'_>) {
        let moved = &change.moved;
        let counts = !matches!(
            change.event.action,
            Action::Event { .. }
                | Action::Goal
                | Action::Ping
                | Action::Attention(_)
                | Action::Content { .. }
        );
        if let Some(page) = moved.from.url.filter(|page| *page != 0 && moved.time > 0) {
            self.row(key(change, Shape::Action, subject::PAGE_URL, page, 0, 0))
                .add(place::action::STAY, moved.time);
        }
        if counts && moved.time > 0 {
            let url = moved.from.url.filter(|id| *id != 0).map(|id| (subject::PAGE_URL, id));
            let title = moved.from.title.map(|id| (subject::PAGE_TITLE, id));
            let search = moved.from.search.map(|id| (subject::SEARCH, id));
            for (subject, value) in [url, title, search].into_iter().flatten() {
                self.row(key(change, Shape::Action, subject, value, 0, 0))
                    .add(place::action::TIME, moved.time);
            }
        }
        for (id, value, page, seconds) in &moved.dimension_times {
            for (sub, leaf) in [(0, 0), (*page, 1)] {
                self.row(key(change, Shape::Action, dimension(*id), *value, sub, leaf))
                    .add(place::action::TIME, *seconds);
            }
        }
        if change.event.action == Action::Goal || change.event.action.is_ping() {
            return;
        }
        for (id, value, page) in &change.visit.pending {
            for (sub, leaf) in [(0, 0), (*page, 1)] {
                self.row(key(change, Shape::Action, dimension(*id), *value, sub, leaf))
                    .add(place::action::HITS, 1);
            }
        }
    }

    /// Every page of a visit has a part in each of its conversions.
    fn page_goals(&mut self, change: &Change<'_>) {
        let visit = change.visit;
        let (earlier, _) = visit
            .conversions
            .split_at_checked(change.moved.converted_before)
            .unwrap_or((&visit.conversions, &[]));
        if let Action::Page { url, title } = &change.event.action {
            let id = |text: &Option<Text>| text.as_ref().map_or(0, |text| text.id);
            for conversion in earlier {
                for (subject, value, thing) in [
                    (subject::PAGE_URL, id(url), Thing::Page(id(url))),
                    (subject::PAGE_TITLE, id(title), Thing::Title(id(title))),
                ] {
                    let new = change.moved.firsts.contains(&thing);
                    self.page_goal(change, subject, value, conversion, 1, new);
                }
            }
        }
        for conversion in &change.moved.conversions {
            for page in &visit.pages {
                let (subject, value) = match page.thing {
                    Thing::Page(id) => (subject::PAGE_URL, id),
                    Thing::Title(id) => (subject::PAGE_TITLE, id),
                    _ => continue,
                };
                self.page_goal(change, subject, value, conversion, page.hits, true);
            }
            for (subject, value) in entries(&visit.facts) {
                let mut row = self.row(key(
                    change,
                    Shape::PageGoal,
                    subject,
                    value,
                    0,
                    i64::from(conversion.goal),
                ));
                row.add(6, 1).add(7, conversion.revenue);
            }
        }
    }

    fn page_goal(
        &mut self,
        change: &Change<'_>,
        subject: i16,
        value: i64,
        conversion: &Conversion,
        hits: i64,
        new: bool,
    ) {
        let before = conversion.pages_before.max(1);
        let mut row =
            self.row(key(change, Shape::PageGoal, subject, value, 0, i64::from(conversion.goal)));
        row.add(0, hits).add(1, hits * 1_000_000 / before).add(2, hits * conversion.revenue);
        row.add(3, hits * conversion.revenue / before)
            .add(4, conversion.pages_before)
            .add(5, i64::from(new));
    }
}

pub(super) fn key(
    change: &Change<'_>,
    shape: Shape,
    subject: i16,
    value: i64,
    sub: i64,
    leaf: i64,
) -> Key {
    Key { shape, site: change.event.site, day: change.event.day, subject, value, sub, leaf }
}

/// The subject of visitors who told a value of a dimension.
fn told(of: Dimension) -> i16 {
    let cut = |of: i16| subject::cut(subject::TOLD, u8::try_from(of).unwrap_or_default());
    match of {
        Dimension::Device => cut(subject::DEVICE_TYPE),
        Dimension::Browser => cut(subject::BROWSER),
        Dimension::System => cut(subject::OS),
        Dimension::Language => cut(subject::LANGUAGE),
        Dimension::Country => cut(subject::COUNTRY),
        Dimension::ReferrerType => cut(subject::REFERRER_TYPE),
        Dimension::Custom(id) => dimension(id),
    }
}

fn dimension(id: u16) -> i16 {
    subject::DIMENSION.saturating_add(i16::try_from(id).unwrap_or(i16::MAX))
}

/// Every row about visits that a visit stands in.
fn for_each_cell(facts: &Facts, each: &mut dyn FnMut(Cell)) {
    let f = facts;
    for cell in [
        (subject::ALL, 0, 0),
        (subject::SERVER_HOUR, i64::from(f.hour), 0),
        (subject::VISIT_LENGTH, least(&LENGTH_BUCKETS, f.length), 0),
        (subject::DEVICE_TYPE, f.device, 0),
        (subject::BROWSER, f.browser, 0),
        (subject::BROWSER_VERSION, f.browser, f.browser_version),
        (subject::OS, f.os, 0),
        (subject::OS_VERSION, f.os, f.os_version),
        (subject::LANGUAGE, f.language, 0),
        (subject::RESOLUTION, f.resolution, 0),
        (subject::COUNTRY, f.country, 0),
        (subject::REFERRER_TYPE, f.referrer, 0),
        (subject::RETURNING, i64::from(f.returning), 0),
        (subject::VISIT_COUNT, least(&COUNT_BUCKETS, f.count.into()), 0),
        (subject::DAYS_SINCE_FIRST, least(&DAYS_BUCKETS, f.since_first.into()), 0),
    ] {
        each(cell);
    }
    // As in Matomo, whose buckets of minutes share their ends: a visit of two minutes is in both.
    if (60..1_800).contains(&f.length) && LENGTH_BUCKETS.contains(&(f.length + 1)) {
        each((subject::VISIT_LENGTH, f.length + 1, 0));
    }
    if f.actions > 0 {
        each((subject::PAGES_PER_VISIT, least(&PAGE_BUCKETS, f.actions), 0));
    }
    if let Some(days) = f.since_last {
        each((subject::DAYS_SINCE_LAST, least(&DAYS_BUCKETS, days.into()), 0));
    }
    if let Some(hour) = f.local_hour {
        each((subject::LOCAL_HOUR, i64::from(hour), 0));
    }
    match f.referrer {
        2 => each((subject::SEARCH_ENGINE, f.referrer_name, f.referrer_keyword)),
        3 => each((subject::WEBSITE, f.referrer_name, f.referrer_url)),
        6 => each((subject::CAMPAIGN, f.referrer_name, f.referrer_keyword)),
        7 => each((subject::SOCIAL, f.referrer_name, f.referrer_url)),
        8 => each((subject::ASSISTANT, f.referrer_name, 0)),
        _ => (),
    }
    for (id, value) in &f.dimensions {
        each((dimension(*id), *value, 0));
    }
}

fn has_cell(facts: &Facts, cell: Cell) -> bool {
    cells(facts).contains(&cell)
}

fn cells(facts: &Facts) -> Cells {
    let mut cells = Cells::new();
    for_each_cell(facts, &mut |cell| cells.push(cell));
    cells
}

/// Every row once, with 1 or 0 for whether the visit stood in it before and stands in it now.
pub(super) fn each_of<T: Copy + PartialEq>(was: &[T], is: &[T], each: &mut dyn FnMut(T, i64, i64)) {
    // What did not change stands at the same place.
    let has = |rows: &[T], at: usize, row: &T| rows.get(at) == Some(row) || rows.contains(row);
    for (at, row) in is.iter().enumerate() {
        each(*row, i64::from(has(was, at, row)), 1);
    }
    for (_, row) in was.iter().enumerate().filter(|(at, row)| !has(is, *at, row)) {
        each(*row, 1, 0);
    }
}

fn bounces(times: i64, facts: &Facts) -> i64 {
    times * i64::from(facts.bounced())
}

fn converted(times: i64, facts: &Facts) -> i64 {
    times * i64::from(facts.converted)
}

fn entries(facts: &Facts) -> impl Iterator<Item = (i16, i64)> {
    let url = facts.entry_url.filter(|id| *id != 0).map(|id| (subject::PAGE_URL, id));
    let title = facts.entry_title.filter(|id| *id != 0).map(|id| (subject::PAGE_TITLE, id));
    url.into_iter().chain(title)
}

fn exits(facts: &Facts) -> impl Iterator<Item = (i16, i64)> {
    let url = facts.exit.url.filter(|id| *id != 0).map(|id| (subject::PAGE_URL, id));
    let title = facts.exit.title.map(|id| (subject::PAGE_TITLE, id));
    let search = facts.exit.search.map(|id| (subject::SEARCH, id));
    url.into_iter().chain(title).chain(search)
}

/// Rows of entry and exit pages, of searches and of action dimensions.
fn entry_cells(facts: &Facts) -> Places {
    let pages = entries(facts).map(|(subject, value)| (subject, value, 0, 0));
    pages.chain(of_dimensions(&facts.entry_dimensions)).collect()
}

fn exit_cells(facts: &Facts) -> Places {
    let pages = exits(facts).map(|(subject, value)| (subject, value, 0, 0));
    pages.chain(of_dimensions(&facts.exit_dimensions)).collect()
}

fn of_dimensions(dimensions: &[(u16, i64, i64)]) -> impl Iterator<Item = (i16, i64, i64, i64)> {
    let rows = |(id, value, page): &(u16, i64, i64)| {
        [(dimension(*id), *value, 0, 0), (dimension(*id), *value, *page, 1)]
    };
    dimensions.iter().flat_map(rows)
}

/// The least of the bucket that `n` falls in.
pub(super) fn least(buckets: &[i64], n: i64) -> i64 {
    let reached = buckets.iter().rev().find(|least| **least <= n);
    reached.or(buckets.first()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_columns() {
        use place::{action, visit};
        for (shape, name, place) in [
            (Shape::Visit, "visits", visit::VISITS),
            (Shape::Visit, "visitors", visit::VISITORS),
            (Shape::Visit, "users", visit::USERS),
            (Shape::Visit, "actions", visit::ACTIONS),
            (Shape::Visit, "max_actions", visit::MAX_ACTIONS),
            (Shape::Visit, "length", visit::LENGTH),
            (Shape::Visit, "bounces", visit::BOUNCES),
            (Shape::Visit, "converted", visit::CONVERTED),
            (Shape::Action, "visits", action::VISITS),
            (Shape::Action, "visitors", 1),
            (Shape::Event, "visitors", 1),
            (Shape::Content, "visitors", 1),
            (Shape::Action, "hits", action::HITS),
            (Shape::Action, "time_spent", action::TIME),
            (Shape::Action, "entry_visits", action::ENTRY_VISITS),
            (Shape::Action, "entry_visitors", action::ENTRY_VISITORS),
            (Shape::Action, "entry_actions", action::ENTRY_ACTIONS),
            (Shape::Action, "entry_length", action::ENTRY_LENGTH),
            (Shape::Action, "entry_bounces", action::ENTRY_BOUNCES),
            (Shape::Action, "exit_visits", action::EXIT_VISITS),
            (Shape::Action, "exit_visitors", action::EXIT_VISITORS),
            (Shape::Action, "after_search", action::AFTER_SEARCH),
            (Shape::Action, "stay", action::STAY),
            (Shape::Event, "events", 2),
            (Shape::Event, "value_max", 6),
            (Shape::Content, "impressions", 2),
            (Shape::Content, "interactions", 3),
            (Shape::PageGoal, "pages_before", 4),
            (Shape::PageGoal, "entry_revenue", 7),
        ] {
            assert_eq!(shape.at(name), place, "{name}");
        }
    }

    #[test]
    fn buckets_are_named_by_their_least() {
        assert_eq!(least(&PAGE_BUCKETS, 7), 6);
        assert_eq!(least(&PAGE_BUCKETS, 100), 21);
        assert_eq!(least(&LENGTH_BUCKETS, 60), 31);
        assert_eq!(least(&LENGTH_BUCKETS, 0), 0);
    }

    #[test]
    fn a_device_that_comes_back_is_counted_once_in_each_span() {
        let told = |weeks, first_of_week, first_of_month| Returned {
            weeks,
            days: 2,
            first_of_week,
            first_of_month,
            first_of_school_year: false,
        };
        let mut delta = Delta::default();
        delta.returned(1, 20_000, told(9, true, true));
        delta.returned(1, 20_001, told(9, false, false));
        delta.returned(1, 20_001, told(0, true, false));
        let rows = delta.sorted_rows();
        let count = |subject, value, sub| -> i64 {
            let fits = |key: &Key| (key.subject, key.value, key.sub) == (subject, value, sub);
            rows.iter().filter(|(key, _)| fits(key)).map(|(_, figures)| figures[0]).sum()
        };
        let devices = |span| count(subject::DEVICES, span, 0);
        use subject::span::{DAY, MONTH, SCHOOL_YEAR, WEEK};
        assert_eq!([DAY, WEEK, MONTH, SCHOOL_YEAR].map(devices), [3, 2, 1, 0]);
        assert_eq!(count(subject::WEEKS_SINCE_FIRST, 9, DAY), 2);
        assert_eq!(count(subject::WEEKS_SINCE_FIRST, 9, WEEK), 1);
        assert_eq!(count(subject::WEEKS_SINCE_FIRST, 0, WEEK), 1);
        assert_eq!(count(subject::DAYS_OF_USE, 2, DAY), 3);
        assert!(rows.iter().all(|(key, _)| key.shape == Shape::Returned && key.leaf == 0));
    }
}
