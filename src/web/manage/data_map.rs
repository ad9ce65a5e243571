//! DataMap: under which names things arrive, and what becomes of them.

use super::{Asker, Managed, required};
use crate::{
    report::{Refusal, Value},
    store::StoredName,
    web::{
        api::away,
        label::{self, Label, Outcome},
        state::State,
    },
};

/// Answers a method about the data map; `Unknown` for a name that is none.
pub(super) async fn answer(
    action: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let site = asker.site(state).await?;
    match action {
        "get" => {
            // What was seen this minute is in memory.
            state.inventory.flush(&state.store).await.map_err(|error| away(&error))?;
            let names = state.store.names(site.id).await.map_err(|error| away(&error))?;
            let row = |it: &StoredName| describe(it, label::of(&site, it));
            Ok(Managed::Value(names.iter().map(row).collect()))
        }
        "label" => {
            let wanted = required(asker.params, "label")?;
            let wanted = Label::parse(wanted).ok_or_else(|| {
                Refusal::new("The label is not known. Please use trace, protected or noise.")
            })?;
            let id = required(asker.params, "idName")?;
            let done = match id.parse().ok() {
                Some(id) => label::set(state, site.id, id, wanted).await,
                None => Ok(Outcome::Nothing),
            };
            let why = match done.map_err(|error| away(&error))? {
                Outcome::Done => return Ok(Managed::Done),
                Outcome::Nothing => "There is no such name: DataMap.get lists them.",
                Outcome::Shape => {
                    "A shape stands for many names: none of them is known well enough to be let through."
                }
                Outcome::Parameter => {
                    "Nothing reads that parameter, so there is nothing that could be kept of it."
                }
                Outcome::EventFirst => {
                    "Its event is protected: please label the event first, then its name."
                }
                Outcome::Declared => {
                    "The register of features lets it through: please change it there (Features.apply)."
                }
                Outcome::KeepsAll => {
                    "The site's policy keeps everything of that kind: there is nothing to choose."
                }
            };
            Err(Refusal::new(why))
        }
        _ => Ok(Managed::Unknown),
    }
}

fn describe(name: &StoredName, label: Label) -> Value {
    let day = |number| Value::from(crate::site::date_of(number).to_string());
    Value::object([
        ("idName", Value::from(i64::from(name.id))),
        ("kind", Value::from(name.kind.as_str())),
        ("name", Value::from(label::shown(name))),
        ("isShape", Value::from(i64::from(name.is_shape))),
        ("label", Value::from(label.as_str())),
        ("seen", Value::from(name.seen)),
        ("first", day(name.first)),
        ("last", day(name.last)),
    ])
}
