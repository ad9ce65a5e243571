//! One thing that somebody does, and how it is written for the tracking endpoint.

use super::{
    calendar::Calendar,
    features::{ACADEMY, ESTABLISHMENT, Feature, LEVEL, PROFILE, Page, SUBJECT},
    people::{Person, PersonNumber},
};
use crate::query;

/// The demonstration site's address.
pub(crate) const SITE: &str = "https://www.quiziniere.com";
/// Goal 2 is reached by a call of its own; goal 1 by seeing a page.
pub(crate) const GOAL_SHARED: u32 = 2;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Page(Page),
    /// A page with a mail address in its query, as a link in a careless message makes it: the page
    /// is to be counted, the mail address to be dropped.
    PageWithMail(Page),
    Feature(Feature, Option<u32>),
    /// A word looked for in the catalogue, and how many sheets were found.
    Search(&'static str, u32),
    /// Goal 2.
    QuizShared,
    /// The heartbeat when the page is left.
    Ping(Page),
    /// What the device tells once a day, beside the first hit.
    Back(Page, Back),
}

/// What the tracker tells of a device once a day, in place of an id that would outlive the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Back {
    /// Weeks since the week of first use.
    pub weeks: u8,
    /// Days of use before this one, of the last thirty.
    pub days: u8,
    /// Whether it is the first use of its week, of its month, at all.
    pub first: [bool; 3],
}

impl Back {
    /// Buckets of days, each by its least.
    const DAYS: [u8; 5] = [0, 1, 2, 4, 8];

    fn add(self, add: &mut impl FnMut(&str, &str)) {
        let days = Self::DAYS.into_iter().rfind(|least| *least <= self.days).unwrap_or(0);
        let letters = ['w', 'm', 'y'].into_iter().zip(self.first);
        let letters: String = letters.filter(|(_, is)| *is).map(|(letter, _)| letter).collect();
        add("ret_since", &self.weeks.to_string());
        add("ret_days", &days.to_string());
        add("ret_first", if letters.is_empty() { "0" } else { &letters });
    }
}

/// A deed of a person at a time.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Unix seconds.
    pub time: i64,
    pub person: PersonNumber,
    pub deed: Deed,
    /// `dimension3`.
    pub subject: &'static str,
    /// Where the person came from, on the first page of some visits.
    pub referrer: &'static str,
}

impl Deed {
    /// The page on which it happens.
    pub(crate) fn page(self) -> Page {
        match self {
            Self::Page(page)
            | Self::PageWithMail(page)
            | Self::Ping(page)
            | Self::Back(page, _) => page,
            Self::Feature(feature, _) => feature.page(),
            Self::Search(..) => Page::Catalogue,
            Self::QuizShared => Page::Share,
        }
    }
}

impl Hit {
    /// The parameters, as an item of a bulk request. Time, address and browser are given as
    /// parameters because they are not those of this machine now; that needs a token.
    pub(crate) fn query(&self, site: u32, person: &Person, calendar: &Calendar) -> String {
        let mut query = String::with_capacity(800);
        let mut add = |name: &str, value: &str| query::push(&mut query, name, value);
        self.add_deed(&mut add);
        let local = calendar.local(self.time);
        for (name, number) in [
            ("idsite", i64::from(site)),
            ("rec", 1),
            ("h", local.hour().into()),
            ("m", local.minute().into()),
            ("s", local.second().into()),
            ("cdt", self.time),
            ("send_image", 0),
        ] {
            add(name, &number.to_string());
        }
        add("url", &self.url());
        if !self.referrer.is_empty() {
            add("urlref", self.referrer);
        }
        add("_id", &format!("{:016x}", person.id));
        add(&format!("dimension{PROFILE}"), person.profile.label());
        add(&format!("dimension{LEVEL}"), person.level);
        add(&format!("dimension{SUBJECT}"), self.subject);
        add(&format!("dimension{ACADEMY}"), person.school.academy);
        add(&format!("dimension{ESTABLISHMENT}"), person.school.uai);
        add("cip", &person.address);
        add("ua", person.user_agent);
        add("lang", person.language);
        add("res", person.resolution);
        query
    }

    fn url(&self) -> String {
        let path = self.deed.page().path();
        let query = if matches!(self.deed, Deed::PageWithMail(_)) {
            "?mail=camille.dupont@ac-exemple.fr"
        } else {
            ""
        };
        format!("{SITE}{path}{query}")
    }

    fn add_deed(&self, add: &mut impl FnMut(&str, &str)) {
        match self.deed {
            Deed::Page(page) | Deed::PageWithMail(page) => add("action_name", page.title()),
            Deed::Feature(feature, value) => {
                let (category, action, name) = feature.words();
                add("e_c", category);
                add("e_a", action);
                if !name.is_empty() {
                    add("e_n", name);
                }
                if let Some(value) = value {
                    add("e_v", &value.to_string());
                }
                add("ca", "1");
            }
            Deed::Search(word, found) => {
                add("search", word);
                add("search_count", &found.to_string());
            }
            Deed::QuizShared => add("idgoal", &GOAL_SHARED.to_string()),
            Deed::Ping(_) => add("ping", "1"),
            Deed::Back(_, back) => {
                add("ping", "1");
                back.add(add);
            }
        }
    }
}
