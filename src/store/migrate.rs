//! Brings the schema up to date when the server starts.

use super::{Error, Store};

refinery::embed_migrations!("migrations");

/// A lock that no two servers hold at once, so that they do not migrate together.
const LOCK: i64 = 0x7061_646f_7165;

impl Store {
    /// Applies the migrations that are missing.
    ///
    /// # Errors
    /// The database is away, or knows migrations that this server does not.
    pub async fn migrate(&self) -> Result<(), Error> {
        let mut client = self.client().await?;
        client.execute("select pg_advisory_lock($1)", &[&LOCK]).await?;
        let done = migrations::runner().set_abort_missing(true).run_async(&mut **client).await;
        client.execute("select pg_advisory_unlock($1)", &[&LOCK]).await?;
        done?;
        Ok(())
    }
}
