//! Views → HTML, through the templates of `dashboards/`.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, JsonRender, RenderContext, RenderErrorReason,
    ScopedJson,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::{
    address::Address,
    assets::{self, ICON, STYLE},
    data_map::{self, DataMap},
    doors::{Failure, Install, Login, OptOut},
    features::Features,
    lang::{Chosen, Lang},
    overview::Overview,
    period::Asked,
    published::Published,
    register::{self, FeatureForm, RegisterPage},
    sites::Sites,
    text::{Text, TextError},
};

/// Why a page cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a template cannot be read: {0}")]
    Template(#[from] Box<handlebars::TemplateError>),
    #[error(transparent)]
    Text(#[from] TextError),
    #[error("a page cannot be made: {0}")]
    Render(#[from] Box<handlebars::RenderError>),
}

/// Who reads a page, and in which language.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// Shown beside the logout button; none before login.
    pub user: Option<String>,
    pub chosen: Chosen,
}

/// The templates of every page in every language.
#[derive(Debug)]
pub struct Templates {
    speakers: [Speaker; 2],
}

/// The templates with the texts of one language.
#[derive(Debug)]
struct Speaker {
    text: Text,
    registry: Handlebars<'static>,
}

/// What the layout needs of every page.
#[derive(Debug, Serialize)]
struct Shell<'a> {
    lang: &'static str,
    /// The language to carry along in forms, if it was asked for.
    kept_lang: Option<&'static str>,
    title: String,
    user: Option<&'a str>,
    home: String,
    style: String,
    icon: String,
    other: OtherLang,
}

/// The same page in the other language.
#[derive(Debug, Serialize)]
struct OtherLang {
    href: String,
    code: &'static str,
    name: &'static str,
}

#[derive(Debug, Serialize)]
struct Page<'a, T> {
    shell: Shell<'a>,
    page: T,
}

impl Templates {
    /// The templates compiled into the program.
    pub fn embedded() -> Result<Self, Error> {
        Self::new(&assets::TEMPLATES, &assets::TEXTS)
    }

    /// Reads every template once. Unknown names are errors, not blanks.
    pub fn new(templates: &[(&str, &str)], texts: &[(Lang, &str); 2]) -> Result<Self, Error> {
        let [first, second] = texts;
        let speaker = |(lang, toml): &(Lang, &str)| Speaker::new(templates, *lang, toml);
        Ok(Self { speakers: [speaker(first)?, speaker(second)?] })
    }

    /// The texts of that language.
    pub fn text(&self, lang: Lang) -> &Text {
        &self.speaker(lang).text
    }

