//! UsersManager: accounts of the team, their rights and tokens. No mail is kept: it would name people
//! for nothing.

use std::time::{Duration, SystemTime};

use super::{Asker, Managed, away, required};
use crate::{
    report::{Params, Refusal, Value},
    site::SiteId,
    store::{Account, Role},
    web::state::State,
};

/// The shortest password that is taken.
const SHORTEST: usize = 8;

/// Answers a method about accounts; `Unknown` for a name that is none.
pub(super) async fn answer(
    action: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let params = asker.params;
    let accounts = || async { state.store.accounts().await.map_err(|error| away(&error)) };
    Ok(Managed::Value(match action {
        "getUsers" => accounts().await?.iter().map(describe).collect(),
        "getUsersLogin" => accounts().await?.into_iter().map(|account| account.login).collect(),
        "getUser" => describe(&known(params, state).await?),
        "userExists" => {
            let login = required(params, "userLogin")?;
            Value::from(accounts().await?.iter().any(|account| account.login == login))
        }
        "hasSuperUserAccess" => Value::from(asker.account.superuser),
        "getUsersHavingSuperUserAccess" => {
            accounts().await?.iter().filter(|account| account.superuser).map(describe).collect()
        }
        "getSitesAccessFromUser" => {
            let roles = known(params, state).await?.roles;
            let row = |(site, role): (SiteId, Role)| {
                Value::object([("site", Value::from(site)), ("access", Value::from(role.as_str()))])
            };
            roles.into_iter().map(row).collect()
        }
        "getUsersAccessFromSite" => {
            let site = asker.site(state).await?;
            let role = |account: Account| {
                let role = account.roles.get(&site.id)?;
                Some((account.login, Value::from(role.as_str())))
            };
            Value::object(accounts().await?.into_iter().filter_map(role))
        }
        "getUsersWithSiteAccess" => {
            let site = asker.site(state).await?;
            let role = role(required(params, "access")?)?;
            let has = |account: &&Account| account.roles.get(&site.id).copied() == role;
            accounts().await?.iter().filter(has).map(describe).collect()
        }
        "getUserPreference" => preference(asker, state)?,
        "getAvailableRoles" => {
            let row = |role: Role| Value::object([("id", Value::from(role.as_str()))]);
            [Role::View, Role::Write, Role::Admin].into_iter().map(row).collect()
        }
        "addUser" => {
            let login = required(params, "userLogin")?;
            let password = password(params)?;
            let added = state.store.add_account(login, password).await;
            if !added.map_err(|error| away(&error))? {
                return Err(Refusal::new(format!("Username '{login}' already exists.")));
            }
            return Ok(Managed::Done);
        }
        "updateUser" => {
            let login = known(params, state).await?.login;
            if params.get("password").is_some() {
                let saved = state.store.set_password(&login, password(params)?).await;
                saved.map_err(|error| away(&error))?;
            }
            return Ok(Managed::Done);
        }
        "deleteUser" => {
            let login = known(params, state).await?.login;
            state.store.delete_account(&login).await.map_err(|error| away(&error))?;
            return refreshed(state).await;
        }
        "setUserAccess" => {
            let login = known(params, state).await?.login;
            let role = role(required(params, "access")?)?;
            let sites = sites(params, state)?;
            let set = state.store.set_role(&login, &sites, role).await;
            set.map_err(|error| away(&error))?;
            return refreshed(state).await;
        }
        "setSuperUserAccess" => {
            let login = known(params, state).await?.login;
            let superuser = params.is_on("hasSuperUserAccess");
            let others = accounts().await?;
            let last = !others.iter().any(|account| account.superuser && account.login != login);
            if !superuser && last {
                return Err(Refusal::new(
                    "The last super user must stay one: nobody else could make another.",
                ));
            }
            let set = state.store.set_superuser(&login, superuser).await;
            set.map_err(|error| away(&error))?;
            return refreshed(state).await;
        }
        "createAppSpecificTokenAuth" => app_token(params, state).await?,
        _ => return Ok(Managed::Unknown),
    }))
}

async fn refreshed(state: &State) -> Result<Managed, Refusal> {
    state.refresh().await.map_err(|error| away(&error))?;
    Ok(Managed::Done)
}

