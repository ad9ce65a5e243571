//! An open place with the next open places below it: one table of rows and columns.
//!
//! A row is a place with what it hides; all that is closed is one row more. A column is a profile
//! that the place above shows, or all that it hides together. What this place and the ones above
//! hide can also be moved by what is above: that is its [`Room`].

use super::{
    decide::{hidden_profiles, smallest},
    places::At,
    room::{Room, of},
    slab::{Cell, EVERYONE, Profiles, Rules, Slab},
};

/// An open place: what it hides, and how far that can be moved.
pub(super) struct Open {
    pub(super) at: At,
    pub(super) hidden: Profiles,
    pub(super) room: Room,
}

/// An open place below.
struct Row {
    at: At,
    hidden: Profiles,
    /// A cell for each profile.
    cells: Vec<Cell>,
    /// What it hides moves enough, and goes on to: other rows only ever hide more.
    loose: bool,
}

/// Something in the table that tells too much.
#[derive(Clone, Copy, PartialEq)]
enum Weakness {
    /// All that is closed.
    Closed,
    /// What is hidden of a column.
    Column(Profiles),
    /// A cell cannot be moved enough; no row: of what is closed.
    Cell(Option<usize>, Profiles),
}

pub(super) struct Family<'a> {
    slab: &'a Slab<'a>,
    rules: &'a Rules,
    above: &'a Open,
    columns: Vec<Profiles>,
    rows: Vec<Row>,
    /// Of all that is closed, a cell for each profile.
    closed: Vec<Cell>,
    everyone_closed: Cell,
    /// Whether anything is closed, be it empty.
    any_closed: bool,
    /// Of what is closed, the last places that are not empty.
    members: usize,
    /// For each two profiles, what all the rows that hide both have of the first.
    traded: Room,
}

impl<'a> Family<'a> {
    /// The next open places below one.
    pub(super) fn settle(slab: &'a Slab<'a>, rules: &'a Rules, above: &'a Open) -> Vec<Open> {
        let shown = slab.all_profiles().without(above.hidden);
        let mut columns: Vec<_> = shown.iter().map(Profiles::one).collect();
        if !above.hidden.is_empty() {
            columns.push(above.hidden);
        }
        let mut family = Self {
            slab,
            rules,
            above,
            columns,
            rows: Vec::new(),
            closed: vec![Cell::default(); usize::from(slab.profiles())],
            everyone_closed: Cell::default(),
            any_closed: false,
            members: 0,
            traded: Room::none(slab.profiles()),
        };
        for child in slab.places.children(above.at) {
            family.offer(*child);
        }
        let (mut last, mut again) = (None, 0);
        while let Some(weakness) = family.weakness() {
            again = if last == Some(weakness) { again + 1 } else { 0 };
            last = Some(weakness);
            // More at once where many would have to follow each other.
            for _ in 0..1_usize << (again / 8).min(12) {
                let rows = family.rows.len();
                family.mend(weakness);
                if family.rows.len() != rows && matches!(weakness, Weakness::Cell(Some(_), _)) {
                    break;
                }
            }
        }
        family.opened()
    }

    fn opened(&self) -> Vec<Open> {
        let rows = self.rows.iter().map(|row| {
            // Nothing is decided below the last places.
            let last = self.slab.places.children(row.at).is_empty();
            let room = if last { Room::default() } else { self.room(&row.cells, row.hidden) };
            Open { at: row.at, hidden: row.hidden, room }
        });
        rows.collect()
    }

    /// A place below becomes a row, or is closed.
    fn offer(&mut self, at: At) {
        if self.slab.of(at, EVERYONE).may_be_known(self.rules) {
            let hidden = hidden_profiles(self.slab, self.rules, at, self.above.hidden);
            let cells = self.slab.of_each(at).to_vec();
            self.trades(&cells, hidden, true);
            self.rows.push(Row { at, hidden, cells, loose: false });
        } else {
            self.close(at);
        }
    }