    /// A site's dashboard.
    pub fn render_overview(&self, overview: &Overview, reader: &Reader) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        let address = overview.address(reader.chosen);
        let title = format!("{} – {}", overview.site.name, overview.asked.choice.name(text));
        let other = |lang| {
            let Asked { choice, .. } = &overview.asked;
            address.in_lang(lang).period(choice)
        };
        self.page("overview", reader, title, other, overview.view(reader.chosen, text))
    }

    /// The features of a site.
    pub fn render_features(&self, page: &Features, reader: &Reader) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        let address = page.address(reader.chosen);
        let title = format!("{} – {}", text.say("usage.title"), page.site.name);
        let other = |lang| address.in_lang(lang).period(&page.asked.choice);
        self.page("features", reader, title, other, page.view(reader.chosen, text))
    }

    /// What is published of a site.
    pub fn render_published(&self, page: &Published, reader: &Reader) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        let address = page.address(reader.chosen);
        let title = format!("{} – {}", text.say("published.title"), page.site.name);
        let other = |lang| address.in_lang(lang).plain();
        self.page("published", reader, title, other, page.view(reader.chosen, text))
    }

    /// The list of sites.
    pub fn render_sites(&self, sites: &Sites, reader: &Reader) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        let view = sites.view(reader.chosen, text);
        let address = Address::new("/", reader.chosen);
        let other = |lang| address.in_lang(lang).plain();
        self.page("sites", reader, text.say("sites.title"), other, view)
    }

    /// The login page.
    pub fn render_login(&self, login: &Login, reader: &Reader) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        let next = utf8_percent_encode(&login.next, NON_ALPHANUMERIC).to_string();
        let address = Address::new("/login", reader.chosen);
        let other = |lang| format!("{}&next={next}", address.in_lang(lang).plain());
        self.page("login", reader, text.say("login.title"), other, login.view(text))
    }

    /// How to embed the tracker.
    pub fn render_install(&self, install: &Install, reader: &Reader) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        let back = Address::site(install.site.id, reader.chosen).plain();
        let address = Address::new(format!("/sites/{}/install", install.site.id), reader.chosen);
        let other = |lang| address.in_lang(lang).plain();
        let title = text.fill("install.page_title", &[("site", &install.site.name)]);
        self.page("install", reader, title, other, install.view(back))
    }

    /// What a site declares of its features.
    pub fn render_register(&self, page: &RegisterPage, reader: &Reader) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        let other = |lang| register::in_lang(page.site.id, lang);
        let title = format!("{} – {}", page.site.name, text.say("register.title"));
        self.page("register", reader, title, other, page.view(reader.chosen, text))
    }

    /// The form of one feature.
    pub fn render_feature_form(
        &self,
        form: &FeatureForm,
        reader: &Reader,
    ) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        let other = |lang| form.here(Chosen { lang, asked: true });
        let title = format!("{} – {}", form.site.name, form.title(text));
        self.page("register/form", reader, title, other, form.view(reader.chosen, text))
    }

    /// Names under which things arrive, and what becomes of them.
    pub fn render_data_map(&self, map: &DataMap, reader: &Reader) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        let other = |lang| data_map::address(map.site.id, Chosen { lang, asked: true });
        let title = format!("{} – {}", map.site.name, text.say("data_map.title"));
        self.page("data_map", reader, title, other, map.view(reader.chosen, text))
    }

    /// The page where visitors refuse to be counted.
    pub fn render_opt_out(&self, state: OptOut, chosen: Chosen) -> Result<String, Error> {
        let text = self.text(chosen.lang);
        let address = Address::new("/opt-out", chosen);
        let other = |lang| address.in_lang(lang).plain();
        let view = state.view(text, address.in_lang(chosen.lang).plain());
        let reader = Reader { user: None, chosen };
        self.page("opt_out", &reader, text.say("opt_out.title"), other, view)
    }

    /// An error page.
    pub fn render_failure(&self, failure: Failure, reader: &Reader) -> Result<String, Error> {
        let text = self.text(reader.chosen.lang);
        // The page may stand at any address: the link only changes its query.
        let other = |lang: Lang| format!("?lang={}", lang.code());
        let view = failure.view(text);
        let title = text.say("failure.page_title");
        self.page("failure", reader, title, other, view)
    }

    fn speaker(&self, lang: Lang) -> &Speaker {
        let [first, second] = &self.speakers;
        if second.text.lang() == lang { second } else { first }
    }

    fn page<T: Serialize>(
        &self,
        template: &str,
        reader: &Reader,
        title: String,
        other: impl Fn(Lang) -> String,
        page: T,
    ) -> Result<String, Error> {
        let Chosen { lang, asked } = reader.chosen;
        let other_lang = if lang == Lang::Fr { Lang::En } else { Lang::Fr };
        let shell = Shell {
            lang: lang.code(),
            kept_lang: asked.then(|| lang.code()),
            title,
            user: reader.user.as_deref(),
            home: Address::new("/", reader.chosen).plain(),
            style: STYLE.href(),
            icon: ICON.href(),
            other: OtherLang {
                href: other(other_lang),
                code: other_lang.code(),
                name: other_lang.own_name(),
            },
        };
        let page = Page { shell, page };
        Ok(self.speaker(lang).registry.render(template, &page).map_err(Box::new)?)
    }
}