/// A token for whoever knows the password: the one method that needs no token.
pub(in crate::web) async fn app_token(params: &Params, state: &State) -> Result<Value, Refusal> {
    let login = required(params, "userLogin")?;
    let password = required(params, "passwordConfirmation")?;
    let description = params.get("description").unwrap_or("App");
    if !state.doorkeeper.lets_try(login, state.now()) {
        return Err(Refusal::new("Too many attempts for this login. Please wait five minutes."));
    }
    let secret = state.store.log_in(login, password).await.map_err(|error| away(&error))?;
    let Some(secret) = secret else {
        return Err(Refusal::new("The current password you entered is not correct."));
    };
    state.store.log_out(&secret).await.map_err(|error| away(&error))?;
    state.doorkeeper.forget(login);
    let expires = expiry(params)?;
    let made = state.store.token_of(login, description, expires).await;
    let token = made.map_err(|error| away(&error))?;
    state.refresh().await.map_err(|error| away(&error))?;
    Ok(Value::from(token))
}

/// Until when a token is good; for ever where the question does not say.
fn expiry(params: &Params) -> Result<Option<SystemTime>, Refusal> {
    if let Some(hours) = params.integer("expireHours").filter(|hours| *hours > 0) {
        let seconds = hours.unsigned_abs().saturating_mul(3600);
        return Ok(SystemTime::now().checked_add(Duration::from_secs(seconds)));
    }
    let Some(date) = params.get("expireDate") else { return Ok(None) };
    let day: jiff::civil::Date =
        date.chars().take(10).collect::<String>().parse().map_err(|_| {
            Refusal::new(format!(
                "The date '{date}' of 'expireDate' is not valid. Please use YYYY-MM-DD."
            ))
        })?;
    let start = day.to_zoned(jiff::tz::TimeZone::UTC).map(|start| start.timestamp().into());
    Ok(start.ok())
}

fn password(params: &Params) -> Result<&str, Refusal> {
    let password = required(params, "password")?;
    if password.chars().count() < SHORTEST {
        return Err(Refusal::new(format!(
            "The password is too short: it needs at least {SHORTEST} characters."
        )));
    }
    Ok(password)
}

/// A role; nothing for `noaccess`.
fn role(name: &str) -> Result<Option<Role>, Refusal> {
    match (name, Role::parse(name)) {
        ("noaccess", _) => Ok(None),
        (_, Some(role)) => Ok(Some(role)),
        _ => Err(Refusal::new(format!(
            "The parameter access must have one of the following values : [ noaccess, view, write, admin ], not '{name}'."
        ))),
    }
}

/// The sites of `idSites`.
fn sites(params: &Params, state: &State) -> Result<Vec<SiteId>, Refusal> {
    let known: Vec<SiteId> = state.sites().iter().map(|known| known.site.id).collect();
    let asked = params.names("idSites");
    if asked.is_empty() {
        return Err(Refusal::missing("idSites"));
    }
    if asked.iter().any(|id| id == "all") {
        return Ok(known);
    }
    let id = |id: &String| {
        let number = id.parse().ok().filter(|number| known.contains(number));
        number.ok_or_else(|| Refusal::no_view(id))
    };
    asked.iter().map(id).collect()
}

async fn known(params: &Params, state: &State) -> Result<Account, Refusal> {
    let login = required(params, "userLogin")?;
    let accounts = state.store.accounts().await.map_err(|error| away(&error))?;
    let found = accounts.into_iter().find(|account| account.login == login);
    found.ok_or_else(|| Refusal::new(format!("User '{login}' doesn't exist.")))
}

/// What apps open first: the first site, yesterday.
fn preference(asker: &Asker<'_>, state: &State) -> Result<Value, Refusal> {
    match required(asker.params, "preferenceName")? {
        "defaultReport" => {
            let sites = state.sites();
            let mut ids = sites.iter().map(|known| known.site.id);
            let first = ids.find(|site| asker.account.may(*site, Role::View));
            Ok(first.map_or(Value::from(false), |site| Value::from(site.to_string())))
        }
        "defaultReportDate" => Ok(Value::from("yesterday")),
        other => Err(Refusal::new(format!(
            "The preference '{other}' is not known. Please use defaultReport or defaultReportDate."
        ))),
    }
}

fn describe(account: &Account) -> Value {
    let created = jiff::Timestamp::try_from(account.created).unwrap_or_default();
    Value::object([
        ("login", Value::from(account.login.as_str())),
        ("email", Value::from("")),
        ("superuser_access", Value::from(i64::from(account.superuser))),
        ("date_registered", Value::from(created.strftime("%Y-%m-%d %H:%M:%S").to_string())),
        ("uses_2fa", Value::from(false)),
    ])
}
