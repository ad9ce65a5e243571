//! Accounts and what each may do.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::SystemTime,
};

use super::{
    Error, Store,
    access::{hash, hashed, random},
};
use crate::site::SiteId;

/// What an account may do with a site; each may what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    View,
    Write,
    Admin,
}

impl Role {
    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "view" => Some(Self::View),
            "write" => Some(Self::Write),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

/// Somebody who may log in or whose token is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub login: String,
    pub superuser: bool,
    pub roles: BTreeMap<SiteId, Role>,
    /// Places of sites whose published figures it may see.
    pub scopes: BTreeMap<SiteId, Vec<String>>,
    /// When it was made.
    pub created: SystemTime,
}

impl Account {
    /// Who a token of nobody in particular speaks for.
    pub fn of_no_name() -> Self {
        Self {
            login: "super user was set".to_owned(),
            superuser: true,
            roles: BTreeMap::new(),
            scopes: BTreeMap::new(),
            created: SystemTime::UNIX_EPOCH,
        }
    }

    /// Who asks without saying who: may see what is public.
    pub fn of_the_public() -> Self {
        Self { login: "anonymous".to_owned(), superuser: false, ..Self::of_no_name() }
    }

    /// Whether it may do with a site what that role may.
    pub fn may(&self, site: SiteId, role: Role) -> bool {
        self.superuser || self.roles.get(&site).is_some_and(|own| *own >= role)
    }
}

/// Whose token it is and until when it is good.
#[derive(Clone, Debug)]
pub struct Token {
    pub account: Arc<Account>,
    pub expires: Option<SystemTime>,
}

/// Tokens by their hash.
pub type Tokens = HashMap<[u8; 32], Token>;

impl Store {
    /// Every account, by name.
    ///
    /// # Errors
    /// The database is away.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let client = self.client().await?;
        let rows = client
            .query("select login, superuser, created from account order by login", &[])
            .await?;
        let granted = client.query("select account, site, role from access", &[]).await?;
        let mut accounts: Vec<Account> = rows
            .iter()
            .map(|row| Account {
                login: row.get(0),
                superuser: row.get(1),
                roles: BTreeMap::new(),
                scopes: BTreeMap::new(),
                created: row.get(2),
            })
            .collect();
        for row in &granted {
            let (login, site, role): (&str, i32, &str) = (row.get(0), row.get(1), row.get(2));
            let account = accounts.iter_mut().find(|account| account.login == login);
            if let (Some(account), Some(role)) = (account, Role::parse(role)) {
                account.roles.insert(site.cast_unsigned(), role);
            }
        }
        let scopes = client
            .query("select account, site, place from account_scope order by place", &[])
            .await?;
        for row in &scopes {
            let (login, site): (&str, i32) = (row.get(0), row.get(1));
            if let Some(account) = accounts.iter_mut().find(|account| account.login == login) {
                account.scopes.entry(site.cast_unsigned()).or_default().push(row.get(2));
            }
        }
        Ok(accounts)
    }

    /// All tokens with whose they are.
    ///
    /// # Errors
    /// The database is away.
    pub async fn tokens(&self) -> Result<Tokens, Error> {
        let accounts: HashMap<String, Arc<Account>> = self
            .accounts()
            .await?
            .into_iter()
            .map(|account| (account.login.clone(), Arc::new(account)))
            .collect();
        let nobody = Arc::new(Account::of_no_name());
        let rows =
            self.client().await?.query("select hash, account, expires from token", &[]).await?;
        let token = |row: &tokio_postgres::Row| {
            let hash = row.get::<_, Vec<u8>>(0).try_into().ok()?;
            let account = match row.get::<_, Option<String>>(1) {
                Some(login) => accounts.get(&login)?,
                None => &nobody,
            };
            Some((hash, Token { account: Arc::clone(account), expires: row.get(2) }))
        };
        Ok(rows.iter().filter_map(token).collect())
    }

    /// Makes a token for an account: 32 hexadecimal digits, shown this once.
    ///
    /// # Errors
    /// The database is away.
    pub async fn token_of(
        &self,
        login: &str,
        description: &str,
        expires: Option<SystemTime>,
    ) -> Result<String, Error> {
        let token = random(16)?;
        self.client()
            .await?
            .execute(
                "insert into token (hash, description, account, expires) values ($1, $2, $3, $4)",
                &[&hash(&token), &description, &login, &expires],
            )
            .await?;
        Ok(token)
    }

    /// Makes an account that may do nothing yet; false where there is one of that name.
    ///
    /// # Errors
    /// The database is away.
    pub async fn add_account(&self, login: &str, password: &str) -> Result<bool, Error> {
        let hashed = hashed(password)?;
        let made = self
            .client()
            .await?
            .execute(
                "insert into account (login, password, superuser) values ($1, $2, false) on conflict (login) do nothing",
                &[&login, &hashed],
            )
            .await?;
        Ok(made > 0)
    }

    /// Gives an account a new password and ends its logins.
    ///
    /// # Errors
    /// The database is away.
    pub async fn set_password(&self, login: &str, password: &str) -> Result<(), Error> {
        let hashed = hashed(password)?;
        let client = self.client().await?;
        client
            .execute("update account set password = $2 where login = $1", &[&login, &hashed])
            .await?;
        client.execute("delete from login where account = $1", &[&login]).await?;
        Ok(())
    }

    /// Deletes an account with its tokens, logins and rights.
    ///
    /// # Errors
    /// The database is away.
    pub async fn delete_account(&self, login: &str) -> Result<(), Error> {
        self.client().await?.execute("delete from account where login = $1", &[&login]).await?;
        Ok(())
    }

    /// Lets an account do with sites what a role may, or nothing.
    ///
    /// # Errors
    /// The database is away.
    pub async fn set_role(
        &self,
        login: &str,
        sites: &[SiteId],
        role: Option<Role>,
    ) -> Result<(), Error> {
        let client = self.client().await?;
        for site in sites {
            let site = site.cast_signed();
            match role {
                Some(role) => client
                    .execute(
                        "insert into access (account, site, role) values ($1, $2, $3) on conflict (account, site) do update set role = excluded.role",
                        &[&login, &site, &role.as_str()],
                    )
                    .await?,
                None => {
                    client
                        .execute("delete from access where account = $1 and site = $2", &[&login, &site])
                        .await?
                }
            };
        }
        Ok(())
    }

    /// Makes an account a super user, or takes that back.
    ///
    /// # Errors
    /// The database is away.
    pub async fn set_superuser(&self, login: &str, superuser: bool) -> Result<(), Error> {
        self.client()
            .await?
            .execute("update account set superuser = $2 where login = $1", &[&login, &superuser])
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_what_lesser_ones_may_on_its_site_only() {
        let mut account = Account { superuser: false, ..Account::of_no_name() };
        account.roles.insert(3, Role::Write);
        assert!(account.may(3, Role::View) && account.may(3, Role::Write));
        assert!(!account.may(3, Role::Admin) && !account.may(4, Role::View));
        assert!(Account::of_no_name().may(4, Role::Admin));
    }
}
