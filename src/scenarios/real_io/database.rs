//! Two connections, six queries.

use super::shop_database::{Connection, Database, ShopError};
use crate::runtime::sync::Queue;
use crate::runtime::{gather, say, spawn};

type Pool = Queue<Connection>;

async fn query(shop: u32, pool: Pool) -> Result<i64, ShopError> {
    let mut connection = pool.get().await; //~ get
    let total = connection.total(shop).await; //~ query
    pool.put(connection).await; //~ put
    total
}

async fn main(db: Database, size: u32, shops: u32) -> Result<(), ShopError> {
    let pool = Pool::unbounded("pool");
    for _ in 0..size {
        let connection = db.connect().await?; //~ connect
        pool.put(connection).await; //~ fill
    }
    let queries = (1..=shops).map(|shop| {
        spawn(format!("query-{shop}"), query(shop, pool.clone())) //~ spawn
    });
    let totals = gather(queries).await; //~ gather
    for (shop, total) in (1..).zip(totals) {
        say!("shop {shop} sold {}", total?); //~ total
    }
    loop {
        let rest = pool.try_get(); //~ take
        let Some(connection) = rest else { break };
        connection.close().await?; //~ close
    }
    Ok(())
}

// --- end of the lesson's code ---

use super::on_loop;
use crate::event::ClockKind;
use crate::scenarios::{Bounds, Lesson, Param, Params, Scenario, Source};

/// Where the database is: as set, else as the environment says, else in a file.
fn database(params: &Params) -> Result<Database, ShopError> {
    let set = params.text("url");
    let url = match params.choice("database") {
        "unreachable" => "postgres://127.0.0.1:1/shops".into(),
        _ if set.is_empty() => std::env::var("DATABASE_URL").unwrap_or_default().trim().into(),
        _ => set,
    };
    Database::new(&url, params.count("work"))
}

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/database.md")),
    clock: ClockKind::Real,
    params: &[
        Param { name: "queries", label: "queries", bounds: Bounds::Count { min: 1, max: 40, default: 6 } },
        Param { name: "pool", label: "connections", bounds: Bounds::Count { min: 1, max: 20, default: 2 } },
        Param { name: "work", label: "query cost", bounds: Bounds::Count { min: 1, max: 3000, default: 1000 } },
        Param { name: "database", label: "database", bounds: Bounds::Choice { of: &["reachable", "unreachable"] } },
        Param { name: "url", label: "PostgreSQL address", bounds: Bounds::Text { default: "" } },
    ],
    rust: Source::rust("database.rs", include_str!("database.rs")).naming(&[("pool", "size"), ("queries", "shops")]),
    python: Source::python("real_io/database.py", include_str!("../../../assets/python/real_io/database.py"))
        .naming(&[("pool", "size")]),
    ..Scenario::new("database", "A connection pool", |params| {
        let (size, shops, database) = (params.count("pool"), params.count("queries"), database(params));
        on_loop(async move { main(database?, size, shops).await })
    })
};
