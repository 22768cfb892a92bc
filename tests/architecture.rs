//! The structure that ARCHITECTURE.md promises, read from the sources themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The parts of the program that are no packages of their own, and what each may use. Packages are held apart by Cargo.
const ARROWS: &[(&str, &[&str])] = &[
    ("moment", &["event"]),
    ("scenarios", &["moment", "runtime", "event"]),
    ("session", &["scenarios", "moment", "runtime", "trace", "event"]),
    ("app", &["session", "scenarios", "moment", "runtime", "trace", "event"]),
];

/// A room, and those that it may use.
type Room = (&'static str, &'static [&'static str]);

/// The rooms of a package: folders of its sources, and what each may use of the others. A file stands by itself as a room.
/// Those that come first are used by those that follow, never the other way round.
const ROOMS: &[(&str, &[Room])] = &[
    (
        "crates/record/src",
        &[
            ("text", &[]),
            ("store", &[]),
            ("model", &["text", "store"]),
            ("words", &["text", "store", "model"]),
            ("query", &["text", "store", "model", "words"]),
            ("lint", &["store", "model", "words", "query"]),
            ("io", &["text", "store", "model", "words"]),
        ],
    ),
    (
        "crates/runtime/src",
        &[
            ("probe", &[]),
            ("control", &["probe"]),
            ("core", &["probe", "control"]),
            ("task", &["probe", "control", "core"]),
            ("time", &["probe", "core", "task"]),
            ("sync", &["probe", "core", "task"]),
            ("io", &["probe", "control", "core", "task"]),
            ("combine", &["core", "task", "sync"]),
            ("sched", &["probe", "control", "core", "task", "io"]),
            ("executor", &["probe", "control", "core", "task", "sched"]),
        ],
    ),
];

/// Where code is that this file looks at.
const SOURCES: &[&str] = &["src", "crates/event/src", "crates/record/src", "crates/runtime/src"];

/// Outside of these nothing has a pixel.
const WITH_PIXELS: &[&str] = &["src/app", "src/cli"];

/// Every source file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code of a file, without comments and without its unit tests, line by line with numbers.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().enumerate().take_while(|(_, line)| !["#[cfg(test)]", "#![cfg(test)]"].contains(line));
    lines.map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default().to_owned())).collect()
}

/// Every source file that this file looks at.
fn all_sources() -> Vec<PathBuf> {
    SOURCES.iter().flat_map(|folder| sources(Path::new(folder))).collect()
}

/// The lines of some files for which `is_wrong` says so.
fn offenders(files: Vec<PathBuf>, is_wrong: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for path in files {
        for (number, line) in code(&path) {
            if is_wrong(&path, &line) {
                found.push(format!("{}:{number}: {}", path.display(), line.trim()));
            }
        }
    }
    found
}

/// Reads the paths that begin with `start`, such as `a::b` or those of `a::{b, c::d}`, each as its names. Returns the rest.
fn read_paths<'a>(start: &[&'a str], text: &'a str, found: &mut Vec<Vec<&'a str>>) -> &'a str {
    let (mut path, mut rest) = (start.to_vec(), text);
    loop {
        rest = rest.trim_start();
        let end = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(rest.len());
        let name;
        (name, rest) = rest.split_at(end);
        path.extend(Some(name).filter(|name| !name.is_empty()));
        let Some(below) = rest.strip_prefix("::") else { break };
        rest = below.trim_start();
        let Some(list) = rest.strip_prefix('{') else { continue };
        rest = list;
        loop {
            rest = read_paths(&path, rest, found);
            // What follows a name, as `as other`, is no matter.
            let end = rest.find([',', '}']).unwrap_or(rest.len());
            let is_last = rest[end..].starts_with('}');
            rest = rest[end..].get(1..).unwrap_or_default();
            if is_last || rest.is_empty() {
                return rest;
            }
        }
    }
    found.push(path);
    rest
}

/// Where the module of a file stands in its package: `[]` for `lib.rs`, `["store", "lane"]`.
fn module<'a>(source: &Path, path: &'a Path) -> Vec<&'a str> {
    let below = path.strip_prefix(source).unwrap().with_extension("");
    let depth = below.components().count();
    let names = path.iter().rev().take(depth).map(|name| name.to_str().unwrap().trim_end_matches(".rs"));
    let mut names: Vec<&str> = names.collect();
    names.reverse();
    names.pop_if(|last| ["mod", "lib"].contains(last));
    names
}

