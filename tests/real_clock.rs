//! The machine's clocks as machines have them: the time of day is set while a run is under way, and the program is stopped for a
//! while, as when a lid is closed. A run counts time that passes, and goes on.

#[path = "support/outside.rs"]
mod outside;
#[path = "support/signal.rs"]
mod signal;

use libtest_mimic::{Failed, Trial};
use loopscope::trace::TimerEnd;
use loopscope::trace::file;
use signal::signal;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

fn main() -> ExitCode {
    outside::main(vec![
        outside::test(
            "a run does not notice that the time of day is set, a day on or a day back",
            &["faketime"],
            jumps,
        ),
        Trial::test("a run that is stopped for a second goes on, and its timers fire late", stopped),
    ])
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_loopscope");
/// Two rows of three waits of 0.8 s.
const RUN: [&str; 6] = ["run", "semaphore", "--set", "requests=6", "--set", "delay=800ms"];
/// By how much a busy machine may be late, in seconds.
const LATE: f64 = 5.0;
/// A day, in seconds.
const DAY: i64 = 86_400;

/// The lines that a run printed, each with its time in seconds.
fn lines(printed: &str) -> BTreeMap<String, f64> {
    let told = printed.lines().filter_map(|line| line.split_once(' '));
    told.filter_map(|(time, line)| Some((line.to_owned(), time.parse().ok()?))).collect()
}

/// A clock of the day that is set while a program runs; all others go on as they do.
struct SetClock {
    library: String,
    /// By how many seconds it is ahead: the library looks there each time.
    ahead: PathBuf,
}

impl SetClock {
    fn new(folder: &Path) -> Result<Self, Failed> {
        let found = Command::new("faketime").args(["-m", "-f", "+0", "printenv", "LD_PRELOAD"]).output()?;
        let clock = Self { library: String::from_utf8(found.stdout)?.trim().to_owned(), ahead: folder.join("ahead") };
        clock.set(0)?;
        Ok(clock)
    }

    fn set(&self, days: i64) -> Result<(), Failed> {
        fs::write(&self.ahead, format!("{:+}", days * DAY))?;
        let told = self.days_ahead()?;
        if told == days { Ok(()) } else { Err(format!("the clock is ahead by {told} days, not {days}").into()) }
    }

    fn mislead(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", &self.ahead)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }

    /// In whole days, about, as another program is told.
    fn days_ahead(&self) -> Result<i64, Failed> {
        let seconds = |command: &mut Command| -> Result<i64, Failed> {
            Ok(String::from_utf8(command.arg("+%s").output()?.stdout)?.trim().parse()?)
        };
        let mut misled = Command::new("date");
        self.mislead(&mut misled);
        let ahead = seconds(&mut misled)? - seconds(&mut Command::new("date"))?;
        Ok((ahead + ahead.signum() * DAY / 2) / DAY)
    }
}

fn jumps() -> Result<(), Failed> {
    let expected = lines(&String::from_utf8(Command::new(PROGRAM).args(RUN).output()?.stdout)?);
    for days in [1, -1] {
        let folder = tempfile::tempdir()?;
        let clock = SetClock::new(folder.path())?;
        let mut run = Command::new(PROGRAM);
        run.args(RUN).args(["--clock", "real"]).stdout(Stdio::piped());
        clock.mislead(&mut run);
        let mut run = run.spawn()?;
        let mut out = BufReader::new(run.stdout.take().ok_or("no output")?);
        let mut printed = String::new();
        out.read_line(&mut printed)?; // it is under way
        clock.set(days)?;
        out.read_to_string(&mut printed)?;
        let (status, told) = (run.wait()?, lines(&printed));
        let is_right =
            |(line, time): (&String, &f64)| told.get(line).is_some_and(|told| (time - 0.1..time + LATE).contains(told));
        if !status.success() || told.len() != expected.len() || !expected.iter().all(is_right) {
            return Err(format!("{days} days: {printed}, and not {expected:?}").into());
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<file::Opened, Failed> {
    Ok(file::read(BufReader::new(File::open(path)?))?)
}

#[cfg(unix)]
fn stopped() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("run.loopscope");
    let mut run = Command::new(PROGRAM);
    run.args(RUN).args(["--clock", "real", "--trace"]).arg(&path);
    let mut run = run.stdout(Stdio::piped()).spawn()?;
    let mut out = BufReader::new(run.stdout.take().ok_or("no output")?);
    out.read_line(&mut String::new())?; // it is under way
    signal("-STOP", run.id())?;
    std::thread::sleep(Duration::from_millis(1500)); // how long it stands still, and its first timers come due
    signal("-CONT", run.id())?;
    let printed = std::io::read_to_string(out)?;
    if !run.wait()?.success() || !printed.ends_with("# exit: ok\n") {
        return Err(printed.into());
    }
    let checked = Command::new(PROGRAM).arg("check").arg(&path).output()?;
    if !checked.status.success() {
        return Err(format!("{checked:?}").into());
    }
    let opened = read(&path)?;
    let mut late = Vec::new();
    for timer in opened.record.timers() {
        let Some((fired, TimerEnd::Fired)) = timer.end else { return Err(format!("it never fired: {timer:?}").into()) };
        let at = opened.record.log().get(fired).ok_or("no such event")?.at;
        late.push(at.0 as f64 / 1e9 - timer.deadline.0 as f64 / 1e9);
    }
    // Three were due while it stood still; the other three were set afterwards.
    let is_right = late.len() == 6
        && late.iter().all(|late| (0.0..LATE).contains(late))
        && late[..3].iter().all(|late| *late > 0.5);
    if is_right { Ok(()) } else { Err(format!("late by {late:?}").into()) }
}

#[cfg(not(unix))]
fn stopped() -> Result<(), Failed> {
    Ok(())
}
