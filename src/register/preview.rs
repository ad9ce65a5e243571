//! Which of the names that are known a rule fits, so that whoever writes it sees what it takes.

use crate::site::{Rule, TextPattern, path_fits};

/// An event that was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownEvent {
    pub category: String,
    pub action: String,
    /// Empty where it had none.
    pub name: String,
    pub uses: u64,
}

/// A page that was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownPage {
    /// Of its address, from the first `/` on.
    pub path: String,
    pub views: u64,
}

/// What a rule fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The most frequent first.
    pub events: Vec<KnownEvent>,
    pub pages: Vec<KnownPage>,
    /// Uses of the events, or views of the pages.
    pub total: u64,
    /// Only events on some pages are meant, and what is counted of events does not tell where.
    pub page_not_looked_at: bool,
}

/// What a rule fits among known names.
pub fn preview(rule: &Rule, events: &[KnownEvent], pages: &[KnownPage]) -> Preview {
    if rule.is_of_event() {
        let any = |text: &Option<String>| TextPattern::new(text.as_deref().unwrap_or("*"));
        let (category, action, name) = (any(&rule.category), any(&rule.action), any(&rule.name));
        let fits = |it: &&KnownEvent| {
            category.fits(&it.category) && action.fits(&it.action) && name.fits(&it.name)
        };
        let mut events: Vec<KnownEvent> = events.iter().filter(fits).cloned().collect();
        events.sort_by(|a, b| b.uses.cmp(&a.uses).then_with(|| label(a).cmp(&label(b))));
        let total = events.iter().map(|it| it.uses).sum();
        let page_not_looked_at = rule.page.is_some();
        return Preview { events, total, page_not_looked_at, ..Preview::default() };
    }
    let Some(pattern) = &rule.page else { return Preview::default() };
    // A part that was replaced at the door may have been anything.
    let same = |part: &str, expected: &str| part == expected || matches!(part, "~" | "*");
    let fits = |it: &&KnownPage| path_fits(&it.path, pattern, same);
    let mut pages: Vec<KnownPage> = pages.iter().filter(fits).cloned().collect();
    pages.sort_by(|a, b| b.views.cmp(&a.views).then_with(|| a.path.cmp(&b.path)));
    let total = pages.iter().map(|it| it.views).sum();
    Preview { pages, total, ..Preview::default() }
}

fn label(event: &KnownEvent) -> (&str, &str, &str) {
    (&event.category, &event.action, &event.name)
}
