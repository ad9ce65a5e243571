//! The pages as files, to look at them: `PADOQE_PREVIEW=folder cargo test preview`.

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use crate::dash::{
        Chosen, Failure, Install, Lang, Login, Reader, Refusal, Sites, Step, Templates, ask,
        assets, register, sample,
    };

    fn pages() -> Vec<(&'static str, String)> {
        let templates = Templates::embedded().unwrap();
        let reader = |user: &str, lang| Reader {
            user: (!user.is_empty()).then(|| user.to_owned()),
            chosen: Chosen { lang, asked: lang == Lang::En },
        };
        let (claire, nobody) = (reader("claire.martin", Lang::Fr), reader("", Lang::Fr));
        let english = reader("claire.martin", Lang::En);
        let overview = |period, day, reader| {
            templates.render_overview(&sample::overview(period, day), reader).unwrap()
        };
        let wrong =
            ask(Some("range"), Some("2026-03-08"), Some("2026-03-02"), sample::now().date());
        let empty = sample::empty(wrong, Step::Day);
        let refused = Login {
            user: "claire.martin".to_owned(),
            next: "/sites/1".to_owned(),
            refused: Some(Refusal::WrongPassword),
        };
        let waiting = Install { site: sample::site(), server: None, heard: false };
        vec![
            ("last30", overview("range", "last30", &claire)),
            ("today", overview("day", "today", &claire)),
            ("week", overview("week", "2026-03-09", &claire)),
            ("schoolyear", overview("schoolyear", "today", &claire)),
            ("month-en", overview("month", "today", &english)),
            ("empty", templates.render_overview(&empty, &claire).unwrap()),
            ("sites", templates.render_sites(&sample::sites(), &claire).unwrap()),
            ("no-sites", templates.render_sites(&Sites::default(), &english).unwrap()),
            ("login", templates.render_login(&Login::default(), &nobody).unwrap()),
            ("refused", templates.render_login(&refused, &nobody).unwrap()),
            ("install", templates.render_install(&waiting, &claire).unwrap()),
            (
                "register",
                templates.render_register(&register::register(sample::site()), &claire).unwrap(),
            ),
            (
                "feature",
                templates
                    .render_feature_form(&register::feature_form(sample::site()), &claire)
                    .unwrap(),
            ),
            ("not-found", templates.render_failure(Failure { status: 404 }, &claire).unwrap()),
            ("unavailable", templates.render_failure(Failure { status: 503 }, &nobody).unwrap()),
        ]
    }

    #[test]
    fn preview() {
        let pages = pages();
        let Some(folder) = std::env::var_os("PADOQE_PREVIEW") else { return };
        let folder = Path::new(&folder);
        fs::create_dir_all(folder.join("static")).unwrap();
        for asset in assets::ASSETS {
            fs::write(folder.join(asset.path.trim_start_matches('/')), asset.body).unwrap();
        }
        for (name, html) in pages {
            let html = html.replace("href=\"/static/", "href=\"static/");
            fs::write(folder.join(format!("{name}.html")), html).unwrap();
        }
    }
}
