//! What an event does to the visit it belongs to.

use std::mem::replace;

use super::{Exit, Moved, PageHits, Thing, VISIT_GAP, Visit, visit::Conversion};
use crate::{
    site::Scope,
    strip::{Action, Event},
};

impl Visit {
    /// Lets an event happen to the visit.
    pub(super) fn take(&mut self, event: &Event, known: bool) -> Moved {
        let hit = !event.action.is_ping();
        let mut moved = Moved {
            hit,
            from: self.facts.exit,
            converted_before: self.conversions.len(),
            ..Moved::default()
        };
        let since = (event.time - self.facts.last).clamp(0, VISIT_GAP);
        // What is used is cut by what dimensions tell.
        let told = !event.features.is_empty() || !event.dimensions.is_empty();
        if told && !self.cuts.is_empty() {
            moved.used_before = Some(self.used.clone());
        }
        self.update(event, known);
        if !self.cuts.is_empty() {
            self.used.take(event);
        }
        if known {
            let time = since;
            moved.dimension_times =
                self.pending.drain(..).map(|(id, value, page)| (id, value, page, time)).collect();
            if hit {
                moved.time = since;
            }
            self.facts.length = (1 + event.time - self.facts.first).max(0);
        }
        if hit {
            self.facts.last = self.facts.last.max(event.time);
        }
        self.act(event, &mut moved);
        self.load(event, &mut moved);
        self.note_dimensions(event, &mut moved);
        self.convert(event, known, &mut moved);
        moved
    }

    /// What any hit may bring to a visit: who, where from, dimensions.
    fn update(&mut self, event: &Event, known: bool) {
        let facts = &mut self.facts;
        if let Some(user) = event.who.user {
            facts.user = user.day;
        }
        if known
            && facts.referrer == 1
            && let Some(referrer) = &event.referrer
        {
            facts.come_from(referrer);
        }
        if !facts.resolution_known && &*event.setting.resolution.text != "unknown" {
            facts.resolution = event.setting.resolution.id;
            facts.resolution_known = true;
        }
        for dimension in event.dimensions.iter().filter(|it| it.scope == Scope::Visit) {
            facts.dimensions.retain(|(id, _)| *id != dimension.id);
            if let Some(value) = &dimension.value {
                facts.dimensions.push((dimension.id, value.id));
            }
        }
    }

    fn act(&mut self, event: &Event, moved: &mut Moved) {
        let id = |text: &Option<crate::strip::Text>| text.as_ref().map_or(0, |text| text.id);
        match &event.action {
            Action::Page { url, title } => {
                self.facts.actions += 1;
                self.facts.pageviews += 1;
                let (url, title) = (id(url), id(title));
                self.see(Thing::Page(url), moved);
                self.see(Thing::Title(title), moved);
                self.facts.entry_url.get_or_insert(url);
                if title != 0 {
                    self.facts.entry_title.get_or_insert(title);
                    self.facts.exit.title = Some(title);
                    self.facts.exit.search = None;
                }
                self.facts.exit.url = Some(url);
            }
            Action::Search { keyword, category, .. } => {
                self.facts.actions += 1;
                let (keyword, category) = (id(keyword), id(category));
                self.once(Thing::Search(keyword), moved);
                if category != 0 {
                    self.once(Thing::SearchCategory(category), moved);
                }
                // A visit that starts with a search never gets an entry page.
                if self.facts.actions == 1 {
                    self.facts.entry_url.get_or_insert(0);
                    self.facts.entry_title.get_or_insert(0);
                }
                // Nor is it the step before the next page's address.
                let url = (self.facts.actions == 1).then_some(0);
                self.facts.exit = Exit { url, title: None, search: Some(keyword) };
            }
            Action::Download(url) => {
                self.facts.actions += 1;
                self.once(Thing::Download(url.id), moved);
            }
            Action::Outlink(url) => {
                self.facts.actions += 1;
                self.once(Thing::Outlink(url.id), moved);
            }
            Action::Event { category, action, name, .. } => {
                self.facts.actions += 1;
                self.once(Thing::Event(category.id, action.id, id(name)), moved);
                self.once(Thing::Feature(category.id, action.id), moved);
            }
            Action::Content { name, piece, .. } => {
                self.once(Thing::Content(name.id, id(piece)), moved);
            }
            Action::Goal | Action::Ping | Action::Attention(_) => (),
        }
    }

    /// The official client knows the last phases after it has sent the view, and sends all again.
    fn load(&mut self, event: &Event, moved: &mut Moved) {
        let (view, page) = match &event.action {
            Action::Page { url, .. } => (true, url.as_ref()),
            _ => (false, event.page.as_ref()),
        };
        let page = page.map_or(0, |page| page.id);
        let told = event.timings.as_deref().copied();
        if view {
            self.loaded = told.map(|told| (page, told));
        } else if let Some(told) = told {
            match &mut self.loaded {
                Some((it, known)) if *it == page => {
                    moved.loaded_before = Some(replace(known, told))
                }
                other => *other = Some((page, told)),
            }
        }
    }

    fn once(&mut self, thing: Thing, moved: &mut Moved) {
        if self.first_time(thing) {
            moved.firsts.push(thing);
        }
    }

    fn see(&mut self, thing: Thing, moved: &mut Moved) {
        self.once(thing, moved);
        match self.pages.iter_mut().find(|page| page.thing == thing) {
            Some(page) => page.hits += 1,
            None => self.pages.push(PageHits { thing, hits: 1 }),
        }
    }

    /// Action dimensions of this hit; their time is known when the next one comes.
    fn note_dimensions(&mut self, event: &Event, moved: &mut Moved) {
        if event.action == Action::Goal || event.action.is_ping() {
            return;
        }
        let page = match &event.action {
            Action::Page { url, .. } => url.as_ref(),
            _ => event.page.as_ref(),
        };
        let page = page.map_or(0, |page| page.id);
        let values = event.dimensions.iter().filter(|it| it.scope == Scope::Action);
        let values = values.filter_map(|it| Some((it.id, it.value.as_ref()?.id, page)));
        if matches!(event.action, Action::Page { .. }) {
            self.facts.exit_dimensions = values.collect();
            if self.facts.pageviews == 1 {
                self.facts.entry_dimensions = self.facts.exit_dimensions.clone();
            }
        }
        for dimension in event.dimensions.iter().filter(|it| it.scope == Scope::Action) {
            let Some(value) = &dimension.value else { continue };
            self.once(Thing::Dimension(dimension.id, value.id), moved);
            self.once(Thing::DimensionPage(dimension.id, value.id, page), moved);
            self.pending.push((dimension.id, value.id, page));
        }
    }

    fn convert(&mut self, event: &Event, known: bool, moved: &mut Moved) {
        for goal in &event.goals {
            let length = event.time - self.facts.first;
            if goal.after.is_some_and(|after| length <= i64::from(after)) {
                continue;
            }
            if !goal.multiple && self.conversions.iter().any(|it| it.goal == goal.id) {
                continue;
            }
            let pages_before = self.facts.pageviews;
            let conversion = Conversion { goal: goal.id, revenue: goal.revenue, pages_before };
            self.conversions.push(conversion);
            moved.conversions.push(conversion);
            self.facts.converted = true;
            if known {
                // Matomo's own arithmetic: the goal's number plus 2 for a goal by hand, else 1.
                let by_hand = event.action == Action::Goal;
                self.facts.length += if by_hand { i64::from(goal.id) + 2 } else { 1 };
            }
        }
    }
}