/// The paths below its own package that the code of a file names, each from the root of the package.
fn named_in_package(source: &Path, path: &Path) -> Vec<Vec<String>> {
    let code: String = code(path).into_iter().map(|(_, line)| line + "\n").collect();
    let module = module(source, path);
    let mut found = Vec::new();
    for root in ["crate::", "super::"] {
        for (place, _) in code.match_indices(root) {
            // Not in a macro for others, and not within a path.
            if !code[..place].ends_with(['$', ':', '_']) && !code[..place].ends_with(char::is_alphanumeric) {
                read_paths(&[], &code[place..], &mut found);
            }
        }
    }
    // A module names what stands in its own files without saying where it is.
    let own = code.lines().filter_map(|line| line.trim().strip_suffix(';')?.rsplit_once("mod ")).map(|(_, name)| name);
    for name in own {
        for (place, _) in code.match_indices(&format!("{name}::")) {
            if !code[..place].ends_with([':', '_']) && !code[..place].ends_with(char::is_alphanumeric) {
                read_paths(&["self"], &code[place..], &mut found);
            }
        }
    }
    let absolute = found.into_iter().map(|path| {
        let ups = path.iter().take_while(|name| **name == "super").count();
        let below = match path.first() {
            Some(&"crate") => 0,
            _ => module.len().checked_sub(ups).unwrap_or_else(|| panic!("{path:?} in {module:?}")),
        };
        let named = path.iter().filter(|name| !["crate", "super", "self"].contains(*name));
        module[..below].iter().chain(named).map(|name| (*name).to_owned()).collect()
    });
    absolute.collect()
}

/// What a file names directly below its package.
fn named_below_the_crate(source: &Path, path: &Path) -> Vec<String> {
    named_in_package(source, path).into_iter().filter_map(|path| path.into_iter().next()).collect()
}

#[test]
fn the_parts_use_each_other_in_one_direction() {
    let parts: BTreeSet<&str> =
        ARROWS.iter().flat_map(|(part, allowed)| allowed.iter().copied().chain([*part])).collect();
    for (part, allowed) in ARROWS {
        for path in sources(&Path::new("src").join(part)) {
            for name in named_below_the_crate(Path::new("src"), &path) {
                // The stand-ins are names of the runtime.
                let used = if ["executor", "smol"].contains(&name.as_str()) { "runtime" } else { &name };
                let may = used == *part || allowed.contains(&used) || !parts.contains(used);
                assert!(may, "{}: {part} may use {allowed:?}, and uses {used}", path.display());
            }
        }
    }
}

#[test]
fn the_rooms_of_a_package_use_each_other_in_one_direction() {
    for (source, rooms) in ROOMS {
        let source = Path::new(source);
        for (place, (room, allowed)) in rooms.iter().enumerate() {
            let before: Vec<&str> = rooms[..place].iter().map(|(name, _)| *name).collect();
            assert!(allowed.iter().all(|name| before.contains(name)), "{room} may use only what stands before it");
        }
        for path in sources(source).iter().filter(|path| !path.ends_with("lib.rs")) {
            let room = module(source, path)[0];
            let Some((_, allowed)) = rooms.iter().find(|(name, _)| *name == room) else {
                panic!("{}: {room} is no room that this test knows", path.display());
            };
            for name in named_below_the_crate(source, path) {
                // Inside of a package everything is named by its room, and not as others name it.
                let may = name == room || allowed.contains(&name.as_str()) || name == "event";
                assert!(may, "{}: {room} may use {allowed:?}, and names {name}", path.display());
            }
        }
    }
}

