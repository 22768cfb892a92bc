//! The command line, as a script sees it: output, exit status, files.

use std::process::{Command, Output};

fn loopscope(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(args)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// A file of `tests/expected` keeps what was measured first; the program prints it last.
fn expected(id: &str) -> String {
    let text = std::fs::read_to_string(format!("tests/expected/{id}.txt")).unwrap();
    let (summary, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
    [lines, summary].concat().join("\n") + "\n"
}

#[test]
fn the_classic_programs_print_what_they_print_in_python() {
    for id in ["say-hello", "sequential-await", "create-task", "gather", "queue"] {
        let output = loopscope(&["run", id]);
        assert_eq!(stdout(&output), expected(id), "{id}");
        assert!(output.status.success() && output.stderr.is_empty());
    }
}

#[test]
fn ten_requests_three_at_a_time_take_four_seconds() {
    let output = loopscope(&["run", "semaphore"]);
    let text = stdout(&output);
    assert!(text.ends_with("4.0 all done\n# elapsed: 4.0\n# exit: ok\n"), "{text}");
    for (second, fetched) in [("1.0", 3), ("2.0", 3), ("3.0", 3), ("4.0", 1)] {
        let done = text.lines().filter(|line| line.starts_with(second) && line.contains("fetched")).count();
        assert_eq!(done, fetched, "at {second}");
    }
}

#[test]
fn the_list_gives_id_and_title() {
    let output = loopscope(&["list"]);
    let ids: Vec<&str> = stdout(&output).lines().map(|line| line.split_once('\t').unwrap().0).collect();
    assert_eq!(ids, ["say-hello", "sequential-await", "create-task", "gather", "queue", "semaphore"]);
}

#[test]
fn a_request_that_makes_no_sense_gets_one_line_and_status_2() {
    let cases: &[(&[&str], &[&str])] = &[
        (&["run", "semafore"], &["'semafore'", "semaphore"]),
        (&["sey-hello"], &["'sey-hello'", "say-hello"]),
        (&["run", "queue", "--set", "itms=3"], &["'itms'", "items"]),
        (&["run", "queue", "--set", "items=many"], &["'many'", "items", "from 1 to 10000"]),
        (&["run", "queue", "--set", "items"], &["'items'", "name=value"]),
        (&["run", "queue", "--clock", "sundial"], &["'sundial'", "virtual or real"]),
        (&["run", "queue", "--speed", "0"], &["'0'", "0.01 to 100"]),
        (&["run", "queue", "--speed", "-1"], &["'-1'"]),
        (&["run", "queue", "--seed", "x"], &["'x'"]),
        (&["run", "queue", "--frobnicate"], &["--frobnicate"]),
        (&["run"], &["SCENARIO"]),
    ];
    for (args, parts) in cases {
        let output = loopscope(args);
        let error = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{args:?}: {error}");
        assert!(output.stdout.is_empty());
        for part in *parts {
            assert!(error.contains(part), "{args:?}: {error}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_display_the_window_says_so_in_one_line() {
    for args in [&[][..], &["queue"]] {
        let output = loopscope(args);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(!error.contains("panicked"));
        if cfg!(feature = "gui") {
            assert!(error.contains("no display") && error.contains("loopscope run"), "{error}");
        }
    }
}

#[test]
fn two_runs_write_the_same_bytes_at_any_speed() {
    let folder = tempfile::tempdir().unwrap();
    let trace = |name: &str, more: &[&str]| {
        let path = folder.path().join(name);
        let args =
            ["run", "queue", "--set", "produce=20ms", "--set", "consume=30ms", "--trace", path.to_str().unwrap()];
        let output = loopscope(&[&args, more].concat());
        assert!(output.status.success(), "{output:?}");
        std::fs::read(path).unwrap()
    };
    let first = trace("first", &[]);
    assert!(first.starts_with(b"LOOPSCOPE\0"));
    assert_eq!(first, trace("second", &[]));
    assert_eq!(first, trace("paced", &["--speed", "2"]));
}

#[test]
fn a_trace_that_cannot_be_written_names_the_file() {
    let output = loopscope(&["run", "say-hello", "--trace", "/nowhere/at/all"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("/nowhere/at/all") && error.lines().count() == 1, "{error}");
}

#[test]
fn the_real_clock_gives_the_same_lines_and_none_too_early() {
    let output = loopscope(&["run", "queue", "--clock", "real", "--set", "produce=100ms", "--set", "consume=200ms"]);
    let ideal = loopscope(&["run", "queue", "--set", "produce=100ms", "--set", "consume=200ms"]);
    let (real, ideal) = (stdout(&output), stdout(&ideal));
    let parts = |text: &str| -> Vec<(f64, String)> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| line.split_once(' ').unwrap())
            .map(|(at, said)| (at.parse().unwrap(), said.to_owned()))
            .collect()
    };
    for ((real, said), (ideal, expected)) in parts(real).into_iter().zip(parts(ideal)).take(3) {
        assert_eq!(said, expected);
        assert!(real >= ideal, "{said} at {real}, before {ideal}");
    }
    assert_eq!(real.lines().count(), ideal.lines().count());
    assert!(real.ends_with("# exit: ok\n"));
}
