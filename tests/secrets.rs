//! A password in an address is nowhere to be found: not in the record, not in what is printed, not in what is exported.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SECRET: &str = "geheim";

/// Addresses at which nobody answers, each with the secret in it.
const ADDRESSES: [&str; 14] = [
    "postgres://me:geheim@localhost:1/db",
    "postgres://me:ge%40geheim@localhost:1/db",
    "postgres://me:@geheim:geheim@localhost:1/db",
    "postgres://me:ge/geheim@localhost:1/db",
    "postgres://me:geheim@[::1]:1/db",
    "postgres://localhost:1/db?user=me&password=geheim",
    "postgres://localhost:1/db?PASSWORD=geheim&user=me",
    "postgres://localhost:1/db?p%61ssword=geheim",
    "postgres://localhost:1/db?sslmode=disable&sslpassword=geheim",
    "postgresql://me:geheim@localhost:1,localhost:2/db",
    "me:geheim@localhost",
    "host=localhost,password='geheim'",
    "sqlite:/tmp/nowhere.db?key=geheim",
    "https://localhost/?access_token=geheim",
];

fn loopscope(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command.args(args).current_dir(folder).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command.env_remove("DATABASE_URL");
    command
}

/// Fails where the secret was printed.
fn is_silent(output: &Output, what: &str) {
    for text in [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)) {
        assert!(!text.contains(SECRET), "{what}: {text}");
    }
}

/// Fails where the secret is in a file of the folder.
fn is_in_no_file(folder: &Path, what: &str) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let bytes = fs::read(entry.path()).unwrap();
        let found = bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes());
        assert!(!found, "{what}: {}", entry.path().display());
    }
}

#[test]
fn the_password_of_an_address_is_in_no_output() {
    for address in ADDRESSES {
        let folder = tempfile::tempdir().unwrap();
        let run = |args: &[&str]| loopscope(folder.path(), args).output().unwrap();
        let assignment = format!("url={address}");
        let mut outputs = vec![run(&["run", "database", "--set", &assignment, "--trace", "x"])];
        assert!(folder.path().join("x").exists(), "{outputs:?}");
        let requests: &[&[&str]] = &[
            &["stats", "x"],
            &["check", "x"],
            &["compare", "x", "x"],
            &["export", "x", "--format", "csv", "-o", "x.csv"],
            &["export", "x", "--format", "chrome", "-o", "x.json"],
            &["export", "x", "--format", "svg", "-o", "x.svg"],
            &["render", "x", "-o", "y.svg"],
        ];
        for args in &requests[..requests.len() - if cfg!(feature = "gui") { 0 } else { 2 }] {
            let output = run(args);
            assert!(output.status.success(), "{args:?}: {output:?}");
            outputs.push(output);
        }
        // As the environment gives it.
        let mut from_outside = loopscope(folder.path(), &["run", "database", "--trace", "z"]);
        outputs.push(from_outside.env("DATABASE_URL", address).output().unwrap());
        outputs.iter().for_each(|output| is_silent(output, address));
        let record = fs::read(folder.path().join("x")).unwrap();
        assert!(record.windows(3).any(|part| part == b"***"), "the address is shown: {address}");
        is_in_no_file(folder.path(), address);
    }
}

#[test]
fn a_request_that_makes_no_sense_does_not_repeat_the_password() {
    let folder = tempfile::tempdir().unwrap();
    for address in ADDRESSES.into_iter().chain(["host=localhost password='a geheim'"]) {
        let assignments = [format!("uri={address}"), address.to_owned(), format!("url={address} x")];
        let mut requests: Vec<Vec<&str>> =
            assignments.iter().map(|set| vec!["run", "database", "--set", set]).collect();
        requests.push(vec!["run", address]);
        requests.push(vec!["run", "database", &assignments[0]]);
        requests.push(vec!["run", "database", "--clock", address]);
        requests.push(vec![address]);
        for request in requests {
            let output = loopscope(folder.path(), &request).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{request:?}: {output:?}");
            is_silent(&output, address);
        }
    }
}
