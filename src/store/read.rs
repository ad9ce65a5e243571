//! Rows for a question. Only rollups are read, so that time does not grow with the hits.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use deadpool_postgres::Object;
use foldhash::fast::FixedState;
use tokio_postgres::types::ToSql;

use super::{Error, Store, establishments::column};
use crate::{
    report::{Ask, By, Grain, Label, Need, Only, Row, Slice},
    rollup::{Figures, Merge, Shape, WIDEST},
    school::place::Facet,
    site::SiteId,
};

/// The rows of each need, in the order they were asked for.
pub type Answered = Vec<Vec<Row>>;

impl Store {
    /// Reads what an answer needs of a site.
    ///
    /// # Errors
    /// The database is away.
    pub async fn read(&self, site: SiteId, asks: &[Ask]) -> Result<Answered, Error> {
        let mut answered = Vec::with_capacity(asks.len());
        let client = self.client().await?;
        for ask in asks {
            answered.push(match ask.need {
                Need::Rollup { shape, subject, by } => {
                    self.rollup(&client, site, ask, (shape, subject, by)).await?
                }
                Need::Reach { subject, by } => {
                    let by_school = (Shape::Feature, subject, By::SUB);
                    let schools = self.rollup(&client, site, ask, by_school).await?;
                    reached(schools, &places(&client, by).await?)
                }
                Need::Open { by } => open(&client, ask, by).await?,
                Need::Uniques => uniques(&client, site, ask).await?,
            });
        }
        Ok(answered)
    }

    async fn rollup(
        &self,
        client: &Object,
        site: SiteId,
        ask: &Ask,
        (shape, subject, by): (Shape, i16, By),
    ) -> Result<Vec<Row>, Error> {
        let slices = slices(ask);
        let query = rollup_query(shape, by, &ask.only, is_apart(&slices));
        let statement = client.prepare_cached(&query).await?;
        let (site, slices) = (site.cast_signed(), Slices::of(&slices));
        let values = ask.only.values.as_deref();
        let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&site];
        parameters.extend(slices.parameters());
        parameters.push(&subject);
        parameters.extend(values.iter().map(|it| it as &(dyn ToSql + Sync)));
        parameters.extend(ask.only.sub.iter().map(|it| it as &(dyn ToSql + Sync)));
        parameters.extend(ask.only.leaf.iter().map(|it| it as &(dyn ToSql + Sync)));
        let found = client.query(&statement, &parameters).await?;
        let mut rows: Vec<Row> = found.iter().map(|row| told(row, shape)).collect();
        let numbers = |row: &Row| [row.value.id, row.sub.id, row.leaf.id];
        let texts = self.labels.of(client, rows.iter().flat_map(numbers)).await?;
        for label in rows.iter_mut().flat_map(|it| [&mut it.value, &mut it.sub, &mut it.leaf]) {
            label.text = texts.get(&label.id).map(Arc::clone);
        }
        if by.sub && by.department {
            rows.iter_mut().for_each(|row| row.sub = begins(&row.sub));
        }
        Ok(summed(rows, shape))
    }
}

/// Where values are named, they are found period by period, by the key as far as it is known.
fn slices(ask: &Ask) -> Cow<'_, [Slice]> {
    match ask.only.values {
        Some(_) => ask.slices.iter().flat_map(|it| it.each()).collect(),
        None => Cow::Borrowed(&ask.slices),
    }
}

/// Whether each period that is asked about is one that is stored: then nothing is to be added up.
fn is_apart(slices: &[Slice]) -> bool {
    slices.iter().all(|it| it.from == it.to)
        && slices.windows(2).all(|pair| pair.iter().map(|it| it.period).is_sorted_by(|a, b| a < b))
}

/// Slices as the columns of an array each.
struct Slices {
    periods: Vec<i32>,
    grains: Vec<&'static str>,
    from: Vec<i32>,
    to: Vec<i32>,
}

impl Slices {
    fn of(slices: &[Slice]) -> Self {
        let period = |it: &Slice| i32::try_from(it.period).unwrap_or(i32::MAX);
        Self {
            periods: slices.iter().map(period).collect(),
            grains: slices.iter().map(|it| letter(it.grain)).collect(),
            from: slices.iter().map(|it| it.from).collect(),
            to: slices.iter().map(|it| it.to).collect(),
        }
    }

    fn parameters(&self) -> [&(dyn ToSql + Sync); 4] {
        [&self.periods, &self.grains, &self.from, &self.to]
    }
}

