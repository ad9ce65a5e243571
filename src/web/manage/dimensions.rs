//! CustomDimensions: what a site tells of its visits and actions by numbers of its own.

use super::{Asker, Managed, away, required};
use crate::{
    report::{Refusal, Value},
    site::{Dimension, Scope, SiteId},
    web::state::State,
};

/// Answers a method about dimensions; `Unknown` for a name that is none.
pub(super) async fn answer(
    action: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let params = asker.params;
    Ok(Managed::Value(match action {
        "configureNewCustomDimension" => {
            let site = asker.site(state).await?;
            let scope = scope(required(params, "scope")?)?;
            let (name, active) = (required(params, "name")?, params.is_on("active"));
            let made = state.store.add_dimension(site.id, name, scope, active).await;
            let id = made.map_err(|error| away(&error))?;
            state.refresh().await.map_err(|error| away(&error))?;
            Value::from(u32::from(id))
        }
        "configureExistingCustomDimension" => {
            let site = asker.site(state).await?;
            let id = required(params, "idDimension")?;
            let number = id.parse::<u16>().ok();
            let known = site.dimensions.iter().find(|dimension| Some(dimension.id) == number);
            let mut dimension = known.cloned().ok_or_else(|| {
                Refusal::new(format!("Dimension {id} for website {} does not exist", site.id))
            })?;
            if let Some(name) = params.get("name") {
                name.clone_into(&mut dimension.name);
            }
            if params.raw("active").is_some() {
                dimension.active = params.is_on("active");
            }
            let saved = state.store.save_dimension(site.id, &dimension).await;
            saved.map_err(|error| away(&error))?;
            state.refresh().await.map_err(|error| away(&error))?;
            return Ok(Managed::Done);
        }
        "getConfiguredCustomDimensions" => {
            let site = asker.site(state).await?;
            site.dimensions.iter().map(|dimension| describe(site.id, dimension)).collect()
        }
        "getConfiguredCustomDimensionsHavingScope" => {
            let site = asker.site(state).await?;
            let scope = scope(required(params, "scope")?)?;
            let of_scope = site.dimensions.iter().filter(|dimension| dimension.scope == scope);
            of_scope.map(|dimension| describe(site.id, dimension)).collect()
        }
        "getAvailableScopes" => {
            let site = asker.site(state).await?;
            let scopes = [("visit", "Visit", Scope::Visit), ("action", "Action", Scope::Action)];
            let row = |(value, name, scope): (&str, &str, Scope)| {
                let used = site.dimensions.iter().filter(|it| it.scope == scope).count();
                Value::object([
                    ("value", Value::from(value)),
                    ("name", Value::from(name)),
                    ("numSlotsUsed", Value::from(i64::try_from(used).unwrap_or(i64::MAX))),
                    ("supportsExtractions", Value::from(false)),
                ])
            };
            scopes.into_iter().map(row).collect()
        }
        // Values come from the hits alone, so there is nothing they could be taken from.
        "getAvailableExtractionDimensions" => Value::List(Vec::new()),
        _ => return Ok(Managed::Unknown),
    }))
}

fn scope(name: &str) -> Result<Scope, Refusal> {
    match name {
        "visit" => Ok(Scope::Visit),
        "action" => Ok(Scope::Action),
        other => Err(Refusal::new(format!(
            "Invalid value '{other}' for 'scope' specified. Available scopes are: visit, action"
        ))),
    }
}

/// A dimension as Matomo describes one.
fn describe(site: SiteId, dimension: &Dimension) -> Value {
    let scope = match dimension.scope {
        Scope::Visit => "visit",
        Scope::Action => "action",
    };
    Value::object([
        ("idcustomdimension", Value::from(u32::from(dimension.id))),
        ("idsite", Value::from(site)),
        ("name", Value::from(dimension.name.as_str())),
        ("index", Value::from(u32::from(dimension.index))),
        ("scope", Value::from(scope)),
        ("active", Value::from(dimension.active)),
        ("extractions", Value::List(Vec::new())),
        ("case_sensitive", Value::from(true)),
    ])
}
