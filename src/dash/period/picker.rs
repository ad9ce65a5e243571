//! The period picker as its template shows it: neighbours, presets, a form for the rest.

use jiff::civil::Date;
use serde::Serialize;

use super::{Asked, Choice, Grain, Moving};
use crate::dash::{address::Address, text::Text};

/// A link with its words.
#[derive(Clone, Debug, Serialize)]
pub(in crate::dash) struct Link {
    pub(in crate::dash) href: String,
    pub(in crate::dash) label: String,
    pub(in crate::dash) current: bool,
}

/// One length in the form.
#[derive(Clone, Debug, Serialize)]
pub(in crate::dash) struct Length {
    word: &'static str,
    label: String,
    selected: bool,
}

/// What the form carries along of the address.
#[derive(Clone, Debug, Serialize)]
struct Kept {
    name: &'static str,
    value: String,
}

/// Everything the picker shows.
#[derive(Clone, Debug, Serialize)]
pub(in crate::dash) struct Picker {
    pub(in crate::dash) name: String,
    pub(in crate::dash) previous: Link,
    pub(in crate::dash) next: Option<Link>,
    pub(in crate::dash) presets: Vec<Link>,
    lengths: Vec<Length>,
    action: String,
    /// What the form carries along unseen.
    lang: Option<&'static str>,
    kept: Vec<Kept>,
    from: String,
    to: String,
    today: String,
    problem: Option<String>,
}

impl Picker {
    /// The picker of the page at `address`.
    pub(in crate::dash) fn new(asked: &Asked, today: Date, address: &Address, text: &Text) -> Self {
        let choice = &asked.choice;
        let link =
            |it: Choice| Link { href: address.period(&it), label: it.name(text), current: false };
        Self {
            name: choice.name(text),
            previous: link(choice.previous()),
            next: choice.next(today).map(link),
            presets: presets(choice, today, address, text),
            lengths: Grain::ALL
                .map(|grain| Length {
                    word: grain.word(),
                    label: text.say(&format!("picker.length.{}", grain.word())),
                    selected: grain == choice.grain,
                })
                .into(),
            action: address.path().to_owned(),
            lang: address.lang(),
            kept: address
                .kept()
                .iter()
                .map(|(name, value)| Kept { name, value: value.clone() })
                .collect(),
            from: choice.from.to_string(),
            to: choice.to.to_string(),
            today: today.to_string(),
            problem: asked.problem.map(|problem| text.say(problem.key())),
        }
    }
}

/// The periods one click away.
fn presets(choice: &Choice, today: Date, address: &Address, text: &Text) -> Vec<Link> {
    let yesterday = super::back(today, 1);
    let moving = |grain, day, moving| Choice { moving: Some(moving), ..Choice::around(grain, day) };
    [
        ("picker.today", moving(Grain::Day, today, Moving::Today)),
        ("picker.yesterday", moving(Grain::Day, yesterday, Moving::Yesterday)),
        ("picker.last7", Choice::last(7, today)),
        ("picker.last30", Choice::last(30, today)),
        ("picker.this_month", moving(Grain::Month, today, Moving::Today)),
        ("picker.this_school_year", moving(Grain::SchoolYear, today, Moving::Today)),
    ]
    .map(|(key, it)| Link {
        href: address.period(&it),
        label: text.say(key),
        current: (it.grain, it.from, it.to) == (choice.grain, choice.from, choice.to),
    })
    .into()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::dash::{assets, lang::Chosen, period::ask};

    #[test]
    fn the_picker_leads_to_the_neighbours_and_marks_where_it_is() {
        let today = date(2026, 3, 18);
        let (lang, toml) = assets::TEXTS[0];
        let text = Text::parse(lang, toml).unwrap();
        let address = Address::new("/sites/1", Chosen { lang, asked: true });

        let asked = ask(Some("range"), Some("last7"), None, today);
        let picker = Picker::new(&asked, today, &address, &text);
        assert_eq!(
            picker.previous.href,
            "/sites/1?period=range&date=2026-03-05,2026-03-11&lang=fr"
        );
        assert!(picker.next.is_none());
        let current: Vec<_> = picker.presets.iter().filter(|it| it.current).collect();
        assert_eq!(current.len(), 1);
        assert_eq!(current[0].href, "/sites/1?period=range&date=last7&lang=fr");

        let asked = ask(Some("month"), Some("2025-12-31"), None, today);
        let picker = Picker::new(&asked, today, &address, &text);
        assert_eq!(picker.previous.label, "novembre 2025");
        assert_eq!(picker.next.unwrap().label, "janvier 2026");
        assert!(picker.presets.iter().all(|it| !it.current));
    }
}
