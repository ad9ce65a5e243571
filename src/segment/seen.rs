//! What a visit has under a name.

use std::borrow::Cow;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{
    compare::Datum,
    names::{OfAction, OfConversion, OfVisit},
};
use crate::{
    report::{browser_code, country_name, system_code},
    session::{Conversion, Facts, Visit},
    site::{Scope, Site},
    strip::{Action, Event, Text},
};

/// A visit with its events, in the order they came.
pub(super) struct Seen<'a> {
    pub(super) site: &'a Site,
    pub(super) visit: &'a Visit,
    pub(super) events: &'a [&'a Event],
}

/// Without scheme and `www.`, as addresses of pages are compared.
pub(super) fn bare(url: &str) -> &str {
    let scheme = |start: &str| {
        let head = url.get(..start.len())?;
        head.eq_ignore_ascii_case(start).then(|| url.get(start.len()..))?
    };
    match scheme("https://").or_else(|| scheme("http://")) {
        Some(rest) => match rest.get(..4) {
            Some(www) if www.eq_ignore_ascii_case("www.") => rest.get(4..).unwrap_or_default(),
            _ => rest,
        },
        None => url,
    }
}

fn page_address(text: Option<&Text>) -> Datum<'_> {
    text.map_or(Datum::Nothing, |text| Datum::Text(Cow::Borrowed(bare(&text.text))))
}

fn of(text: Option<&Text>) -> Datum<'_> {
    Datum::text(text.map(|text| &*text.text))
}

/// The moment in UTC, as Matomo keeps it.
fn moment(time: i64) -> DateTime {
    Timestamp::from_second(time).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC).datetime()
}

