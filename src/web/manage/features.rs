//! Features: what a site declares of its features, and changes of it. What is counted of them is
//! answered by the reports of the same module.

use super::{Asker, Managed, away, required};
use crate::{
    register::{
        Change, File, KnownEvent, KnownPage, Language, NO_GROUP, Problem, preview, say_all,
    },
    report::{Params, Refusal, Value},
    site::{self, Named, Register, Rule, Site},
    web::{
        declare::{self, Outcome},
        names::{self, names},
        state::State,
    },
};

/// At most so many names are shown of each kind.
const SHOWN: usize = 100;

/// Answers a method about the register; `Unknown` for a name that is none.
pub(super) async fn answer(
    action: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let params = asker.params;
    let language = match params.get("language") {
        Some(code) if code.starts_with("fr") => Language::Fr,
        _ => Language::En,
    };
    let site = asker.site(state).await?;
    let outcome = match action {
        "getRegister" => return Ok(Managed::Value(describe(&site.register))),
        "preview" => return Ok(Managed::Value(tried(params, &site, state).await?)),
        "plan" => match File::read(required(params, "register")?) {
            Ok(file) => declare::plan(state, &site, &file),
            Err(problems) => Outcome::Wrong(problems),
        },
        "apply" => {
            let text = required(params, "register")?;
            let login = &asker.account.login;
            let applied = declare::apply(state, site.id, login, |_| File::read(text)).await;
            applied.map_err(|error| away(&error))?
        }
        _ => return Ok(Managed::Unknown),
    };
    match outcome {
        Outcome::Fine(plan) => {
            let line = |it: &Change| Value::from(it.say(language));
            let changes = plan.changes.iter().map(line).collect();
            Ok(Managed::Value(Value::object([("changes", changes)])))
        }
        Outcome::Wrong(problems) => Err(refused(&problems, language)),
        Outcome::Overtaken => Err(Refusal::new(
            "The register was changed by somebody else at the same moment. Please look at the plan again.",
        )),
    }
}

fn refused(problems: &[Problem], language: Language) -> Refusal {
    Refusal::new(format!("The register is refused:\n{}", say_all(problems, language)))
}

/// What the rule of a question fits among the names of the last days.
async fn tried(params: &Params, site: &Site, state: &State) -> Result<Value, Refusal> {
    let text = |name| params.get(name).map(str::to_owned);
    let mut rule = Rule {
        category: text("category"),
        action: text("action"),
        name: text("name"),
        page: text("page"),
    };
    if let Some(feature) = text("tracker") {
        rule.category = Some(text("trackerGroup").unwrap_or_else(|| NO_GROUP.to_owned()));
        rule.action = Some(feature);
    }
    if rule == Rule::default() {
        return Err(Refusal::new(
            "A rule says something: please give 'category', 'action', 'name', 'page' or 'tracker'.",
        ));
    }
    let names = names(state, site).await.map_err(|error| away(&error))?;
    let found = preview(&rule, &names.events, &names.pages);
    let number = |count: u64| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    let event = |it: &KnownEvent| {
        Value::object([
            ("category", Value::from(it.category.as_str())),
            ("action", Value::from(it.action.as_str())),
            ("name", Value::from(it.name.as_str())),
            ("nb_events", number(it.uses)),
        ])
    };
    let page = |it: &KnownPage| {
        Value::object([("path", Value::from(it.path.as_str())), ("nb_hits", number(it.views))])
    };
    let count = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    Ok(Value::object([
        ("days", Value::from(i64::from(names::DAYS))),
        ("total", number(found.total)),
        ("nb_names", count(found.events.len() + found.pages.len())),
        ("page_not_looked_at", Value::from(found.page_not_looked_at)),
        ("events", found.events.iter().take(SHOWN).map(event).collect()),
        ("pages", found.pages.iter().take(SHOWN).map(page).collect()),
    ]))
}

fn describe(register: &Register) -> Value {
    let day = |number| Value::from(site::date_of(number).to_string());
    let named = |name: &Named| {
        Value::object([("fr", Value::from(name.of("fr"))), ("en", Value::from(name.of("en")))])
    };
    let texts = |texts: &[String]| texts.iter().map(|it| Value::from(it.as_str())).collect();
    let features = register.features.iter().map(|it| {
        Value::object([
            ("id", Value::from(it.id)),
            ("key", Value::from(it.key.as_str())),
            ("name", named(&it.name)),
            ("group", Value::from(it.group.as_str())),
            ("owner", Value::from(it.owner.as_str())),
            ("description", Value::from(it.description.as_str())),
            ("released", it.released.map_or(Value::Null, day)),
            ("since", day(it.since)),
            ("rules", it.rules.iter().map(rule).collect()),
        ])
    });
    let audiences = register.audiences.iter().map(|it| {
        let kind = serde_json::to_value(it.kind).unwrap_or_default();
        let dimension = it.dimension.map_or(Value::Null, |it| Value::from(u32::from(it)));
        Value::object([
            ("key", Value::from(it.key.as_str())),
            ("name", named(&it.name)),
            ("kind", Value::from(&kind)),
            ("dimension", dimension),
            ("values", texts(&it.values)),
        ])
    });
    let funnels = register.funnels.iter().map(|it| {
        let step = |it: &site::FunnelStep| {
            Value::object([
                ("feature", Value::from(it.feature.as_str())),
                ("optional", Value::from(it.optional)),
            ])
        };
        Value::object([
            ("id", Value::from(u32::from(it.id))),
            ("key", Value::from(it.key.as_str())),
            ("name", named(&it.name)),
            ("since", day(it.since)),
            ("steps", it.steps.iter().map(step).collect()),
        ])
    });
    Value::object([
        ("features", features.collect()),
        ("audiences", audiences.collect()),
        ("pairs", register.pairs.iter().map(|it| texts(&it.of)).collect()),
        ("funnels", funnels.collect()),
        ("register", Value::from(File::of(register).write())),
    ])
}

fn rule(rule: &Rule) -> Value {
    let fields = [
        ("category", &rule.category),
        ("action", &rule.action),
        ("name", &rule.name),
        ("page", &rule.page),
    ];
    Value::object(
        fields.into_iter().filter_map(|(field, text)| Some((field, Value::from(text.as_deref()?)))),
    )
}
