//! The structure that ARCHITECTURE.md promises, read from the sources themselves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The parts of the program that are no packages of their own, and what each may use. Packages are held apart by Cargo.
const ARROWS: &[(&str, &[&str])] = &[
    ("moment", &["event"]),
    ("scenarios", &["moment", "runtime", "event"]),
    ("session", &["scenarios", "moment", "runtime", "trace", "event"]),
    ("app", &["session", "scenarios", "moment", "runtime", "trace", "event"]),
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

/// What a file names directly below `crate`, also in a list such as `use crate::{event::Nanos, trace}`.
fn named_below_the_crate(path: &Path) -> Vec<String> {
    let code: String = code(path).into_iter().map(|(_, line)| line + "\n").collect();
    let is_in_name = |sign: char| sign.is_alphanumeric() || sign == '_';
    let first_name = |text: &str| text.chars().take_while(|sign| is_in_name(*sign)).collect::<String>();
    let mut names = Vec::new();
    for (_, rest) in code.match_indices("crate::").map(|(place, found)| (place, &code[place + found.len()..])) {
        let Some(list) = rest.strip_prefix('{') else {
            names.push(first_name(rest));
            continue;
        };
        let mut depth = 0;
        let mut is_first = true;
        for (place, sign) in list.char_indices() {
            match sign {
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                '{' => depth += 1,
                ',' if depth == 0 => is_first = true,
                sign if is_first && is_in_name(sign) => {
                    names.push(first_name(&list[place..]));
                    is_first = false;
                }
                _ => {}
            }
        }
    }
    names
}

#[test]
fn the_parts_use_each_other_in_one_direction() {
    let parts: BTreeSet<&str> =
        ARROWS.iter().flat_map(|(part, allowed)| allowed.iter().copied().chain([*part])).collect();
    for (part, allowed) in ARROWS {
        for path in sources(&Path::new("src").join(part)) {
            for name in named_below_the_crate(&path) {
                // The stand-ins are names of the runtime.
                let used = if ["executor", "smol"].contains(&name.as_str()) { "runtime" } else { &name };
                let may = used == *part || allowed.contains(&used) || !parts.contains(used);
                assert!(may, "{}: {part} may use {allowed:?}, and uses {used}", path.display());
            }
        }
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
