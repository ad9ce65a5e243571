//! Names that were counted lately: what a rule of the register can be tried on.

use super::{figures, state::State};
use crate::{
    register::{KnownEvent, KnownPage},
    report::{Ask, By, Grain, Need, Only, Row, Slice},
    rollup::{Shape, subject},
    site::{self, Site},
    store::Error,
};

/// How far back.
pub(super) const DAYS: i32 = 30;

/// Names of the last days, as they were written: what a policy lets nobody write is not among them.
#[derive(Default)]
pub(super) struct Names {
    pub(super) events: Vec<KnownEvent>,
    pub(super) pages: Vec<KnownPage>,
}

/// Reads them from the rollups.
///
/// # Errors
/// The database is away.
pub(super) async fn names(state: &State, site: &Site) -> Result<Names, Error> {
    let today = site::number_of(figures::local(site, state.now()).date());
    let slice = Slice { period: 0, grain: Grain::Day, from: today - DAYS + 1, to: today };
    let ask = |shape, subject, by| Ask {
        need: Need::Rollup { shape, subject, by },
        slices: [slice].into(),
        only: Only::default(),
    };
    let asks = [
        ask(Shape::Event, subject::EVENT, By::ALL),
        ask(Shape::Action, subject::PAGE_URL, By::VALUE),
    ];
    let [events, pages] =
        <[Vec<Row>; 2]>::try_from(state.store.read(site.id, &asks).await?).unwrap_or_default();
    let figure = |row: &Row, shape: Shape, column| {
        let figure = row.figures.get(shape.at(column)).copied().unwrap_or_default();
        u64::try_from(figure).unwrap_or_default()
    };
    let event = |row: &Row| KnownEvent {
        category: row.value.as_str().to_owned(),
        action: row.sub.as_str().to_owned(),
        name: row.leaf.as_str().to_owned(),
        uses: figure(row, Shape::Event, "events"),
    };
    let page = |row: &Row| KnownPage {
        path: path(row.value.as_str()).to_owned(),
        views: figure(row, Shape::Action, "hits"),
    };
    Ok(Names {
        events: events.iter().map(event).filter(|it| it.uses > 0).collect(),
        pages: pages.iter().map(page).filter(|it| it.views > 0).collect(),
    })
}

/// The path of an address, `/` where it has none.
fn path(url: &str) -> &str {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let before = rest.get(..end).unwrap_or(rest);
    before.find('/').and_then(|at| before.get(at..)).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_what_stands_behind_the_host() {
        for (url, wanted) in [
            ("https://www.quiziniere.com/quiz/~?x=1#y", "/quiz/~"),
            ("https://www.quiziniere.com", "/"),
            ("quiziniere.com/é/a", "/é/a"),
            ("https://quiziniere.com?x=/a", "/"),
        ] {
            assert_eq!(path(url), wanted, "{url}");
        }
    }
}