fn letter(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "d",
        Grain::Week => "w",
        Grain::Month => "m",
        Grain::Year => "y",
        Grain::SchoolYear => "s",
    }
}

/// Distinct visitors and users.
async fn uniques(client: &Object, site: SiteId, ask: &Ask) -> Result<Vec<Row>, Error> {
    let statement = client.prepare_cached(include_str!("sql/read_uniques.sql")).await?;
    let (site, slices) = (site.cast_signed(), Slices::of(&ask.slices));
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&site];
    parameters.extend(slices.parameters());
    let found = client.query(&statement, &parameters).await?;
    let row = |row: &tokio_postgres::Row| Row {
        period: period(row),
        figures: figures(row, 1, 2),
        ..Row::default()
    };
    Ok(found.iter().map(row).collect())
}

/// Establishments that are open, by what the directory says of them: of no site and of no time.
async fn open(client: &Object, ask: &Ask, by: Facet) -> Result<Vec<Row>, Error> {
    let query = include_str!("sql/read_open.sql").replace("FACET", column(by));
    let statement = client.prepare_cached(&query).await?;
    let found = client.query(&statement, &[&Slices::of(&ask.slices).periods]).await?;
    let row = |row: &tokio_postgres::Row| Row {
        period: period(row),
        sub: Label { id: 0, text: Some(row.get::<_, &str>(1).into()) },
        figures: figures(row, 2, 1),
        ..Row::default()
    };
    Ok(found.iter().map(row).collect())
}

/// What the directory says of each establishment that is open.
type Places = HashMap<String, Arc<str>, FixedState>;

async fn places(client: &Object, by: Facet) -> Result<Places, Error> {
    let query = include_str!("sql/open_by_facet.sql").replace("FACET", column(by));
    let statement = client.prepare_cached(&query).await?;
    let found = client.query(&statement, &[]).await?;
    let mut texts: HashMap<String, Arc<str>, FixedState> = HashMap::default();
    let place = |row: &tokio_postgres::Row| {
        let text: &str = row.get(1);
        let shared = texts.entry(text.to_owned()).or_insert_with(|| text.into());
        (row.get(0), Arc::clone(shared))
    };
    Ok(found.iter().map(place).collect())
}

/// Establishments with a visit (value 0) or a use, by their place; of those that the directory does not
/// know to be open, or of which it does not say it, under no text.
fn reached(schools: Vec<Row>, places: &Places) -> Vec<Row> {
    let visits = Shape::Feature.at("visits");
    let mut counts: BTreeMap<(usize, i64, &str), i64> = BTreeMap::new();
    let with_visits = |row: &&Row| row.sub.id != 0 && row.figures.get(visits) > Some(&0);
    for row in schools.iter().filter(with_visits) {
        let place = places.get(row.sub.as_str()).map_or("", |it| it);
        *counts.entry((row.period, row.value.id, place)).or_default() += 1;
    }
    let row = |((period, value, place), count): ((usize, i64, &str), i64)| {
        let mut figures = [0; WIDEST];
        figures[0] = count;
        let sub = Label { id: 0, text: Some(place.into()) };
        Row { period, value: Label::number(value), sub, figures, ..Row::default() }
    };
    counts.into_iter().map(row).collect()
}

/// A row of a rollup, its labels by their numbers alone.
fn told(row: &tokio_postgres::Row, shape: Shape) -> Row {
    Row {
        period: period(row),
        value: Label::number(row.get(1)),
        sub: Label::number(row.get(2)),
        leaf: Label::number(row.get(3)),
        figures: figures(row, 4, shape.columns().len()),
    }
}

fn period(row: &tokio_postgres::Row) -> usize {
    usize::try_from(row.get::<_, i32>(0)).unwrap_or_default()
}

fn figures(row: &tokio_postgres::Row, first: usize, width: usize) -> Figures {
    let mut figures = [0; WIDEST];
    for (place, figure) in figures.iter_mut().enumerate().take(width) {
        *figure = row.get(first + place);
    }
    figures
}

/// What a school's code begins with: its département.
fn begins(code: &Label) -> Label {
    let text = code.text.as_deref().map(|text| text.chars().take(3).collect::<String>().into());
    Label { id: 0, text }
}

/// Rows in order, those of one key as one.
fn summed(mut rows: Vec<Row>, shape: Shape) -> Vec<Row> {
    fn key(row: &Row) -> (usize, i64, i64, Option<&str>, i64) {
        // Places without a number are told apart by their text.
        let text = row.sub.text.as_deref().filter(|_| row.sub.id == 0);
        (row.period, row.value.id, row.sub.id, text, row.leaf.id)
    }
    rows.sort_by(|a, b| key(a).cmp(&key(b)));
    rows.dedup_by(|more, into| {
        let same = key(more) == key(into);
        if same {
            shape.merge(&mut into.figures, &more.figures);
        }
        same
    });
    rows
}

