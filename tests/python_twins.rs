//! Every Python twin, run by CPython's own asyncio on a virtual clock, prints what the Rust prints, in the same order
//! and at the same times, and ends as it does; one that needs the real clock, in the same order. So does the twin that a
//! lesson shows when its parameters are set, with the values of the run in it; and it compiles with any values.

#[path = "support/outside.rs"]
mod outside;

use libtest_mimic::Failed;
use loopscope::event::ClockKind;
use loopscope::scenarios::{self, Bounds, Params, Scenario};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, ExitCode, Stdio};

/// Lessons that say themselves where the two languages differ, and with which values.
const OTHERWISE: &[(&str, &str)] = &[("race", "step=0s"), ("order-smol-vs-asyncio", "executor=smol")];

fn main() -> ExitCode {
    let as_it_is = |scenario: &'static Scenario| {
        outside::test(format!("twin of {}", scenario.id), needs(scenario), || agree(scenario))
    };
    let with_values = |scenario: &'static Scenario| {
        outside::test(format!("twin of {} with other values", scenario.id), &["python3"], || {
            agree_with_values(scenario)
        })
    };
    let is_virtual = |scenario: &&Scenario| scenario.clock == ClockKind::Virtual;
    let mut tests: Vec<_> = scenarios::all().map(as_it_is).collect();
    tests.extend(scenarios::all().filter(is_virtual).map(with_values));
    tests.push(outside::test("every twin that is shown compiles", &["python3"], compile));
    outside::main(tests)
}

/// What is needed to run the twin, beside what comes with Python.
fn needs(scenario: &Scenario) -> &'static [&'static str] {
    match scenario.id {
        "http-client" | "http-server" | "scrape" => &["python3", "python3:aiohttp"],
        "file-read" => &["python3", "python3:aiofiles"],
        "database" => &["python3", "python3:aiosqlite"],
        _ => &["python3"],
    }
}

fn agree(scenario: &Scenario) -> Result<(), Failed> {
    let twin = format!("assets/python/{}", scenario.python.file);
    let mut rust = lines_of(Command::new(env!("CARGO_BIN_EXE_loopscope")).args(["run", scenario.id]))?;
    let mut python = match scenario.clock {
        ClockKind::Virtual => lines_of(Command::new("python3").args(["tests/asyncio_virtual.py", &twin]))?,
        ClockKind::Real => lines_of(Command::new("python3").arg(&twin))?,
    };
    if scenario.clock == ClockKind::Real {
        let text = |line: String| line.split_once(' ').map_or("", |(_, text)| text).to_owned();
        rust = rust.into_iter().filter(|line| !line.starts_with("# ")).map(text).collect();
        python.retain(|line| !line.is_empty());
    }
    if rust == python { Ok(()) } else { Err(format!("Rust: {rust:#?}\nPython: {python:#?}").into()) }
}

fn lines_of(command: &mut Command) -> Result<Vec<String>, Failed> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}

/// The twin as it is shown in a run, with what stands around the lines that are shown.
fn shown(scenario: &Scenario, params: &Params) -> String {
    let mut lines: Vec<String> = scenario.python.text.lines().map(str::to_owned).collect();
    for line in scenario.python.lines_of(params) {
        lines[line.number as usize - 1] = line.text.into_owned();
    }
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    })
}

fn params(scenario: &Scenario, set: &str) -> Params {
    let mut params = Params::defaults(scenario.params);
    set.split(' ').for_each(|assignment| params.assign(assignment).unwrap_or_else(|error| panic!("{set}: {error}")));
    params
}

/// What the lesson proposes to try, and each parameter with another value.
fn sets(scenario: &Scenario) -> Vec<String> {
    let mut sets: Vec<String> = scenario.tries().map(str::to_owned).collect();
    for param in scenario.params {
        let name = param.name;
        match param.bounds {
            Bounds::Count { max, default, .. } => sets.push(format!("{name}={}", (default + 1).min(max))),
            Bounds::Millis { max, default } => sets.push(format!("{name}={}ms", (default + 500).min(max))),
            Bounds::Choice { of } => sets.extend(of.iter().map(|word| format!("{name}={word}"))),
            Bounds::Text { .. } => {}
        }
    }
    sets
}

fn agree_with_values(scenario: &Scenario) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let twin = folder.path().join("twin.py");
    for set in sets(scenario).iter().filter(|set| !OTHERWISE.contains(&(scenario.id, set))) {
        std::fs::write(&twin, shown(scenario, &params(scenario, set)))?;
        let mut run = Command::new(env!("CARGO_BIN_EXE_loopscope"));
        run.args(["run", scenario.id]).args(set.split(' ').flat_map(|assignment| ["--set", assignment]));
        let rust = lines_of(&mut run)?;
        let python = lines_of(Command::new("python3").arg("tests/asyncio_virtual.py").arg(&twin))?;
        if rust != python {
            return Err(format!("{set}\nRust: {rust:#?}\nPython: {python:#?}").into());
        }
    }
    Ok(())
}

fn compile() -> Result<(), Failed> {
    let mut all = String::new();
    for scenario in scenarios::all() {
        for end in 0..3 {
            let mut params = Params::defaults(scenario.params);
            for param in scenario.params {
                let value = match param.bounds {
                    Bounds::Count { min, max, .. } => [min, max, max][end].to_string(),
                    Bounds::Millis { max, .. } => format!("{}ms", [0, 1, max][end]),
                    Bounds::Choice { of } => of[end.min(of.len() - 1)].to_owned(),
                    Bounds::Text { .. } => "text".to_owned(),
                };
                params.assign(&format!("{}={value}", param.name))?;
            }
            all += &shown(scenario, &params);
            all += "\0";
        }
    }
    let reads = "import sys\nfor text in sys.stdin.read().split('\\0'): compile(text, 'twin', 'exec')";
    let mut python = Command::new("python3").args(["-c", reads]).stdin(Stdio::piped()).spawn()?;
    python.stdin.take().ok_or("no input")?.write_all(all.as_bytes())?;
    if python.wait()?.success() { Ok(()) } else { Err("a twin does not compile".into()) }
}
