//! The structure that ARCHITECTURE.md promises, read from the sources themselves.

use std::fs;
use std::path::{Path, PathBuf};

/// The parts and what each may use of the crate.
const ARROWS: &[(&str, &[&str])] = &[
    ("event", &[]),
    ("runtime", &["event"]),
    ("trace", &["event"]),
    ("scenarios", &["runtime", "event"]),
    ("session", &["scenarios", "runtime", "trace", "event"]),
    ("app", &["session", "scenarios", "runtime", "trace", "event"]),
];

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

/// The lines of the crate (or a part of it) for which `is_wrong` says so.
fn offenders(folder: &str, is_wrong: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for path in sources(Path::new(folder)) {
        for (number, line) in code(&path) {
            if is_wrong(&path, &line) {
                found.push(format!("{}:{number}: {}", path.display(), line.trim()));
            }
        }
    }
    found
}

#[test]
fn the_parts_use_each_other_in_one_direction() {
    for (part, allowed) in ARROWS {
        let wrong = offenders(&format!("src/{part}"), |_, line| {
            ARROWS.iter().any(|(other, _)| {
                let is_used = line.contains(&format!("crate::{other}::")) || line.contains(&format!("crate::{other};"));
                is_used && other != part && !allowed.contains(other)
            })
        });
        assert!(wrong.is_empty(), "{part} may use {allowed:?} only:\n{}", wrong.join("\n"));
    }
}

#[test]
fn egui_stays_in_the_app() {
    for (part, _) in ARROWS.iter().filter(|(part, _)| *part != "app") {
        let wrong = offenders(&format!("src/{part}"), |_, line| line.contains("egui") || line.contains("eframe"));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn only_the_clock_reads_the_time() {
    let wrong = offenders("src", |path, line| {
        let reads = line.contains("Instant::now") || line.contains("SystemTime::now");
        reads && !path.ends_with("runtime/clock.rs")
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn colours_stand_in_the_theme_alone() {
    let wrong = offenders("src", |path, line| {
        let literal = ["Color32::from_", "Color32::BLACK", "Color32::WHITE", "Color32::RED", "Color32::GRAY", "rgb(0x"];
        let is_mask = path.ends_with("app/patterns.rs"); // coverage in white, tinted by the theme
        literal.iter().any(|part| line.contains(part)) && !path.starts_with("src/app/theme") && !is_mask
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn time_is_exact_until_the_pixel() {
    // Outside of the app nothing has a pixel; nanoseconds are integers, and seconds for a formula are f64.
    for part in ["event", "runtime", "trace", "scenarios", "session"] {
        let wrong = offenders(&format!("src/{part}"), |_, line| line.contains("f32"));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    let wrong = offenders("src/app", |_, line| line.contains("as_secs_f32"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_unwrapped() {
    let wrong = offenders("src", |_, line| line.contains(".unwrap()") || line.contains(".expect("));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_unsafe_stands_in_one_file() {
    // Two functions that are unsafe to call, as those of async-executor are, each with the call inside it.
    let allowed = Path::new("src/runtime/executor/static_executors.rs");
    let is_unsafe =
        |line: &str| ["fn", "{", "impl", "trait", "extern"].iter().any(|word| line.contains(&format!("unsafe {word}")));
    let wrong = offenders("src", |path, line| is_unsafe(line) && path != allowed);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(code(allowed).iter().filter(|(_, line)| is_unsafe(line)).count(), 4, "{}", allowed.display());
}

#[test]
fn every_file_says_what_it_is_for_and_can_be_held_in_mind() {
    for path in sources(Path::new("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let is_document = text.starts_with("#![doc = include_str!");
        assert!(text.starts_with("//!") || is_document, "{} does not begin with //!", path.display());
        let lines = text.lines().count();
        assert!(lines <= 450, "{} has {lines} lines: split it by meaning", path.display());
    }
}