    /// A place is closed. What stands below it may still be open, if nothing of the place itself is
    /// secret but for the sake of others: else what is shown below would say from what on it is.
    fn close(&mut self, at: At) {
        let mut todo = vec![(at, true)];
        while let Some((at, may_open)) = todo.pop() {
            let children = self.slab.places.children(at);
            let mut cells = std::iter::once(self.slab.of(at, EVERYONE))
                .chain(self.slab.of_each(at).iter().copied());
            let may_open = may_open && cells.all(|it| it.may_be_known(self.rules));
            for child in children {
                if may_open && self.slab.of(*child, EVERYONE).may_be_known(self.rules) {
                    self.offer(*child);
                } else {
                    todo.push((*child, may_open));
                }
            }
            if children.is_empty() {
                let everyone = self.slab.of(at, EVERYONE);
                self.any_closed = true;
                self.members += usize::from(!everyone.is_nothing());
                self.everyone_closed.join(&everyone);
                for (sum, cell) in self.closed.iter_mut().zip(self.slab.of_each(at)) {
                    sum.join(cell);
                }
                self.trades(self.slab.of_each(at), self.slab.all_profiles(), true);
            }
        }
    }

    /// Whether a row hides something of a column that the place above tells.
    fn hides(&self, row: &Row, column: Profiles) -> bool {
        row.hidden != self.above.hidden && row.hidden.holds(column)
    }

    fn weakness(&mut self) -> Option<Weakness> {
        if self.rows.is_empty() {
            // Then all that is known is the place above, which is shown.
            return None;
        }
        let lonely = self.members == 1;
        if self.any_closed && (lonely || !self.everyone_closed.may_be_known(self.rules)) {
            return Some(Weakness::Closed);
        }
        for column in self.columns.iter().copied() {
            let mut sum = sum(&self.closed, column);
            let mut hidden = usize::from(self.any_closed);
            for row in self.rows.iter().filter(|row| self.hides(row, column)) {
                sum.join(&self::sum(&row.cells, column));
                hidden += 1;
            }
            let lonely = hidden == 1 && !self.any_closed;
            if hidden > 0 && (lonely || !sum.may_be_known(self.rules)) {
                return Some(Weakness::Column(column));
            }
        }
        if self.rows.len() == 1 && !self.any_closed {
            // The only place below is the place above again.
            return None;
        }
        self.stiff_cell()
    }

    /// A cell that is secret in itself and cannot be moved enough.
    fn stiff_cell(&mut self) -> Option<Weakness> {
        if self.any_closed
            && let Some(set) = self.stiff(&self.closed, self.slab.all_profiles())
        {
            return Some(Weakness::Cell(None, set));
        }
        for at in 0..self.rows.len() {
            let Some(row) = self.rows.get(at).filter(|it| !it.loose) else { continue };
            if let Some(set) = self.stiff(&row.cells, row.hidden) {
                return Some(Weakness::Cell(Some(at), set));
            }
            if let Some(row) = self.rows.get_mut(at) {
                row.loose = true;
            }
        }
        None
    }

    /// What hides these profiles trades in them from now on, or does so no more.
    fn trades(&mut self, cells: &[Cell], hidden: Profiles, from_now_on: bool) {
        for one in hidden.iter() {
            for other in hidden.iter().filter(|it| *it != one) {
                self.traded.change(one, other, |figure, sum| {
                    let own = figure_of(cells, one, figure);
                    *sum = if from_now_on { *sum + own } else { *sum - own };
                });
            }
        }
    }

    /// By how much a row can have more of one profile and less of another: by trades with other
    /// rows, and with what is above.
    fn trade(&self, cells: &[Cell], more: u8, less: u8, figure: usize) -> u64 {
        let theirs = self.traded.of(more, less, figure) - figure_of(cells, more, figure);
        let from_above = self.above.room.of(more, less, figure);
        figure_of(cells, less, figure).min(theirs + from_above)
    }

    fn room(&self, cells: &[Cell], hidden: Profiles) -> Room {
        let mut room = Room::none(self.slab.profiles());
        for more in hidden.iter() {
            for less in hidden.iter().filter(|it| *it != more) {
                room.change(more, less, |figure, by| {
                    *by = self.trade(cells, more, less, figure);
                });
            }
        }
        room
    }

    /// The first of a row's hidden cells that cannot be moved enough.
    fn stiff(&self, cells: &[Cell], hidden: Profiles) -> Option<Profiles> {
        let above = self.above.hidden;
        let together = (above.len() > 1 && hidden != above && hidden.holds(above)).then_some(above);
        hidden.iter().map(Profiles::one).chain(together).find(|set| {
            let cell = sum(cells, *set);
            let own = cell.figures();
            !cell.may_be_known(self.rules)
                && own.iter().enumerate().any(|(figure, own)| {
                    let play = self.play(cells, hidden, *set, figure);
                    match figure {
                        0 => play < self.rules.contributors(),
                        _ => play.saturating_mul(100) < own.saturating_mul(Rules::PLAY),
                    }
                })
        })
    }

