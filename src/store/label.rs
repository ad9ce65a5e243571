//! The texts of labels, which never change: most are asked for again and again, so they are remembered.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use deadpool_postgres::Object;
use foldhash::fast::FixedState;

use super::Error;

/// Texts remembered before the memory is emptied: some 60 bytes each.
const MOST: usize = 500_000;

/// Plain numbers stand beside labels in the same columns. A text's number is below this once in two
/// thousand million texts, and would then show as that number.
const LARGEST_PLAIN: u64 = 1 << 32;

/// What was read of the table `label`.
#[derive(Default)]
pub(super) struct Labels(Mutex<Known>);

type Known = HashMap<i64, Arc<str>, FixedState>;

impl Labels {
    /// The texts of those numbers that are labels.
    pub(super) async fn of(
        &self,
        client: &Object,
        numbers: impl Iterator<Item = i64>,
    ) -> Result<Known, Error> {
        let mut found = Known::default();
        let mut missing = Vec::new();
        {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for id in numbers.filter(|id| id.unsigned_abs() > LARGEST_PLAIN) {
                match known.get(&id) {
                    Some(text) => drop(found.insert(id, Arc::clone(text))),
                    None => missing.push(id),
                }
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        missing.sort_unstable();
        missing.dedup();
        // In the order of the index, text by text: a join would rather read the whole table.
        let query = "select a.id, l.text from unnest($1::bigint[]) as a (id) \
             cross join lateral (select text from label where id = a.id offset 0) l";
        let statement = client.prepare_cached(query).await?;
        let read = client.query(&statement, &[&missing]).await?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() + read.len() > MOST {
            known.clear();
        }
        for row in read {
            let (id, text) = (row.get(0), Arc::<str>::from(row.get::<_, &str>(1)));
            known.insert(id, Arc::clone(&text));
            found.insert(id, text);
        }
        Ok(found)
    }
}
