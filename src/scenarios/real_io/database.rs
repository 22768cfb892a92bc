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
    while let Some(connection) = pool.try_get() {
        connection.close().await?; //~ close
    }
    Ok(())
}

// --- end of the lesson's code ---

use super::on_loop;
use crate::event::{ClockKind, ResourceState};
use crate::scenarios::{Answer, Bounds, Lesson, Outline, Param, Params, Predict, Scenario, Source};

/// How many queries had to wait for a connection.
fn waited(run: &Outline) -> Answer {
    let queries = run.tasks.iter().filter(|task| task.name.starts_with("query-"));
    Answer::Count(queries.filter(|task| task.shared_waits > 0).count() as u64)
}

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
    promise: "six queries share two connections",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/database.md"),
        steps: &[
            |seen| seen.goes_on("main", "connect"),
            |seen| seen.changed("pool") == Some(ResourceState::Queue { length: 2 }),
            |seen| seen.waits("query-3", "get"),
            |seen| seen.woken_by("query-3", "query-*"),
            |seen| seen.printed("shop 1 sold *"),
        ],
    },
    predict: Predict { answer: waited, changed_by: "pool=3" },
    clock: ClockKind::Real,
    params: &[
        Param { name: "queries", label: "queries", bounds: Bounds::Count { min: 1, max: 40, default: 6 } },
        Param { name: "pool", label: "connections", bounds: Bounds::Count { min: 1, max: 20, default: 2 } },
        Param { name: "work", label: "work of a query", bounds: Bounds::Count { min: 1, max: 3000, default: 1000 } },
        Param { name: "database", label: "the database", bounds: Bounds::Choice { of: &["there", "unreachable"] } },
        Param { name: "url", label: "PostgreSQL's address", bounds: Bounds::Text { default: "" } },
    ],
    rust: Source::rust("database.rs", include_str!("database.rs")),
    python: Source::python("real_io/database.py", include_str!("../../../assets/python/real_io/database.py")),
    ..Scenario::new("database", "A connection pool", |params| {
        let (size, shops, database) = (params.count("pool"), params.count("queries"), database(params));
        on_loop(async move { main(database?, size, shops).await })
    })
};