    /// How far a set of what a row hides can be moved, up and down together.
    fn play(&self, cells: &[Cell], hidden: Profiles, set: Profiles, figure: usize) -> u64 {
        let (mut up, mut down) = (0, 0);
        for one in set.iter() {
            for other in hidden.without(set).iter() {
                up = up.max(self.trade(cells, one, other, figure));
                down = down.max(self.trade(cells, other, one, figure));
            }
        }
        up + down
    }

    /// Hides one thing more.
    fn mend(&mut self, weakness: Weakness) {
        match weakness {
            Weakness::Closed => self.close_smallest(),
            Weakness::Column(column) => {
                let next = self.next_row(|family, row| {
                    let people = sum(&row.cells, column).contributors;
                    (people > 0 && !family.hides(row, column)).then_some(people)
                });
                match next {
                    Some(row) => self.hide(row, column),
                    None => self.close_smallest(),
                }
            }
            Weakness::Cell(row, set) => self.loosen(row, set),
        }
    }

    /// Gives a cell another row to trade with.
    fn loosen(&mut self, row: Option<usize>, set: Profiles) {
        let Some(other) = self.partner(row, set) else { return self.close_row(row) };
        let next = self.next_row(|_, row| {
            let people = sum(&row.cells, set).contributors;
            let more = sum(&row.cells, other).contributors;
            let trades = row.hidden.holds(set.with(other));
            (!trades && people + more > 0).then_some((people == 0, people + more))
        });
        match next {
            Some(next) => self.hide(next, set.with(other)),
            None => self.close_row(row),
        }
    }

    /// The largest other profile that a row hides.
    fn partner(&self, row: Option<usize>, set: Profiles) -> Option<Profiles> {
        let row = row.and_then(|it| self.rows.get(it));
        let (cells, hidden) = match row {
            Some(row) => (&row.cells, row.hidden),
            None => (&self.closed, self.slab.all_profiles()),
        };
        let others = hidden.without(set);
        others.iter().max_by_key(|it| of(cells, *it).contributors).map(Profiles::one)
    }

    fn next_row<K: Ord>(&self, key: impl Fn(&Self, &Row) -> Option<K>) -> Option<usize> {
        let rows = self.rows.iter().enumerate();
        rows.filter_map(|(at, row)| Some((key(self, row)?, at))).min().map(|it| it.1)
    }

    /// A row hides some profiles more, and what follows from that.
    fn hide(&mut self, at: usize, profiles: Profiles) {
        let Some(row) = self.rows.get(at) else { return };
        let mut must = row.hidden.with(profiles);
        if must == self.above.hidden {
            // All that the place above hides was known together: not any more.
            let rest = self.slab.all_profiles().without(must);
            must = must.with(smallest(self.slab, row.at, rest).unwrap_or_default());
        }
        let hidden = hidden_profiles(self.slab, self.rules, row.at, must);
        let (cells, before) = (row.cells.clone(), row.hidden);
        self.trades(&cells, before, false);
        self.trades(&cells, hidden, true);
        if let Some(row) = self.rows.get_mut(at) {
            row.hidden = hidden;
            row.loose = false;
        }
    }

    fn close_row(&mut self, row: Option<usize>) {
        match row {
            Some(at) if at < self.rows.len() => {
                let row = self.rows.swap_remove(at);
                self.trades(&row.cells, row.hidden, false);
                self.close(row.at);
            }
            _ => self.close_smallest(),
        }
    }

    fn close_smallest(&mut self) {
        let people = |_: &Self, row: &Row| Some(self.slab.of(row.at, EVERYONE).figures());
        if let Some(at) = self.next_row(people) {
            self.close_row(Some(at));
        }
    }
}

fn figure_of(cells: &[Cell], profile: u8, figure: usize) -> u64 {
    of(cells, profile).figures().get(figure).copied().unwrap_or_default()
}

/// Several profiles of a row together.
fn sum(cells: &[Cell], profiles: Profiles) -> Cell {
    let mut sum = Cell::default();
    for profile in profiles.iter() {
        sum.join(&of(cells, profile));
    }
    sum
}