impl<'a> Seen<'a> {
    fn facts(&self) -> &'a Facts {
        &self.visit.facts
    }

    /// The text of a number among the visit's events.
    fn find(&self, id: i64, pick: impl Fn(&'a Event) -> Option<&'a Text>) -> Option<&'a Text> {
        if id == 0 {
            return None;
        }
        self.events.iter().copied().filter_map(pick).find(|text| text.id == id)
    }

    fn setting(&self, pick: impl Fn(&'a Event) -> &'a Text) -> Option<&'a str> {
        self.events.first().map(|event| &*pick(event).text)
    }

    fn many(&self, is: impl Fn(&Action) -> bool) -> Datum<'static> {
        let count = self.events.iter().filter(|event| is(&event.action)).count();
        Datum::count(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// What the visit as a whole has.
    pub(super) fn of_visit(&self, field: OfVisit) -> Datum<'a> {
        let facts = self.facts();
        match field {
            OfVisit::Country => Datum::text(self.setting(|it| &it.setting.country)),
            OfVisit::CountryName => {
                Datum::text(self.setting(|it| &it.setting.country).map(country_name))
            }
            OfVisit::Language => Datum::text(self.setting(|it| &it.setting.language)),
            OfVisit::Device => of(self.events.first().and_then(|it| it.setting.device.as_ref())),
            OfVisit::BrowserCode => {
                Datum::text(self.setting(|it| &it.setting.browser).map(browser_code))
            }
            OfVisit::BrowserName => Datum::text(self.setting(|it| &it.setting.browser)),
            OfVisit::BrowserVersion => Datum::text(self.setting(|it| &it.setting.browser_version)),
            OfVisit::SystemCode => Datum::text(self.setting(|it| &it.setting.os).map(system_code)),
            OfVisit::SystemName => Datum::text(self.setting(|it| &it.setting.os)),
            OfVisit::SystemVersion => Datum::text(self.setting(|it| &it.setting.os_version)),
            OfVisit::Resolution => {
                of(self.find(facts.resolution, |it| Some(&it.setting.resolution)))
            }
            OfVisit::Dimension(id) => self.dimension(id),
            OfVisit::VisitorType => {
                Datum::text(Some(if facts.returning { "returning" } else { "new" }))
            }
            OfVisit::Converted => Datum::count(i64::from(facts.converted)),
            OfVisit::Commerce => Datum::text(Some("none")),
            OfVisit::ReferrerType
            | OfVisit::ReferrerName
            | OfVisit::ReferrerKeyword
            | OfVisit::ReferrerUrl => self.referrer(field),
            OfVisit::EntryUrl => page_address(self.page(facts.entry_url)),
            OfVisit::ExitUrl => page_address(self.page(facts.exit.url)),
            OfVisit::EntryTitle => of(self.title(facts.entry_title)),
            OfVisit::ExitTitle => of(self.title(facts.exit.title)),
            OfVisit::Duration => Datum::count(facts.length),
            OfVisit::VisitCount => Datum::count(facts.count.into()),
            OfVisit::DaysSinceFirst => Datum::count(facts.since_first.into()),
            // A first visit is 0 days after itself, as in Matomo.
            OfVisit::DaysSinceLast => Datum::count(facts.since_last.unwrap_or_default().into()),
            OfVisit::Actions => Datum::count(facts.actions),
            OfVisit::Interactions => self.many(|it| {
                matches!(
                    it,
                    Action::Page { .. }
                        | Action::Download(_)
                        | Action::Outlink(_)
                        | Action::Search { .. }
                )
            }),
            OfVisit::Events => self.many(|it| matches!(it, Action::Event { .. })),
            OfVisit::Searches => self.many(|it| matches!(it, Action::Search { .. })),
            _ => self.clock(field),
        }
    }

    fn page(&self, id: Option<i64>) -> Option<&'a Text> {
        self.find(id?, |event| match &event.action {
            Action::Page { url, .. } => url.as_ref(),
            _ => None,
        })
    }

    fn title(&self, id: Option<i64>) -> Option<&'a Text> {
        self.find(id?, |event| match &event.action {
            Action::Page { title, .. } => title.as_ref(),
            _ => None,
        })
    }

    fn dimension(&self, id: u16) -> Datum<'a> {
        let set = self.facts().dimensions.iter().find(|(it, _)| *it == id);
        let text = set.and_then(|(_, value)| {
            self.find(*value, |event| {
                let own = event.dimensions.iter().find(|it| {
                    it.id == id
                        && it.scope == Scope::Visit
                        && it.value.as_ref().is_some_and(|it| it.id == *value)
                });
                own.and_then(|it| it.value.as_ref())
            })
        });
        of(text)
    }

    fn referrer(&self, field: OfVisit) -> Datum<'a> {
        let facts = self.facts();
        let from = || self.events.iter().filter_map(|it| it.referrer.as_ref());
        let mine = || {
            from().find(|it| it.kind as i64 == facts.referrer && it.name.id == facts.referrer_name)
        };
        match field {
            OfVisit::ReferrerType => Datum::text(Some(match facts.referrer {
                1 => "direct",
                2 => "search",
                3 => "website",
                6 => "campaign",
                7 => "social",
                8 => "ai-assistant",
                _ => "",
            })),
            OfVisit::ReferrerName => of(mine().map(|it| &it.name)),
            OfVisit::ReferrerKeyword => of(mine().and_then(|it| it.keyword.as_ref())),
            _ => of(mine().and_then(|it| it.url.as_ref())),
        }
    }

    fn clock(&self, field: OfVisit) -> Datum<'a> {
        let facts = self.facts();
        let (first, last) = (moment(facts.first), moment(facts.last));
        let date = last.date();
        let number = match field {
            OfVisit::LocalHour => {
                return facts
                    .local_hour
                    .map_or(Datum::Nothing, |hour| Datum::count(i64::from(hour)));
            }
            OfVisit::LastDate => return Datum::Text(Cow::Owned(date.to_string())),
            OfVisit::FirstHour => i64::from(first.hour()),
            OfVisit::FirstMinute => i64::from(first.minute()),
            OfVisit::LastHour => i64::from(last.hour()),
            OfVisit::LastMinute => i64::from(last.minute()),
            OfVisit::LastSecond => i64::from(last.second()),
            OfVisit::LastWeekday => i64::from(date.weekday().to_monday_one_offset()),
            OfVisit::LastDay => i64::from(date.day()),
            OfVisit::LastDayOfYear => i64::from(date.day_of_year()),
            OfVisit::LastWeek => i64::from(date.iso_week_date().week()),
            OfVisit::LastMonth => i64::from(date.month()),
            OfVisit::LastQuarter => (i64::from(date.month()) + 2) / 3,
            OfVisit::LastYear => i64::from(date.year()),
            _ => return Datum::Nothing,
        };
        Datum::count(number)
    }

    /// The visit's actions; goals by hand and pings are none.
    pub(super) fn actions(&self) -> impl Iterator<Item = &'a Event> {
        let is = |event: &&Event| event.action != Action::Goal && !event.action.is_ping();
        self.events.iter().copied().filter(is)
    }

    pub(super) fn of_conversion(&self, field: OfConversion, it: &Conversion) -> Datum<'a> {
        match field {
            OfConversion::Goal => Datum::count(i64::from(it.goal)),
            OfConversion::GoalName => {
                Datum::text(self.site.goal(it.goal).map(|goal| goal.name.as_str()))
            }
        }
    }
}

