//! Rows for a question. Only rollups are read, so that time does not grow with the hits.

use std::{borrow::Cow, sync::Arc};

use tokio_postgres::types::ToSql;

use super::{Error, Store, establishments::column};
use crate::{
    report::{Ask, By, Grain, Label, Need, Only, Row, Slice},
    rollup::{Merge, Shape, WIDEST},
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
            let query = match ask.need {
                Need::Rollup { shape, by, .. } => rollup_query(shape, by, &ask.only),
                Need::Uniques => include_str!("sql/read_uniques.sql").to_owned(),
                Need::Reach { by, .. } => {
                    include_str!("sql/read_reach.sql").replace("FACET", column(by))
                }
                Need::Open { by } => include_str!("sql/read_open.sql").replace("FACET", column(by)),
            };
            let statement = client.prepare_cached(&query).await?;
            let site = site.cast_signed();
            let slices = slices(ask);
            let periods: Vec<i32> =
                slices.iter().map(|it| i32::try_from(it.period).unwrap_or(i32::MAX)).collect();
            let grains: Vec<&str> = slices.iter().map(|it| letter(it.grain)).collect();
            let from: Vec<i32> = slices.iter().map(|it| it.from).collect();
            let to: Vec<i32> = slices.iter().map(|it| it.to).collect();
            let mut parameters: Vec<&(dyn ToSql + Sync)> =
                vec![&site, &periods, &grains, &from, &to];
            let (values, sub) = match &ask.only {
                Only::All => (None, None),
                Only::Values(values) => (Some(values.as_ref()), None),
                Only::Sub(sub) => (None, Some(sub)),
                Only::Cells { values, sub } => (Some(values.as_ref()), Some(sub)),
            };
            if let Need::Open { .. } = &ask.need {
                // The directory is of no site and of no time.
                parameters = vec![&periods];
            }
            if let Need::Rollup { subject, .. } | Need::Reach { subject, .. } = &ask.need {
                parameters.push(subject);
                parameters.extend(values.iter().map(|it| it as &(dyn ToSql + Sync)));
                parameters.extend(sub.map(|it| it as &(dyn ToSql + Sync)));
            }
            let rows = client.query(&statement, &parameters).await?;
            let width = match ask.need {
                Need::Rollup { shape, .. } => shape.columns().len(),
                Need::Uniques => 2,
                Need::Reach { .. } | Need::Open { .. } => 1,
            };
            answered.push(rows.iter().map(|row| understood(row, width)).collect());
        }
        Ok(answered)
    }
}

/// Single cells are found period by period, by the whole key.
fn slices(ask: &Ask) -> Cow<'_, [Slice]> {
    match ask.only {
        Only::Cells { .. } => ask.slices.iter().flat_map(|it| it.each()).collect(),
        Only::All | Only::Values(_) | Only::Sub(_) => Cow::Borrowed(&ask.slices),
    }
}

fn letter(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "d",
        Grain::Week => "w",
        Grain::Month => "m",
    }
}

fn understood(row: &tokio_postgres::Row, width: usize) -> Row {
    let label = |at: usize| Label {
        id: row.get(at),
        text: row.get::<_, Option<String>>(at + 1).map(Arc::from),
    };
    let mut figures = [0; WIDEST];
    for (place, figure) in figures.iter_mut().enumerate().take(width) {
        *figure = row.get(7 + place);
    }
    let period = usize::try_from(row.get::<_, i32>(0)).unwrap_or_default();
    Row { period, value: label(1), sub: label(3), leaf: label(5), figures }
}

/// Names of tables and columns come from `Shape`.
fn rollup_query(shape: Shape, by: By, only: &Only) -> String {
    let among = "r.period between date '1970-01-01' + a.lo and date '1970-01-01' + a.hi ";
    let (beside, which) = match only {
        Only::All => ("", among.to_owned()),
        Only::Values(_) => ("", format!("{among} and r.value = any($7::bigint[]) ")),
        Only::Sub(_) => ("", format!("{among} and r.sub = $7 ")),
        Only::Cells { .. } => (
            "cross join unnest($7::bigint[]) as w (value) ",
            "r.period = date '1970-01-01' + a.lo and r.value = w.value and r.sub = $8 ".to_owned(),
        ),
    };
    let pick = |wanted: bool, name: &str| {
        if wanted { format!("r.{name}") } else { "0::bigint".to_owned() }
    };
    let (value, leaf) = (pick(by.value, "value"), pick(by.leaf, "leaf"));
    // What a school's code begins with is known by its text alone.
    let (sub, begins, school) = if by.sub && by.department {
        ("0::bigint".to_owned(), "left(d.text, 3)", "left join label d on d.id = r.sub ")
    } else {
        (pick(by.sub, "sub"), "null::text", "")
    };
    let figures: Vec<String> = shape
        .columns()
        .iter()
        .map(|column| {
            let name = column.name;
            match column.merge {
                Merge::Sum => format!("sum(r.{name})::bigint as {name}"),
                Merge::Max => format!("max(r.{name}) as {name}"),
                Merge::Min => format!("min(r.{name}) as {name}"),
            }
        })
        .collect();
    let names: Vec<String> =
        shape.columns().iter().map(|column| format!("x.{}", column.name)).collect();
    format!(
        "select x.p, x.v, v.text, x.s, coalesce(x.d, s.text), x.l, l.text, {} from (\
           select a.p, {value} as v, {sub} as s, {leaf} as l, {begins} as d, {} \
           from unnest($2::int[], $3::text[], $4::int[], $5::int[]) as a (p, grain, lo, hi) {beside}\
           join rollup_{} r on r.site = $1 and r.subject = $6 and r.grain = a.grain::\"char\" \
             and {which}{school}\
           group by 1, 2, 3, 4, 5) x \
         left join label v on v.id = x.v left join label s on s.id = x.s left join label l on l.id = x.l \
         order by x.p, x.v, x.s, x.d, x.l",
        names.join(", "),
        figures.join(", "),
        shape.name(),
    )
}
