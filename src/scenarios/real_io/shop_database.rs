//! A database of what shops sold: SQLite in a folder of its own, or PostgreSQL where there is one.
//!
//! On PostgreSQL the table is a temporary one of each connection, so nothing is left behind.

use crate::runtime::{Label, Named, timeout};
use crate::scenarios::Address;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _, PgConnection, SqliteConnection};
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Why there is no answer. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShopError {
    #[error(
        "'{0}' is no address of a PostgreSQL database: write postgres://name:password@host:port/database, or leave it \
         empty for SQLite"
    )]
    Address(String),
    #[error("cannot connect to {at}: {cause}; start the database, or check its address, name and password")]
    Connect { at: Arc<str>, cause: String },
    #[error("{at} does not answer the query: {cause}; see that the database still runs")]
    Query { at: Arc<str>, cause: String },
    #[error("there is no folder for the database: {0}")]
    Folder(#[from] io::Error),
}

/// Where to connect to.
#[derive(Debug)]
pub(super) struct Database {
    at: Arc<str>,
    address: Address,
    place: Place,
    /// Thousands of steps that a query takes, or a fifth of a millisecond each where the database can sleep.
    work: u32,
}

enum Place {
    Sqlite { options: SqliteConnectOptions, _folder: TempDir },
    Postgres(PgConnectOptions),
}

/// Options are not told: they hold the password.
impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite { .. } => "Sqlite",
            Self::Postgres(_) => "Postgres",
        })
    }
}

/// A connection. It is closed when it is dropped; [`close`](Self::close) waits for that.
#[derive(Debug)]
pub(super) struct Connection {
    at: Arc<str>,
    address: Address,
    link: Link,
    work: u32,
}

#[derive(Debug)]
enum Link {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// How long a database may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A thousand sales of forty shops, the same every time.
const FILL_SQLITE: &str = "\
    CREATE TABLE IF NOT EXISTS sale (shop BIGINT, amount BIGINT);
    INSERT INTO sale
    WITH RECURSIVE step(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM step WHERE i < 1000)
    SELECT i % 40 + 1, i * 7 % 100 FROM step WHERE NOT EXISTS (SELECT 1 FROM sale)";
const FILL_POSTGRES: &str = "\
    CREATE TEMPORARY TABLE sale AS
    SELECT i % 40 + 1 AS shop, i * 7 % 100 AS amount FROM generate_series(1, 1000) AS step(i)";

/// A thousand sales are added up at once; the counting is there so that it takes a while.
const TOTAL_SQLITE: &str = "\
    WITH RECURSIVE step(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM step WHERE i < ?2)
    SELECT sum(amount) + (SELECT max(i) * 0 FROM step) FROM sale WHERE shop = ?1";
const TOTAL_POSTGRES: &str = "SELECT sum(amount)::bigint FROM sale, pg_sleep($2) WHERE shop = $1";

impl Database {
    /// The database at that address; an empty address is a new one of SQLite.
    pub(super) fn new(address: &Address, work: u32) -> Result<Self, ShopError> {
        if address.is_empty() {
            let folder = tempfile::Builder::new().prefix("loopscope-").tempdir()?;
            let options = SqliteConnectOptions::new().filename(folder.path().join("shops.db")).create_if_missing(true);
            let place = Place::Sqlite { options, _folder: folder };
            return Ok(Self { at: "shops.db".into(), address: address.clone(), place, work });
        }
        let (url, at) = (address.reveal(), address.to_string());
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        let options = url.parse().ok().filter(|_| is_postgres);
        let options = options.ok_or_else(|| ShopError::Address(at.clone()))?;
        Ok(Self { at: at.into(), address: address.clone(), place: Place::Postgres(options), work })
    }

    /// Connects, and sees that the sales are there.
    #[track_caller]
    pub(super) fn connect(&self) -> Named<impl Future<Output = Result<Connection, ShopError>>> {
        let connected = async {
            let link = match &self.place {
                Place::Sqlite { options, .. } => {
                    let mut link = options.connect().await?;
                    sqlx::raw_sql(FILL_SQLITE).execute(&mut link).await?;
                    Link::Sqlite(link)
                }
                Place::Postgres(options) => {
                    let mut link = options.connect().await?;
                    sqlx::raw_sql(FILL_POSTGRES).execute(&mut link).await?;
                    Link::Postgres(link)
                }
            };
            Ok::<Link, sqlx::Error>(link)
        };
        let named = connected.named(format!("connect to {}", self.at));
        async move {
            let cause = match timeout(PATIENCE, named).await {
                Ok(Ok(link)) => {
                    let (at, address) = (Arc::clone(&self.at), self.address.clone());
                    return Ok(Connection { at, address, link, work: self.work });
                }
                Ok(Err(error)) => self.address.hide_in(&error.to_string()),
                Err(_) => format!("no answer within {PATIENCE:?}"),
            };
            Err(ShopError::Connect { at: Arc::clone(&self.at), cause })
        }
        .named(format!("connect to {}", self.at))
    }
}

impl Connection {
    /// What a shop sold in all.
    #[track_caller]
    pub(super) fn total(&mut self, shop: u32) -> Named<impl Future<Output = Result<i64, ShopError>> + Send> {
        let shop = i64::from(shop);
        async move {
            let total = match &mut self.link {
                Link::Sqlite(link) => {
                    let steps = i64::from(self.work) * 1000;
                    sqlx::query_scalar(TOTAL_SQLITE).bind(shop).bind(steps).fetch_one(link).await
                }
                Link::Postgres(link) => {
                    let seconds = f64::from(self.work) / 5000.0;
                    sqlx::query_scalar(TOTAL_POSTGRES).bind(shop).bind(seconds).fetch_one(link).await
                }
            };
            total.map_err(|error| failed(&self.at, &self.address, &error))
        }
        .named(format!("the total of shop {shop}"))
    }

    /// Closes it, and waits until that is done.
    #[track_caller]
    pub(super) fn close(self) -> Named<impl Future<Output = Result<(), ShopError>>> {
        let Self { at, address, link, .. } = self;
        let name = format!("close {at}");
        async move {
            let closed = match link {
                Link::Sqlite(link) => link.close().await,
                Link::Postgres(link) => link.close().await,
            };
            closed.map_err(|error| failed(&at, &address, &error))
        }
        .named(name)
    }
}

/// A query that failed. What the database says may repeat what it was told.
fn failed(at: &Arc<str>, address: &Address, error: &sqlx::Error) -> ShopError {
    ShopError::Query { at: Arc::clone(at), cause: address.hide_in(&error.to_string()) }
}
