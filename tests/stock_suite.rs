//! async-executor's own tests and documentation examples, from its registry package, against the stand-in: with nothing
//! but the name of the crate replaced, and once more while everything is recorded and the record checked.

#[path = "support/outside.rs"]
mod outside;

use libtest_mimic::Failed;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    outside::main(vec![outside::test("the stock executor's own tests pass with the stand-in", &["cargo"], run)])
}

/// How many tests the package has.
const TESTS: usize = 14;
/// Compiles in a quarter of the time, and the tests are as quick.
const PROFILE: &str = "[profile.dev]\ndebug = false\n\n[workspace]\n";

const LIB: &str = r#"
use loopscope::event::Event;
use loopscope::executor::{Recording, record};
use loopscope::trace::check;
use std::sync::{Arc, Mutex};

/// A record of everything while it lives, checked at its end.
pub struct Checked(Option<Recording>, Arc<Mutex<Vec<Event>>>);

pub fn checked() -> Checked {
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = {
        let events = Arc::clone(&events);
        move |chunk: &mut Vec<Event>| events.lock().unwrap().append(chunk)
    };
    Checked(Some(record("suite", sink)), events)
}

impl Drop for Checked {
    fn drop(&mut self) {
        self.0 = None;
        let events = self.1.lock().unwrap();
        let violations = check(&*events);
        if !std::thread::panicking() {
            assert!(events.len() >= 2, "nothing was recorded");
            assert!(violations.is_empty(), "{violations:#?}");
        }
    }
}
"#;

/// The cargo that runs this test, or the one on the path. It runs in this crate's folder, so that it reads the same
/// configuration: a proxy, vendored sources, another registry.
fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo
}

/// What a command printed, if it succeeded.
fn printed(command: &mut Command) -> Result<String, Failed> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Where cargo keeps the package that this crate is built with, and its name with its version.
///
/// A machine has the packages that a build on it needs, and perhaps no others: so cargo is asked about this system and
/// the fewest features, and it is told not to fetch anything.
fn package() -> Result<(PathBuf, String), Failed> {
    let version = printed(cargo().arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("cargo names no host")?;
    let question =
        ["metadata", "--format-version", "1", "--offline", "--no-default-features", "--filter-platform", host];
    let metadata: serde_json::Value = serde_json::from_str(&printed(cargo().args(question))?)?;
    let mut packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?.iter();
    let package = packages.find(|package| package["name"] == "async-executor").ok_or("async-executor is not there")?;
    let manifest = package["manifest_path"].as_str().map(Path::new).ok_or("a package without a manifest")?;
    let folder = manifest.parent().ok_or("a manifest without a folder")?;
    Ok((folder.to_owned(), format!("async-executor {}", package["version"].as_str().unwrap_or_default())))
}

/// The package's text with the crate's name replaced.
fn replaced(text: &str) -> String {
    text.replace("async_executor", "loopscope::executor")
}

/// The same with the record on in each test.
fn recorded(text: &str) -> String {
    let mut out = String::new();
    let mut is_test = false;
    for line in text.lines() {
        out.push_str(line);
        out.push('\n');
        is_test |= line == "#[test]";
        if is_test && line.starts_with("fn ") && line.ends_with('{') {
            out.push_str("    let _checked = stock_suite::checked();\n");
            is_test = false;
        }
    }
    out
}

/// The examples in the documentation of a source file, each as the documentation of an item of its own.
fn examples(text: &str, prefix: &str, first_line: &str) -> (String, usize) {
    let (mut out, mut count, mut is_code) = (String::new(), 0, false);
    for line in text.lines().map(str::trim_start) {
        let Some(line) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else { continue };
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
            if is_code {
                count += 1;
                writeln!(out, "\n///{line}\n{first_line}").unwrap();
            } else {
                writeln!(out, "///{line}\npub struct {prefix}{count};").unwrap();
            }
        } else if is_code {
            writeln!(out, "///{line}").unwrap();
        }
    }
    (out, count)
}

fn write_project(project: &Path, package: &Path) -> Result<usize, Failed> {
    fs::create_dir_all(project.join("src"))?;
    fs::create_dir_all(project.join("tests"))?;
    let here = env!("CARGO_MANIFEST_DIR");
    let dependencies = "async-channel = \"2\"\nasync-io = \"2\"\nasync-lock = \"3\"\neasy-parallel = \"3\"\n\
                        fastrand = \"2\"\nfutures-lite = \"2\"\nonce_cell = \"1\"";
    let manifest = format!(
        "[package]\nname = \"stock-suite\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[dependencies]\n\
         loopscope = {{ path = {here:?}, default-features = false, features = [\"static\"] }}\n{dependencies}\n\n{PROFILE}"
    );
    fs::write(project.join("Cargo.toml"), manifest)?;
    fs::copy(Path::new(here).join("Cargo.lock"), project.join("Cargo.lock"))?;
    for entry in fs::read_dir(package.join("tests"))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = replaced(&fs::read_to_string(&path)?);
        fs::write(project.join(format!("tests/plain_{name}")), &text)?;
        fs::write(project.join(format!("tests/recorded_{name}")), recorded(&text))?;
    }
    let mut lib = LIB.to_owned();
    let mut count = 0;
    for (file, name) in [("src/lib.rs", "Main"), ("src/static_executors.rs", "Static")] {
        let text = replaced(&fs::read_to_string(package.join(file))?);
        for (kind, first_line) in [("Plain", "/// "), ("Recorded", "/// let _checked = stock_suite::checked();")] {
            let (examples, found) = examples(&text, &format!("{kind}{name}"), first_line);
            lib.push_str(&examples);
            count += found;
        }
    }
    fs::write(project.join("src/lib.rs"), lib)?;
    Ok(count)
}

fn run() -> Result<(), Failed> {
    let (package, name) = package()?;
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stock-suite");
    let examples = write_project(&project, &package)?;
    let mut cargo = cargo();
    // The record is the process's, so that one test at a time may keep it.
    cargo.args(["test", "--offline", "--no-fail-fast", "--manifest-path"]).arg(project.join("Cargo.toml"));
    cargo.args(["--", "--test-threads=1"]);
    // What cargo says about this crate is not about the other one. The rest is configuration and holds for both.
    let is_about_us = |name: &str| {
        ["CARGO_PKG_", "CARGO_BIN_", "CARGO_MANIFEST_"].iter().any(|start| name.starts_with(start))
            || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "CARGO_TARGET_TMPDIR"].contains(&name)
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_about_us)) {
        cargo.env_remove(name);
    }
    let output = cargo.env("CARGO_TARGET_DIR", project.join("target")).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let results = text.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    let all: usize = results.filter_map(|rest| rest.split(' ').next()?.parse::<usize>().ok()).sum();
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || all != 2 * TESTS + examples {
        return Err(format!("{name}: {all} of {} passed\n{text}\n{errors}", 2 * TESTS + examples).into());
    }
    println!("{name}: {TESTS} tests and {} examples pass, plain and recorded", examples / 2);
    Ok(())
}
