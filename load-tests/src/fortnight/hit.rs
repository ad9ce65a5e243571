//! One thing that somebody does, and how it is written for the tracking endpoint.

use super::{
    calendar::Calendar,
    features::{Feature, LEVEL, PROFILE, Page, SUBJECT},
    people::{Person, PersonNumber},
};
use crate::query;

/// The demonstration site's address.
pub(crate) const SITE: &str = "https://www.quiziniere.com";
/// Goal 2 is reached by a call of its own; goal 1 by seeing a page.
pub(crate) const GOAL_SHARED: u32 = 2;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
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
}

/// A deed of a person at a time.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// Unix seconds.
    pub(crate) time: i64,
    pub(crate) person: PersonNumber,
    pub(crate) deed: Deed,
    /// `dimension3`.
    pub(crate) subject: &'static str,
    /// Where the person came from, on the first page of some visits.
    pub(crate) referrer: &'static str,
}

impl Deed {
    /// The page on which it happens.
    pub(crate) fn page(self) -> Page {
        match self {
            Self::Page(page) | Self::PageWithMail(page) | Self::Ping(page) => page,
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
        }
    }
}