/// What one action has. Names of other kinds of actions find nothing in it.
pub(super) fn of_action(field: OfAction, event: &Event) -> Datum<'_> {
    match (field, &event.action) {
        (OfAction::Kind, action) => Datum::text(Some(match action {
            Action::Page { .. } => "pageviews",
            Action::Download(_) => "downloads",
            Action::Outlink(_) => "outlinks",
            Action::Search { .. } => "sitesearches",
            Action::Event { .. } => "events",
            Action::Content { .. } => "contents",
            Action::Goal | Action::Ping | Action::Attention(_) => "",
        })),
        (OfAction::Hour, _) => Datum::count(i64::from(moment(event.time).hour())),
        (OfAction::Minute, _) => Datum::count(i64::from(moment(event.time).minute())),
        (OfAction::Dimension(id), _) => {
            let own = event.dimensions.iter().find(|it| it.id == id && it.scope == Scope::Action);
            of(own.and_then(|it| it.value.as_ref()))
        }
        (OfAction::PageUrl | OfAction::AnyUrl, Action::Page { url, .. }) => {
            page_address(url.as_ref())
        }
        // Matomo files the page of a content under pages, that of an event under events.
        (OfAction::PageUrl | OfAction::AnyUrl, Action::Content { .. })
        | (OfAction::EventUrl | OfAction::AnyUrl, Action::Event { .. }) => {
            page_address(event.page.as_ref())
        }
        (OfAction::AnyUrl, Action::Download(url) | Action::Outlink(url)) => page_address(Some(url)),
        (OfAction::Download, Action::Download(url)) | (OfAction::Outlink, Action::Outlink(url)) => {
            of(Some(url))
        }
        (OfAction::PageTitle, Action::Page { title, .. }) => of(title.as_ref()),
        (OfAction::Keyword, Action::Search { keyword, .. }) => of(keyword.as_ref()),
        (OfAction::SearchCategory, Action::Search { category, .. }) => of(category.as_ref()),
        (OfAction::SearchCount, Action::Search { found, .. }) => {
            found.map_or(Datum::Nothing, |found| Datum::count(i64::from(found)))
        }
        (OfAction::EventCategory, Action::Event { category, .. }) => of(Some(category)),
        (OfAction::EventAction, Action::Event { action, .. }) => of(Some(action)),
        (OfAction::EventName, Action::Event { name, .. }) => of(name.as_ref()),
        (OfAction::EventValue, Action::Event { value, .. }) => {
            value.map_or(Datum::Nothing, |value| {
                let Datum::Number(millionths) = Datum::count(value) else { return Datum::Nothing };
                Datum::Number(millionths / 1e6)
            })
        }
        (OfAction::ContentName, Action::Content { name, .. }) => of(Some(name)),
        (OfAction::ContentPiece, Action::Content { piece, .. }) => of(piece.as_ref()),
        _ => Datum::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_scheme() {
        for (url, want) in [
            ("https://www.a.fr/x", "a.fr/x"),
            ("HTTP://A.fr", "A.fr"),
            ("a.fr/http://b", "a.fr/http://b"),
            ("www.a.fr", "www.a.fr"),
            ("é", "é"),
        ] {
            assert_eq!(bare(url), want);
        }
    }
}