/// The files of a package that name each other in a circle, by their modules. A file is one with those in the folder of its
/// name.
fn circles(source: &Path) -> Vec<BTreeSet<String>> {
    let rooms: Vec<PathBuf> = fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path()).collect();
    let is_room = |name: &str| rooms.iter().any(|room| room.is_dir() && room.ends_with(name));
    // A room's own file is named as the room.
    let unit = |path: &[String]| match path {
        [room, file, ..] if is_room(room) && source.join(room).join(file).with_extension("rs").exists() => {
            format!("{room}/{file}")
        }
        [room, file, ..] if is_room(room) && source.join(room).join(file).is_dir() => format!("{room}/{file}"),
        [room, ..] => room.clone(),
        [] => String::new(),
    };
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in sources(source).iter().filter(|path| !path.ends_with("lib.rs")) {
        let own = unit(&module(source, path).into_iter().map(str::to_owned).collect::<Vec<_>>());
        let named = named_in_package(source, path);
        let others = named.iter().map(|path| unit(path)).filter(|other| *other != own);
        uses.entry(own.clone()).or_default().extend(others);
    }
    // What can be reached from each; few enough files to follow all the arrows again and again.
    let mut reached = uses.clone();
    loop {
        let before: usize = reached.values().map(BTreeSet::len).sum();
        for (file, direct) in &uses {
            let further: BTreeSet<String> =
                direct.iter().filter_map(|next| reached.get(next)).flatten().cloned().collect();
            reached.entry(file.clone()).or_default().extend(further);
        }
        if reached.values().map(BTreeSet::len).sum::<usize>() == before {
            break;
        }
    }
    let is_reached = |from: &str, to: &str| reached.get(from).is_some_and(|reached| reached.contains(to));
    let in_a_circle = uses.keys().filter(|file| is_reached(file, file));
    let circle =
        |file: &String| uses.keys().filter(|to| is_reached(file, to) && is_reached(to, file)).cloned().collect();
    in_a_circle.map(circle).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Circles of files inside the packages, as far as there are any. The core of the runtime is one thing in several files: a
/// thread that polls, the tasks that it knows, and what they share with other threads.
const CIRCLES: &[(&str, &[&[&str]])] = &[
    ("crates/record/src", &[]),
    (
        "crates/runtime/src",
        &[&[
            "core",
            "core/cancel",
            "core/cell",
            "core/live",
            "core/loop_state",
            "core/run",
            "core/surroundings",
            "core/timers",
            "core/wakes",
        ]],
    ),
];

#[test]
fn files_of_a_package_name_each_other_in_one_direction() {
    for (source, known) in CIRCLES {
        let known: Vec<BTreeSet<String>> =
            known.iter().map(|circle| circle.iter().map(|file| (*file).to_owned()).collect()).collect();
        assert_eq!(circles(Path::new(source)), known, "{source}");
    }
}

#[test]
fn egui_stays_in_the_app() {
    for (part, _) in ARROWS.iter().filter(|(part, _)| *part != "app") {
        let is_window = |line: &str| line.contains("egui") || line.contains("eframe");
        let wrong = offenders(sources(&Path::new("src").join(part)), |_, line| is_window(line));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn only_the_clock_reads_the_time() {
    let wrong = offenders(all_sources(), |path, line| {
        let reads = line.contains("Instant::now") || line.contains("SystemTime::now");
        reads && path != Path::new("crates/runtime/src/probe/clock.rs")
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn colours_stand_in_the_theme_alone() {
    let wrong = offenders(all_sources(), |path, line| {
        let literal = ["Color32::from_", "Color32::BLACK", "Color32::WHITE", "Color32::RED", "Color32::GRAY", "rgb(0x"];
        let is_mask = path.ends_with("app/patterns.rs"); // coverage in white, tinted by the theme
        let is_mean = path.ends_with("app/svg/paint.rs"); // of the colours at a triangle's corners
        literal.iter().any(|part| line.contains(part)) && !path.starts_with("src/app/theme") && !is_mask && !is_mean
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn time_is_exact_until_the_pixel() {
    // Nanoseconds are integers, and seconds for a formula are f64.
    let has_pixels = |path: &Path| WITH_PIXELS.iter().any(|part| path.starts_with(part));
    let wrong = offenders(all_sources(), |path, line| {
        line.contains("as_secs_f32") || line.contains("f32") && !has_pixels(path)
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_unwrapped() {
    let wrong = offenders(all_sources(), |_, line| line.contains(".unwrap()") || line.contains(".expect("));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_unsafe_stands_in_one_file() {
    // Two functions that are unsafe to call, as those of async-executor are, each with the call inside it.
    let allowed = Path::new("crates/runtime/src/executor/static_executors.rs");
    let is_unsafe =
        |line: &str| ["fn", "{", "impl", "trait", "extern"].iter().any(|word| line.contains(&format!("unsafe {word}")));
    let wrong = offenders(all_sources(), |path, line| is_unsafe(line) && path != allowed);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(code(allowed).iter().filter(|(_, line)| is_unsafe(line)).count(), 4, "{}", allowed.display());
}

#[test]
fn every_file_says_what_it_is_for() {
    for path in all_sources() {
        let text = fs::read_to_string(&path).unwrap();
        let is_document = text.starts_with("#![doc = include_str!");
        assert!(text.starts_with("//!") || is_document, "{} does not begin with //!", path.display());
    }
}
