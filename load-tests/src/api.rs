//! The reporting API of the server, as far as these tools ask it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use hyper::{Method, StatusCode};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;

use crate::{query, wire::Origin};

/// Longest wait for one answer of the API.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server and the token it knows us by.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) origin: Origin,
    pub(crate) token: String,
}

/// An event name's row: how often, and the sum of the values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct NameRow {
    pub(crate) uses: u64,
    pub(crate) sum: f64,
}

impl Api {
    /// Asks `method`: parameters in the address, the token and long values in the body.
    pub(crate) async fn call(&self, method: &str, parameters: &[(&str, &str)]) -> Result<Value> {
        let (long, short): (Vec<_>, Vec<_>) =
            parameters.iter().copied().partition(|(_, value)| value.len() > 500);
        let fixed = [("module", "API"), ("method", method), ("format", "json")];
        let target = format!("/index.php?{}", query::form(fixed.into_iter().chain(short)));
        let body = query::form(long.into_iter().chain([("token_auth", self.token.as_str())]));
        let (status, bytes) = self
            .origin
            .ask(Method::POST, &target, body, PATIENCE)
            .await
            .with_context(|| format!("{method} was not answered"))?;
        let answer: Value = serde_json::from_slice(&bytes)
            .with_context(|| format!("{method} answered {status} with something else than JSON"))?;
        if answer.get("result").and_then(Value::as_str) == Some("error") || status.is_client_error()
        {
            let message = answer.get("message").and_then(Value::as_str).unwrap_or("no message");
            bail!("{method} answered {status}: {message}");
        }
        Ok(answer)
    }

    /// Calls a method that creates something and answers its number.
    pub(crate) async fn create(&self, method: &str, parameters: &[(&str, &str)]) -> Result<u32> {
        let answer = self.call(method, parameters).await?;
        whole(answer.get("value").unwrap_or(&answer))
            .and_then(|number| u32::try_from(number).ok())
            .with_context(|| format!("{method} answered no number: {answer}"))
    }

    /// How many countable hits the report of these UTC days holds: page views, searches,
    /// downloads, outlinks and events.
    pub(crate) async fn counted(&self, site: u32, days: Days) -> Result<u64> {
        let mut sum = 0;
        for day in days.each() {
            let question = day_question(site, day);
            let actions = self.call("Actions.get", &parameters(&question)).await?;
            for name in ["nb_pageviews", "nb_searches", "nb_downloads", "nb_outlinks"] {
                sum += actions.get(name).and_then(whole).unwrap_or(0);
            }
            let events = self.call("Events.getCategory", &parameters(&question)).await?;
            let rows = events.as_array().map_or(&[][..], Vec::as_slice);
            sum += rows.iter().filter_map(|row| whole(row.get("nb_events")?)).sum::<u64>();
        }
        Ok(sum)
    }

    /// Every event name of these UTC days, with its uses and the sum of its values.
    pub(crate) async fn event_names(
        &self,
        site: u32,
        days: Days,
    ) -> Result<Vec<(String, NameRow)>> {
        let mut names = Vec::new();
        for day in days.each() {
            let question = day_question(site, day);
            let answer = self.call("Events.getName", &parameters(&question)).await?;
            for row in answer.as_array().context("Events.getName answered no list")? {
                let label = row.get("label").and_then(Value::as_str).unwrap_or_default();
                let uses = row.get("nb_events").and_then(whole).unwrap_or(0);
                let sum = row.get("sum_event_value").and_then(decimal).unwrap_or(0.0);
                names.push((label.to_owned(), NameRow { uses, sum }));
            }
        }
        Ok(names)
    }

    /// Whether the server says that it can take hits and answer reports.
    pub(crate) async fn is_healthy(origin: &Origin) -> bool {
        let answer =
            origin.ask(Method::GET, "/health", String::new(), Duration::from_secs(5)).await;
        answer.is_ok_and(|(status, _)| status == StatusCode::OK)
    }
}

/// The UTC days from the start of a run to now: two when it runs over midnight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Days {
    first: Date,
}

impl Days {
    /// From today on.
    pub(crate) fn from_today() -> Self {
        Self { first: today() }
    }

    fn each(self) -> impl Iterator<Item = Date> {
        let last = today();
        // Bounded: no run of these tools lasts a week.
        self.first.series(jiff::Span::new().days(1)).take(7).take_while(move |day| *day <= last)
    }
}

fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

fn day_question(site: u32, day: Date) -> [(&'static str, String); 4] {
    [
        ("idSite", site.to_string()),
        ("period", "day".to_owned()),
        ("date", day.to_string()),
        ("filter_limit", "-1".to_owned()),
    ]
}

fn parameters<'a>(question: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    question.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// A whole number, written as a number or as text: Matomo does both.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn decimal(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_numbers_or_as_text() {
        assert_eq!(whole(&serde_json::json!(7)), Some(7));
        assert_eq!(whole(&serde_json::json!("7")), Some(7));
        assert_eq!(whole(&serde_json::json!("7.5")), None);
        assert_eq!(decimal(&serde_json::json!("7.5")), Some(7.5));
    }

    #[test]
    fn a_run_within_a_day_asks_one_day() {
        assert!((1..=2).contains(&Days::from_today().each().count()));
    }
}
