//! The only SQL.
//!
//! Reports read rollups, a batch is one transaction with the journal's position in it, and every
//! additive upsert writes its rows in one order, so that two writers cannot wait for each other.

mod access;
mod establishments;
mod kept;
mod label;
mod migrate;
mod names;
mod notes;
mod people;
mod published;
mod read;
mod register;
mod retention;
mod segments;
mod sites;
mod write;

use std::{sync::Arc, time::Duration};

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError,
    RecyclingMethod, Runtime,
};
use thiserror::Error;
use tokio_postgres::{Config, NoTls};

pub use access::TokenLine;
pub use establishments::{Among, Gone, Saved};
pub use kept::KeptDay;
pub use names::StoredName;
pub use notes::Note;
pub use people::{Account, Role, Token, Tokens};
pub use published::PublishedCell;
pub use read::Answered;
pub use register::RegisterChange;
pub use segments::{DeclaredSegment, NewSegment, SeriesOfSegment};
pub use sites::NewSite;
pub use write::Known;

use label::Labels;

/// What can go wrong with the database. No text of a hit is ever in one.
#[derive(Debug, Error)]
pub enum Error {
    #[error("the database cannot be reached: {0}")]
    Pool(#[from] PoolError),
    #[error("the database refused a statement: {}", code(.0))]
    Sql(#[from] tokio_postgres::Error),
    #[error("the database could not be migrated: {0}")]
    Migration(#[from] refinery::Error),
    #[error("{0}")]
    Refused(String),
    #[error("settings in the database cannot be read: {0}")]
    Settings(#[from] serde_json::Error),
}

/// A database error without the row it names, which may hold a text.
fn code(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => error.to_string(),
    }
}

/// Settings of a new connection: to compile a statement takes longer than to answer any that is here, and
/// what sixty thousand establishments come to is sorted in memory. As statements, because a pooler in
/// between refuses them as options of the connection.
async fn settle(client: &ClientWrapper) -> Result<(), HookError> {
    client.batch_execute("set jit = off; set work_mem = '32MB'").await.map_err(HookError::Backend)
}

/// The database.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    labels: Arc<Labels>,
}

impl Store {
    /// Prepares connections; none is made yet.
    ///
    /// # Errors
    /// The address is no PostgreSQL address.
    pub fn new(address: &str, connections: usize) -> Result<Self, Error> {
        let mut config: Config = address.parse()?;
        config.application_name("padoqe").connect_timeout(Duration::from_secs(5));
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, NoTls, manager);
        let pool = Pool::builder(manager)
            .max_size(connections)
            .wait_timeout(Some(Duration::from_secs(10)))
            .create_timeout(Some(Duration::from_secs(6)))
            .runtime(Runtime::Tokio1)
            .post_create(Hook::async_fn(|client, _| Box::pin(settle(client))))
            .build()
            .map_err(|error| Error::Refused(error.to_string()))?;
        Ok(Self { pool, labels: Arc::default() })
    }

    async fn client(&self) -> Result<Object, Error> {
        Ok(self.pool.get().await?)
    }

    /// Whether a statement is answered.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), Error> {
        self.client().await?.simple_query("select 1").await?;
        Ok(())
    }
}
