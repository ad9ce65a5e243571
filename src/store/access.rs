//! Tokens, accounts and logins. Secrets are kept hashed.

use std::time::{Duration, SystemTime};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier},
};

use super::{Account, Error, Store};

/// How long a browser stays logged in.
const LOGIN: Duration = Duration::from_secs(12 * 3_600);

/// What may be told of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenLine {
    /// The first digits of its hash: they name it, and tell nothing of it.
    pub name: String,
    pub description: String,
    /// Date and time, in UTC.
    pub created: String,
}

pub(super) fn hash(secret: &str) -> Vec<u8> {
    blake3::hash(secret.as_bytes()).as_bytes().to_vec()
}

/// Random hexadecimal digits; two for each byte.
pub(super) fn random(bytes: usize) -> Result<String, Error> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer)
        .map_err(|error| Error::Refused(format!("no random numbers: {error}")))?;
    Ok(buffer.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A password as it is kept: Argon2id in PHC format.
pub(super) fn hashed(password: &str) -> Result<String, Error> {
    let hashed = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| Error::Refused(format!("the password cannot be hashed: {error}")))?;
    Ok(hashed.to_string())
}

impl Store {
    /// Makes a super-user token: 32 hexadecimal digits, shown this once.
    ///
    /// # Errors
    /// The database is away.
    pub async fn new_token(&self, description: &str) -> Result<String, Error> {
        let token = random(16)?;
        self.client()
            .await?
            .execute(
                "insert into token (hash, description) values ($1, $2)",
                &[&hash(&token), &description],
            )
            .await?;
        Ok(token)
    }

    /// Takes a token back.
    ///
    /// # Errors
    /// The database is away.
    pub async fn drop_token(&self, token: &str) -> Result<(), Error> {
        self.client().await?.execute("delete from token where hash = $1", &[&hash(token)]).await?;
        Ok(())
    }

    /// What may be told of each token, oldest first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn token_lines(&self) -> Result<Vec<TokenLine>, Error> {
        let query = "select left(encode(hash, 'hex'), 12), description, \
             to_char(created at time zone 'utc', 'YYYY-MM-DD HH24:MI') from token order by created";
        let rows = self.client().await?.query(query, &[]).await?;
        let line = |row: &tokio_postgres::Row| TokenLine {
            name: row.get(0),
            description: row.get(1),
            created: row.get(2),
        };
        Ok(rows.iter().map(line).collect())
    }

    /// Takes the token of a name back; whether there was one.
    ///
    /// # Errors
    /// The database is away.
    pub async fn revoke_token(&self, name: &str) -> Result<bool, Error> {
        let statement = "delete from token where left(encode(hash, 'hex'), 12) = lower($1)";
        Ok(self.client().await?.execute(statement, &[&name]).await? > 0)
    }

    /// Makes an account, or gives an existing one a new password, which is returned.
    ///
    /// # Errors
    /// The database is away.
    pub async fn set_account(&self, login: &str, superuser: bool) -> Result<String, Error> {
        let password = random(8)?;
        let hashed = hashed(&password)?;
        self.client()
            .await?
            .execute(
                "insert into account (login, password, superuser) values ($1, $2, $3) \
                 on conflict (login) do update set password = excluded.password, superuser = excluded.superuser",
                &[&login, &hashed, &superuser],
            )
            .await?;
        Ok(password)
    }

    /// Logs in; the secret for the browser's cookie, or nothing where login or password are wrong.
    ///
    /// # Errors
    /// The database is away.
    pub async fn log_in(&self, login: &str, password: &str) -> Result<Option<String>, Error> {
        let client = self.client().await?;
        let row =
            client.query_opt("select password from account where login = $1", &[&login]).await?;
        let Some(stored) = row.map(|row| row.get::<_, String>(0)) else {
            // As slow as a wrong password, so that logins cannot be told from the time it takes.
            Argon2::default().hash_password(password.as_bytes()).ok();
            return Ok(None);
        };
        if Argon2::default().verify_password(password.as_bytes(), stored.as_str()).is_err() {
            return Ok(None);
        }
        let secret = random(32)?;
        let expires = SystemTime::now() + LOGIN;
        client.execute("delete from login where expires < now()", &[]).await?;
        client
            .execute(
                "insert into login (hash, account, expires) values ($1, $2, $3)",
                &[&hash(&secret), &login, &expires],
            )
            .await?;
        Ok(Some(secret))
    }

    /// The account a cookie's secret belongs to.
    ///
    /// # Errors
    /// The database is away.
    pub async fn logged_in(&self, secret: &str) -> Result<Option<Account>, Error> {
        let row = self
            .client()
            .await?
            .query_opt(
                "select account from login where hash = $1 and expires > now()",
                &[&hash(secret)],
            )
            .await?;
        let Some(login) = row.map(|row| row.get::<_, String>(0)) else { return Ok(None) };
        Ok(self.accounts().await?.into_iter().find(|account| account.login == login))
    }

    /// Ends a login.
    ///
    /// # Errors
    /// The database is away.
    pub async fn log_out(&self, secret: &str) -> Result<(), Error> {
        self.client().await?.execute("delete from login where hash = $1", &[&hash(secret)]).await?;
        Ok(())
    }
}
