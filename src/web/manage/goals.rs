//! Goals: what visits are to reach.

use super::{Asker, Managed, away, required};
use crate::{
    report::{Params, Refusal, Value},
    site::{Goal, SiteId},
    web::state::State,
};

/// Answers a method about goals; `Unknown` for a name that is none.
pub(super) async fn answer(
    action: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let params = asker.params;
    let known = ["addGoal", "updateGoal", "deleteGoal", "getGoals", "getGoal"];
    if !known.contains(&action) {
        return Ok(Managed::Unknown);
    }
    let site = asker.site(state).await?;
    let one = || {
        let id = required(params, "idGoal")?;
        let goal = id.parse().ok().and_then(|id| site.goal(id));
        goal.ok_or_else(|| Refusal::new(format!("The goal '{id}' does not exist.")))
    };
    match action {
        "addGoal" => {
            let goal = goal_of(params)?;
            let id = state.store.add_goal(site.id, &goal).await.map_err(|error| away(&error))?;
            state.refresh().await.map_err(|error| away(&error))?;
            Ok(Managed::Value(Value::from(id)))
        }
        "updateGoal" => {
            let goal = Goal { id: one()?.id, ..goal_of(params)? };
            state.store.save_goal(site.id, &goal).await.map_err(|error| away(&error))?;
            state.refresh().await.map_err(|error| away(&error))?;
            Ok(Managed::Done)
        }
        "deleteGoal" => {
            let id = one()?.id;
            state.store.delete_goal(site.id, id).await.map_err(|error| away(&error))?;
            state.refresh().await.map_err(|error| away(&error))?;
            Ok(Managed::Done)
        }
        "getGoals" => {
            let by_id =
                site.goals.iter().map(|goal| (goal.id.to_string(), describe(site.id, goal)));
            Ok(Managed::Value(Value::object(by_id)))
        }
        _ => Ok(Managed::Value(describe(site.id, one()?))),
    }
}

/// The goal a question describes, without its number.
fn goal_of(params: &Params) -> Result<Goal, Refusal> {
    let attribute = required(params, "matchAttribute")?;
    let known = [
        "url",
        "title",
        "file",
        "external_website",
        "event_category",
        "event_action",
        "event_name",
        "manually",
        "visit_duration",
    ];
    if !known.contains(&attribute) {
        return Err(Refusal::new(format!(
            "The goal's matchAttribute '{attribute}' is not known. Please use one of: {}.",
            known.join(", ")
        )));
    }
    let pattern_type = params.get("patternType").unwrap_or("contains");
    let pattern = params.get("pattern").unwrap_or_default();
    if pattern_type == "regex" && regex::Regex::new(pattern).is_err() {
        return Err(Refusal::new(format!(
            "The pattern '{pattern}' is not a valid regular expression."
        )));
    }
    Ok(Goal {
        id: 0,
        name: required(params, "name")?.to_owned(),
        description: params.get("description").unwrap_or_default().to_owned(),
        match_attribute: attribute.to_owned(),
        pattern: pattern.to_owned(),
        pattern_type: pattern_type.to_owned(),
        case_sensitive: params.is_on("caseSensitive"),
        allow_multiple: params.is_on("allowMultipleConversionsPerVisit"),
        revenue: params.get("revenue").and_then(|revenue| revenue.parse().ok()).unwrap_or(0.0),
        event_value_as_revenue: params.is_on("useEventValueAsRevenue"),
    })
}

/// A goal as Matomo describes one.
fn describe(site: SiteId, goal: &Goal) -> Value {
    let mut fields = vec![
        ("idsite", Value::from(site)),
        ("idgoal", Value::from(goal.id)),
        ("name", Value::from(goal.name.as_str())),
        ("description", Value::from(goal.description.as_str())),
        ("match_attribute", Value::from(goal.match_attribute.as_str())),
        ("pattern", Value::from(goal.pattern.as_str())),
        ("pattern_type", Value::from(goal.pattern_type.as_str())),
        ("case_sensitive", Value::from(i64::from(goal.case_sensitive))),
        ("allow_multiple", Value::from(i64::from(goal.allow_multiple))),
        ("revenue", Value::from(goal.revenue)),
        ("event_value_as_revenue", Value::from(i64::from(goal.event_value_as_revenue))),
        ("deleted", Value::from(0_i64)),
    ];
    if goal.match_attribute == "manually" {
        fields.retain(|(name, _)| !name.starts_with("pattern") && *name != "case_sensitive");
    }
    Value::object(fields)
}