impl Speaker {
    fn new(templates: &[(&str, &str)], lang: Lang, toml: &str) -> Result<Self, Error> {
        let text = Text::parse(lang, toml)?;
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        // Code samples must keep their own indentation.
        registry.set_prevent_indent(true);
        registry.register_helper("t", Box::new(Say(text.clone())));
        for (name, source) in templates {
            registry.register_template_string(name, source).map_err(Box::new)?;
        }
        Ok(Self { text, registry })
    }
}

/// `{{t "key" name=value}}`: the text of that key, filled in and escaped.
struct Say(Text);

impl HelperDef for Say {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, handlebars::RenderError> {
        let key = helper.param(0).and_then(|it| it.value().as_str());
        let key = key.filter(|key| self.0.get(key).is_some()).ok_or_else(|| {
            RenderErrorReason::Other(format!("no text for {key:?} in {:?}", self.0.lang()))
        })?;
        let values: Vec<(&str, String)> =
            helper.hash().iter().map(|(name, it)| (*name, it.value().render())).collect();
        let values: Vec<(&str, &str)> =
            values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Ok(ScopedJson::Derived(self.0.fill(key, &values).into()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::dash::{SiteCard, SiteName, Step, Tables, ask, features, sample};

    fn every_page(lang: Lang, site: SiteName) -> Vec<String> {
        let templates = Templates::embedded().unwrap();
        let reader =
            Reader { user: Some(site.name.clone()), chosen: Chosen { lang, asked: false } };
        let asked = ask(None, None, None, sample::now().date());
        let empty = Overview { site: site.clone(), ..sample::empty(asked, Step::Day) };
        let card = SiteCard { site: site.clone(), ..SiteCard::default() };
        let login = Login { user: site.name.clone(), next: site.address.clone(), refused: None };
        let name = site.name.clone();
        let features = features::sample::features(site.clone(), &name);
        let nothing = Features { tables: Tables::default(), feature: None, ..features.clone() };
        let install =
            Install { server: Some(site.address.clone()), site: site.clone(), heard: true };
        vec![
            templates.render_overview(&empty, &reader).unwrap(),
            templates.render_features(&features, &reader).unwrap(),
            templates.render_features(&nothing, &reader).unwrap(),
            templates
                .render_sites(&Sites { sites: vec![card], published: vec![site.clone()] }, &reader)
                .unwrap(),
            templates.render_sites(&Sites::default(), &reader).unwrap(),
            templates.render_login(&login, &Reader::default()).unwrap(),
            templates.render_install(&install, &reader).unwrap(),
            templates.render_failure(Failure { status: 418 }, &reader).unwrap(),
            templates.render_published(&published(site.clone()), &reader).unwrap(),
            templates.render_published(&Published::default(), &reader).unwrap(),
            templates.render_register(&register::register(site.clone()), &reader).unwrap(),
            templates.render_feature_form(&register::feature_form(site.clone()), &reader).unwrap(),
            templates.render_data_map(&data_map(site.clone()), &reader).unwrap(),
            templates.render_data_map(&DataMap::default(), &reader).unwrap(),
            templates.render_register(&RegisterPage::default(), &reader).unwrap(),
            templates.render_feature_form(&FeatureForm::default(), &reader).unwrap(),
        ]
    }

    fn published(site: SiteName) -> Published {
        let place = |key: &str| crate::dash::PlaceName { key: key.into(), name: site.name.clone() };
        let figures = |key: &str| crate::dash::PublishedFigures {
            place: place(key),
            profile: site.name.clone(),
            visits: Some(20),
            months_shown: 1,
            months_decided: 2,
            ..Default::default()
        };
        Published {
            span: Some(crate::dash::Span::Year(2025)),
            place: place("nation"),
            trail: vec![place("nation")],
            own: vec![place("region:11")],
            profiles: vec![site.name.clone()],
            profile: site.name.clone(),
            rows: vec![figures("nation"), figures("region:11")],
            is_team: true,
            site,
            ..Published::default()
        }
    }

    fn data_map(site: SiteName) -> DataMap {
        let name = |is_shape| crate::dash::MappedName {
            kind: "event",
            name: site.name.clone(),
            is_shape,
            may_be_kept: true,
            ..Default::default()
        };
        DataMap {
            names: vec![name(true), name(false)],
            may_label: true,
            site,
            ..Default::default()
        }
    }

    #[test]
    fn every_page_stands_without_data_in_every_language() {
        for lang in Lang::ALL {
            for html in every_page(lang, sample::site()) {
                assert!(html.starts_with("<!doctype html>"));
                assert_eq!(html.matches("<h1").count(), 1, "one h1");
                assert!(html.contains("<main id=\"main\""));
            }
        }
        assert!(every_page(Lang::En, sample::site())[0].contains("<html lang=\"en\">"));
    }

    #[test]
    fn what_others_wrote_is_never_markup() {
        let evil = "<script>\"'&{{t}}</textarea>";
        let site = SiteName { id: 7, name: evil.to_owned(), address: evil.to_owned() };
        for html in every_page(Lang::Fr, site) {
            assert!(!html.contains("<script>\"") && !html.contains("&{{t}}</text"), "{html}");
        }
        let mut overview = sample::overview("week", "2026-03-09");
        overview.features[0].category = evil.to_owned();
        overview.features[0].action = evil.to_owned();
        overview.pages[0].title = Some(evil.to_owned());
        overview.pages[0].address = evil.to_owned();
        overview.browsers[0].label = evil.to_owned();
        let html = Templates::embedded().unwrap().render_overview(&overview, &Reader::default());
        assert!(!html.unwrap().contains("<script"));
    }

    #[test]
    fn pages_need_no_script_and_no_style_of_their_own() {
        let overview = sample::overview("range", "last30");
        let reader = Reader { user: Some("c".to_owned()), ..Reader::default() };
        let html = Templates::embedded().unwrap().render_overview(&overview, &reader).unwrap();
        let features = features::sample::features(sample::site(), "Dessin");
        let features = Templates::embedded().unwrap().render_features(&features, &reader).unwrap();
        for html in [html, features] {
            for word in ["<script", " style=", "<style", " onclick", "javascript:", "src="] {
                assert!(!html.contains(word), "{word}");
            }
            let ids: Vec<_> =
                html.split(" id=\"").skip(1).filter_map(|it| it.split('"').next()).collect();
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "ids are unique");
        }
    }

    #[test]
    fn only_drawings_are_inserted_raw() {
        for (name, source) in assets::TEMPLATES {
            for raw in source.split("{{{").skip(1) {
                let field = raw.split("}}}").next().unwrap();
                assert!(["spark", "svg", "bar", "this"].contains(&field), "{name}: {field}");
            }
            let raw_list = source.contains("{{{this}}}");
            assert!(!raw_list || source.contains(".charts}}"), "{name}: raw list of what?");
        }
    }

    #[test]
    fn every_key_has_a_text_and_every_text_is_used() {
        let text = Text::parse(Lang::Fr, assets::TEXTS[0].1).unwrap();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for (name, source) in assets::TEMPLATES {
            for rest in source.split("{{t \"").skip(1) {
                let key = rest.split('"').next().unwrap();
                assert!(text.get(key).is_some(), "{name}: no text for {key}");
                used.insert(key.to_owned());
            }
        }
        let code = rust_sources();
        for key in text.keys() {
            let base = key.strip_suffix(".one").or(key.strip_suffix(".many")).unwrap_or(key);
            let (family, _) = key.rsplit_once('.').unwrap();
            let built = [
                "dates.months",
                "dates.months_short",
                "dates.weekdays",
                "dates.weekdays_short",
                "labels",
                "picker.length",
                "data_map.kinds",
            ]
            .contains(&family)
                || key.starts_with("shares.")
                || key.starts_with("use_moments.")
                || key.starts_with("usage.change_")
                || key.starts_with("usage.reach_by_")
                || key.starts_with("moments.")
                || key.starts_with("failure.");
            let named = code.contains(&format!("\"{base}\""));
            assert!(used.contains(key) || named || built, "{key} is not used");
        }
    }

    fn rust_sources() -> String {
        let mut res = String::new();
        let mut folders =
            vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/dash"))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    res.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        res
    }
}
