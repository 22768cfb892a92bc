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
    for id in ["say-hello", "sequential-await", "create-task", "gather", "queue", "gather-error"] {
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
    assert_eq!(ids, loopscope::scenarios::all().map(|scenario| scenario.id).collect::<Vec<_>>());
    assert_eq!(ids[0], "say-hello");
}

#[test]
fn a_request_that_makes_no_sense_gets_one_line_and_status_2() {
    let cases: &[(&[&str], &[&str])] = &[
        (&["run", "semafore"], &["'semafore'", "semaphore"]),
        (&["sey-hello"], &["'sey-hello'", "say-hello"]),
        (&["nope"], &["no lesson 'nope'", "`loopscope list`"]),
        (&["run", "queue", "--set", "itms=3"], &["'itms'", "it has: items, produce, consume"]),
        (&["queue", "--set", "itms=3"], &["'itms'", "items"]),
        (&["queue", "--seed", "x"], &["'x'"]),
        (&["--set", "items=3"], &["name it first"]),
        (&["list", "nope"], &["'nope'"]),
        (&["run", "queue", "--set", "items=many"], &["'many'", "items", "from 1 to 10000"]),
        (&["run", "queue", "--set", "items"], &["'items'", "name=value"]),
        (&["run", "queue", "--clock", "sundial"], &["'sundial'", "virtual or real"]),
        (&["run", "queue", "--speed", "0"], &["'0'", "0.01 to 100"]),
        (&["run", "queue", "--speed", "-1"], &["'-1'"]),
        (&["run", "queue", "--seed", "x"], &["'x'"]),
        (&["run", "queue", "--frobnicate"], &["--frobnicate"]),
        (&["run"], &["LESSON"]),
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

/// Runs a scenario and saves its record; where.
fn saved(id: &str, folder: &std::path::Path) -> String {
    saved_with(id, &[], folder)
}

/// The same with parameters.
fn saved_with(id: &str, set: &[&str], folder: &std::path::Path) -> String {
    let path = folder.join(format!("{id}{}.loopscope", set.join("-"))).display().to_string();
    let set: Vec<&str> = set.iter().flat_map(|assignment| ["--set", *assignment]).collect();
    assert!(loopscope(&[&["run", id, "--trace", &path][..], &set].concat()).status.success());
    path
}

#[test]
fn a_saved_record_is_checked_and_summed_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = saved("queue", folder.path());
    let checked = loopscope(&["check", &path]);
    assert!(checked.status.success() && stdout(&checked).ends_with(" events, no violation\n"), "{checked:?}");
    let stats = loopscope(&["stats", &path]);
    for line in [
        "elapsed               10 s",
        "tasks                 3",
        "lines printed         10",
        "on the critical path  10 s, consumer waiting",
        "from ready to polled  0 s p50, 0 s p90, 0 s p99, 0 s at most",
        "some task runs        0.0 %",
        "tasks ready at once   2 at most, 0.0 on the average",
    ] {
        assert!(stdout(&stats).lines().any(|printed| printed == line), "{line} in {}", stdout(&stats));
    }
}

#[test]
fn a_record_that_makes_no_sense_is_told_with_its_first_violations() {
    use loopscope::event::{ClockKind, Event, EventKind, Nanos, Origin, TaskId, WorkerId};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.loopscope");
    let mut record = loopscope::trace::Record::default();
    let started = EventKind::RunStarted { clock: ClockKind::Virtual, seed: 0, origin: Origin::titled("bad") };
    for kind in [started, EventKind::PollStarted { task: TaskId(3) }] {
        record.push(Event { at: Nanos(7), worker: WorkerId(0), kind });
    }
    loopscope::trace::file::save(&record, &path).unwrap();
    let checked = loopscope(&["check", &path.display().to_string()]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(stdout(&checked).starts_with("event 1 at 7 ns: task-3 goes to Running"), "{checked:?}");
}

#[test]
fn a_damaged_record_is_used_as_far_as_it_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let path = saved("semaphore", folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(b"and something else");
    std::fs::write(&path, bytes).unwrap();
    let stats = loopscope(&["stats", &path]);
    assert!(stats.status.success() && stdout(&stats).contains("ended                 Completed"), "{stats:?}");
    assert!(String::from_utf8_lossy(&stats.stderr).contains("chunk 2"), "{stats:?}");
    assert_eq!(loopscope(&["check", &path]).status.code(), Some(1));
}

#[test]
fn an_exported_trace_has_each_task_and_the_whole_time() {
    let folder = tempfile::tempdir().unwrap();
    for (id, tasks, seconds) in [("queue", 3, 10), ("semaphore", 11, 4), ("gather", 4, 3)] {
        let path = saved(id, folder.path());
        let exported = loopscope(&["export", &path, "--format", "chrome"]);
        let trace: serde_json::Value = serde_json::from_slice(&exported.stdout).unwrap();
        let events = trace["traceEvents"].as_array().unwrap();
        let named = events.iter().filter(|event| event["name"] == "thread_name" && event["pid"] == 1).count();
        assert_eq!(named, tasks, "{id}");
        let ends = events.iter().filter(|event| event["ph"] == "E");
        let last = ends.map(|event| event["ts"].as_f64().unwrap());
        assert_eq!(last.fold(0.0, f64::max), f64::from(seconds) * 1e6, "{id}");
        let starts = events.iter().filter(|event| event["ph"] == "s").count();
        assert_eq!(starts, events.iter().filter(|event| event["ph"] == "f").count(), "{id}");
    }
}

#[test]
fn a_picture_and_a_table_are_written_where_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = saved("queue", folder.path());
    let picture = folder.path().join("queue.svg").display().to_string();
    assert!(loopscope(&["export", &path, "--format", "svg", "-o", &picture]).status.success());
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n") && svg.contains(">consumer</text>"), "{svg}");
    let table = loopscope(&["export", &path, "--format", "csv"]);
    let waits = stdout(&table).lines().filter(|line| line.contains(",waiting,")).count();
    assert_eq!(waits, 11);
    let nowhere = loopscope(&["export", &path, "--format", "svg", "-o", "/nowhere/queue.svg"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("/nowhere/queue.svg"), "{nowhere:?}");
}

#[test]
fn two_records_are_compared_in_sentences() {
    let folder = tempfile::tempdir().unwrap();
    let one = saved("sequential-await", folder.path());
    let two = saved("create-task", folder.path());
    let compared = loopscope(&["compare", &one, &two]);
    assert!(compared.status.success() && compared.stderr.is_empty(), "{compared:?}");
    let text = stdout(&compared);
    assert!(text.starts_with("first run   sequential-await delay=3s\nsecond run  create-task delay=3s\n"), "{text}");
    assert!(text.contains("\nthe run takes 3 s instead of 6 s\n"), "{text}");
    let faster = saved_with("queue", &["consume=500ms"], folder.path());
    let same = loopscope(&["compare", &faster, &faster]);
    let expected = ["both runs take 5 s", "both print the same 10 lines at the same times"];
    assert_eq!(stdout(&same).lines().skip(2).collect::<Vec<_>>(), expected);
    let missing = loopscope(&["compare", &one, "/nowhere/at/all"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("/nowhere/at/all"), "{missing:?}");
}

/// Without a display: nothing here asks for one.
#[cfg(feature = "gui")]
#[test]
fn pictures_of_a_run_are_drawn_without_a_window() {
    let folder = tempfile::tempdir().unwrap();
    let draw = |name: &str, args: &[&str]| {
        let path = folder.path().join(name);
        let whole = [&["render", "queue", "-o", path.to_str().unwrap()], args].concat();
        let output = loopscope(&whole);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::read(path).unwrap()
    };
    let picture = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_rgba8();
    let light = picture(&draw("a.png", &["--size", "1000x700"]));
    assert_eq!(light.dimensions(), (1000, 700));
    let colors = |picture: &image::RgbaImage| picture.pixels().collect::<std::collections::HashSet<_>>().len();
    assert!(colors(&light) > 50, "{} colours", colors(&light));
    assert_eq!(picture(&draw("b.png", &["--size", "1000x700"])), light, "the same run, the same picture");
    for args in
        [&["--theme", "dark"][..], &["--at", "2.5"], &["--axis", "steps"], &["--view", "timeline"], &["--view", "loop"]]
    {
        let other = picture(&draw("c.png", &[args, &["--size", "1000x700"]].concat()));
        assert!(other != light && colors(&other) > 10, "{args:?}");
    }
    let svg = |args: &[&str]| String::from_utf8(draw("d.svg", args)).unwrap();
    for args in [&[][..], &["--view", "loop"], &["--view", "timeline"], &["--view", "timeline", "--axis", "steps"]] {
        assert!(svg(args).starts_with("<svg") && svg(args).ends_with("</svg>\n"), "{args:?}");
    }
    // What is asked for is what is drawn.
    let timeline = svg(&["--view", "timeline"]);
    let set = svg(&["--view", "timeline", "--set", "items=2", "--set", "consume=500ms"]);
    assert!(timeline.contains("<title>queue items=5 produce=1s consume=2s</title>"), "{timeline:.300}");
    assert!(set.contains("<title>queue items=2 produce=1s consume=0.5s</title>"), "{set:.300}");
    for args in [
        &["--range", "1..2.5"][..],
        &["--range", "4.."],
        &["--at", "1.5"],
        &["--select", "consumer"],
        &["--theme", "high-contrast"],
        &["--theme", "high-contrast-dark"],
    ] {
        assert_ne!(svg(&[&["--view", "timeline"], args].concat()), timeline, "{args:?}");
    }
    for lang in ["python", "rust"] {
        let (mine, other) = if lang == "python" { ("async def", "async fn") } else { ("async fn", "async def") };
        // Each word of the code may be a piece of its own.
        let shown = svg(&["--lang", lang]);
        let has = |words: &str| words.split(' ').all(|word| shown.contains(&format!(">{word}<")));
        assert!(has(mine) && !has(other), "{lang}");
    }
    let sharp = picture(&draw("e.png", &["--view", "loop", "--scale", "2"]));
    let plain = picture(&draw("f.png", &["--view", "loop"]));
    assert_eq!(sharp.width(), 2 * plain.width());
    assert!(plain.height() < 400, "a part is cropped: {:?}", plain.dimensions());
    assert_ne!(draw("g.png", &["--present"]), draw("h.png", &[]));
}

#[cfg(feature = "gui")]
#[test]
fn a_time_or_a_task_that_is_not_in_the_run_is_told_with_what_is() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.png").display().to_string();
    for (args, parts) in [
        (&["--at", "99"][..], &["ends at 10 s", "99 s"][..]),
        (&["--range", "1..99"], &["ends at 10 s", "99 s"]),
        (&["--range", "2..1"], &["from 2 s to 1 s"]),
        (&["--range", "1-2"], &["'1-2'", "1..2.5"]),
        (&["--range", ".."], &["'..'"]),
        (&["--select", "nobody"], &["'nobody'", "main, producer, consumer"]),
        (&["--range", "1..2", "--view", "loop"], &["--range", "--view loop"]),
        (&["--compare", "gather", "--select", "main"], &["--select", "--compare"]),
        (&["--scale", "0"], &["'0'", "from 0.5 to 8"]),
        (&["--size", "8000x8000", "--scale", "8"], &["200 million"]),
        (&["--theme", "sepia"], &["sepia"]),
    ] {
        let output = loopscope(&[&["render", "queue", "-o", &out], args].concat());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
        assert_eq!(message.lines().count(), 1, "{args:?}: {message}");
        assert!(parts.iter().all(|part| message.contains(part)), "{args:?}: {message}");
        assert!(!std::path::Path::new(&out).exists());
    }
    // What is saved cannot be set up any more.
    let record = saved("queue", folder.path());
    let output = loopscope(&["render", &record, "--set", "items=3", "-o", &out]);
    assert!(
        output.status.code() == Some(2) && String::from_utf8_lossy(&output.stderr).contains("saved run"),
        "{output:?}"
    );
    let output = loopscope(&["render", "nowhere.loopscope", "-o", &out]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("nowhere.loopscope: cannot read"), "{output:?}");
}

#[test]
fn what_can_be_set_in_each_lesson_is_listed_as_it_can_be_given() {
    let listed = loopscope(&["list", "--params"]);
    let rows: Vec<Vec<&str>> = stdout(&listed).lines().map(|line| line.split('\t').collect()).collect();
    for scenario in loopscope::scenarios::all() {
        let of_it: Vec<&Vec<&str>> = rows.iter().filter(|row| row[0] == scenario.id).collect();
        assert_eq!(of_it.len(), scenario.params.len(), "{}", scenario.id);
        for (row, param) in of_it.iter().zip(scenario.params) {
            assert_eq!((row.len(), row[1], row[2]), (5, param.name, param.label), "{row:?}");
            assert!(!row[3].is_empty(), "{row:?}");
            // The default is one of the values, as it would be written.
            let mut params = loopscope::scenarios::Params::defaults(scenario.params);
            params.assign(&format!("{}={}", row[1], row[4])).unwrap();
            assert_eq!(params, loopscope::scenarios::Params::defaults(scenario.params), "{row:?}");
        }
        let alone = loopscope(&["list", scenario.id, "--params"]);
        assert_eq!(stdout(&alone).lines().count(), scenario.params.len(), "{}", scenario.id);
    }
}

#[test]
fn the_help_speaks_of_lessons_and_saved_runs() {
    for args in [&["--help"][..], &["run", "--help"], &["render", "--help"], &["list", "--help"], &["open", "--help"]] {
        let output = loopscope(args);
        let help = stdout(&output).to_lowercase();
        assert!(output.status.success() && help.contains("lesson") || args[0] == "open", "{help}");
        assert!(!help.contains("scenario"), "{args:?}: {help}");
    }
}

#[test]
fn a_picture_that_makes_no_sense_is_refused_by_what_is_wrong() {
    for (args, part) in [
        (&["render", "queu", "-o", "a.png"][..], "queue"),
        (&["render", "queue", "-o", "a.jpg"], "neither in .png nor in .svg"),
        (&["render", "queue", "-o", "a.png", "--size", "9x9"], "200 to 8000"),
        (&["render", "queue", "-o", "a.png", "--at", "soon"], "no time"),
    ] {
        let output = loopscope(args);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
        assert!(message.contains(part) && message.lines().count() == 1, "{args:?}: {message}");
    }
}

#[test]
fn a_course_plan_that_cannot_be_presented_is_told_with_its_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("course.toml");
    let present = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let output = loopscope(&["present", path.to_str().unwrap()]);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, error) = present("loopscope-plan = 1\n[[lesson]]\nid = 3\n");
    assert_eq!(code, Some(1));
    assert!(error.contains("course.toml:3: id is a text") && error.lines().count() == 1, "{error}");
    let (code, error) = present("loopscope-plan = 1\n[[lesson]]\nid = \"semafore\"\n");
    assert_eq!(code, Some(1));
    assert!(error.contains("line 3: there is no lesson 'semafore'; did you mean semaphore?"), "{error}");
    assert!(error.contains("has no lesson to present"), "{error}");
    let missing = loopscope(&["present", "/nowhere/course.toml"]);
    assert!(String::from_utf8(missing.stderr).unwrap().contains("cannot read /nowhere/course.toml"));
}

#[test]
fn find_prints_every_event_at_which_a_moment_comes() {
    let found = loopscope(&["find", "semaphore", "any task waits for gate", "--set", "requests=5"]);
    let lines: Vec<Vec<&str>> = stdout(&found).lines().map(|line| line.split('\t').collect()).collect();
    assert!(found.status.success() && found.stderr.is_empty());
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| line[0].parse::<usize>().is_ok() && line[1] == "0 s"), "{lines:?}");
    assert!(lines[0][2].starts_with("fetch-3 waits for a permit of gate"), "{lines:?}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.loopscope");
    let file = file.to_str().unwrap();
    assert!(loopscope(&["run", "deadlock", "--trace", file]).status.success());
    assert_eq!(stdout(&loopscope(&["find", file, "deadlock"])).lines().count(), 1);
    let none = loopscope(&["find", file, "any task panicked"]);
    assert_eq!((none.status.code(), stdout(&none)), (Some(1), ""));
    let wrong = loopscope(&["find", file, "gate ful"]);
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(said.contains("did you mean `full`?\n  gate ful\n       ^^^\n"), "{said}");
}
