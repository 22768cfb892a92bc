//! Programs that talk to the world: files, connections, people.

mod advice;
mod database;
mod file_read;
mod http_client;
mod http_server;
mod notes;
mod scrape;
mod shop_database;
mod user_input;
mod web_client;
mod web_server;
mod web_site;

use super::Program;
use crate::runtime::{describe_errors, say};
use shop_database::ShopError;
use std::fmt::Display;
use std::future::Future;
use web_client::FetchError;

pub(super) static SCENARIOS: &[&super::Scenario] = &[
    &http_client::SCENARIO,
    &scrape::SCENARIO,
    &http_server::SCENARIO,
    &file_read::SCENARIO,
    &database::SCENARIO,
    &user_input::SCENARIO,
];

/// A program that may fail: the error that ends it is its last line, and a record says what the errors of its tasks say.
fn on_loop<E: Display>(main: impl Future<Output = Result<(), E>> + 'static) -> Program {
    describe_errors::<u32, FetchError>();
    describe_errors::<String, FetchError>();
    describe_errors::<i64, ShopError>();
    Program::on_loop(async move {
        if let Err(error) = main.await {
            say!("failed: {error}");
        }
    })
}