/// Names of tables and columns come from `Shape`. Each slice is looked up by itself (`offset 0`: it cannot
/// be made one with the others), so that the key's index is taken whatever the planner thinks of the whole.
/// Where no two rows can be one (`is_apart`), but by the parts of the key that are not asked for, they come
/// as they are: to add them up takes longer than to read them.
fn rollup_query(shape: Shape, by: By, only: &Only, is_apart: bool) -> String {
    let mut next = 6;
    let mut parameter = || {
        next += 1;
        next
    };
    let (beside, mut which) = match only.values {
        Some(_) => (
            format!("cross join unnest(${}::bigint[]) as w (value) ", parameter()),
            "r.period = date '1970-01-01' + a.lo and r.value = w.value".to_owned(),
        ),
        None => (
            String::new(),
            "r.period between date '1970-01-01' + a.lo and date '1970-01-01' + a.hi".to_owned(),
        ),
    };
    for (name, _) in [("sub", only.sub), ("leaf", only.leaf)].iter().filter(|(_, it)| it.is_some())
    {
        which.push_str(&format!(" and r.{name} = ${}", parameter()));
    }
    let pick = |wanted: bool, name: &str| {
        if wanted { format!("r.{name}") } else { "0::bigint".to_owned() }
    };
    let (value, sub, leaf) = (pick(by.value, "value"), pick(by.sub, "sub"), pick(by.leaf, "leaf"));
    // Rows of features are of no leaf.
    let whole = by.value && by.sub && (by.leaf || shape == Shape::Feature);
    let is_plain = is_apart && whole;
    let figure = |name: &str, merge: Merge| match merge {
        _ if is_plain => format!("r.{name}"),
        Merge::Sum => format!("sum(r.{name})::bigint"),
        Merge::Max => format!("max(r.{name})"),
        Merge::Min => format!("min(r.{name})"),
    };
    let figures: Vec<String> =
        shape.columns().iter().map(|column| figure(column.name, column.merge)).collect();
    let group = if is_plain { "" } else { " group by 1, 2, 3, 4" };
    format!(
        "select a.p, {value}, {sub}, {leaf}, {} \
         from unnest($2::int[], $3::text[], $4::int[], $5::int[]) as a (p, grain, lo, hi) {beside}\
         cross join lateral (\
           select * from rollup_{} r where r.site = $1 and r.subject = $6 \
             and r.grain = a.grain::\"char\" and {which} offset 0) r{group}",
        figures.join(", "),
        shape.name(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(period: usize, from: i32, to: i32) -> Slice {
        Slice { period, grain: Grain::Day, from, to }
    }

    #[test]
    fn rows_are_added_up_unless_each_period_is_one_that_is_stored() {
        assert!(is_apart(&[slice(0, 5, 5), slice(1, 6, 6)]));
        assert!(!is_apart(&[slice(0, 5, 6)]));
        assert!(!is_apart(&[slice(0, 5, 5), slice(0, 6, 6)]));
    }

    #[test]
    fn schools_of_a_department_are_one_row() {
        let row = |code: &str, visits| {
            let mut figures = [0; WIDEST];
            figures[0] = visits;
            let sub = begins(&Label::text(7, code));
            Row { sub, figures, ..Row::default() }
        };
        let rows = vec![row("0750655E", 1), row("0010001W", 4), row("0750654D", 2)];
        let rows = summed(rows, Shape::Feature);
        let told: Vec<_> = rows.iter().map(|row| (row.sub.as_str(), row.figures[0])).collect();
        assert_eq!(told, [("001", 4), ("075", 3)]);
    }

    #[test]
    fn a_query_asks_for_no_more_than_it_is_about() {
        let only = Only { sub: Some(3), leaf: Some(0), ..Only::values([1, 2]) };
        let query = rollup_query(Shape::MonthDistinct, By::ALL, &only, true);
        for part in ["r.value = w.value", "r.sub = $8", "r.leaf = $9", "r.most_uses"] {
            assert!(query.contains(part), "{part}: {query}");
        }
        assert!(!query.contains("group by"), "{query}");
        let query = rollup_query(Shape::MonthDistinct, By::SUB, &Only::default(), true);
        assert!(query.contains("group by") && query.contains("max(r.most_uses)"), "{query}");
    }
}
