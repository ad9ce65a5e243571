//! What is compiled in from `dashboards/`: templates, texts, style, icon. The only place that names
//! these files.

use super::lang::Lang;

/// Templates and partials by name.
pub const TEMPLATES: [(&str, &str); 29] = [
    ("layout", include_str!("../../dashboards/layout.hbs")),
    ("login", include_str!("../../dashboards/login.hbs")),
    ("sites", include_str!("../../dashboards/sites.hbs")),
    ("overview", include_str!("../../dashboards/overview.hbs")),
    ("overview/picker", include_str!("../../dashboards/overview/picker.hbs")),
    ("overview/figures", include_str!("../../dashboards/overview/figures.hbs")),
    ("overview/trend", include_str!("../../dashboards/overview/trend.hbs")),
    ("overview/features", include_str!("../../dashboards/overview/features.hbs")),
    ("overview/pages", include_str!("../../dashboards/overview/pages.hbs")),
    ("overview/moments", include_str!("../../dashboards/overview/moments.hbs")),
    ("overview/shares", include_str!("../../dashboards/overview/shares.hbs")),
    ("overview/definitions", include_str!("../../dashboards/overview/definitions.hbs")),
    ("features", include_str!("../../dashboards/features.hbs")),
    ("features/list", include_str!("../../dashboards/features/list.hbs")),
    ("features/split", include_str!("../../dashboards/features/split.hbs")),
    ("features/trend", include_str!("../../dashboards/features/trend.hbs")),
    ("features/moments", include_str!("../../dashboards/features/moments.hbs")),
    ("features/never", include_str!("../../dashboards/features/never.hbs")),
    ("features/funnels", include_str!("../../dashboards/features/funnels.hbs")),
    ("features/together", include_str!("../../dashboards/features/together.hbs")),
    ("features/reach", include_str!("../../dashboards/features/reach.hbs")),
    ("published", include_str!("../../dashboards/published.hbs")),
    ("published/cells", include_str!("../../dashboards/published/cells.hbs")),
    ("install", include_str!("../../dashboards/install.hbs")),
    ("register", include_str!("../../dashboards/register.hbs")),
    ("register/form", include_str!("../../dashboards/register/form.hbs")),
    ("data_map", include_str!("../../dashboards/data_map.hbs")),
    ("opt_out", include_str!("../../dashboards/opt_out.hbs")),
    ("failure", include_str!("../../dashboards/failure.hbs")),
];

/// The texts of each language.
pub const TEXTS: [(Lang, &str); 2] = [
    (Lang::Fr, include_str!("../../dashboards/text.fr.toml")),
    (Lang::En, include_str!("../../dashboards/text.en.toml")),
];

/// A file that pages refer to.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    pub path: &'static str,
    pub content_type: &'static str,
    pub body: &'static str,
}

pub const STYLE: Asset = Asset {
    path: "/static/padoqe.css",
    content_type: "text/css; charset=utf-8",
    body: include_str!("../../dashboards/static/padoqe.css"),
};

pub const ICON: Asset = Asset {
    path: "/static/icon.svg",
    content_type: "image/svg+xml",
    body: include_str!("../../dashboards/static/icon.svg"),
};

/// Every file that pages refer to.
pub const ASSETS: [Asset; 2] = [STYLE, ICON];

impl Asset {
    /// The path with a mark of the content: what it leads to never changes and may be kept for ever.
    pub fn href(&self) -> String {
        format!("{}?v={:08x}", self.path, crc32fast::hash(self.body.as_bytes()))
    }
}
