//! That the fonts we ship can draw every sign that the program may show: a missing one would be an empty box.

#![cfg(test)]

use super::{bold, install, mono, text};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// What of a file may come on the screen: of Rust what is not a comment, of the rest all.
fn shown(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    // The programs of the course are shown themselves, with their comments.
    if path.extension().is_none_or(|extension| extension != "rs") || path.starts_with("src/scenarios") {
        return text;
    }
    let code = text.lines().take_while(|line| *line != "#[cfg(test)]");
    let code = code.map(|line| line.split("//").next().unwrap_or_default());
    code.collect::<Vec<_>>().join("\n")
}

/// Signs written as `\u{…}` in a source.
fn escaped(text: &str) -> impl Iterator<Item = char> {
    let codes = text.split("\\u{").skip(1).filter_map(|rest| rest.split_once('}'));
    codes.filter_map(|(code, _)| u32::from_str_radix(code, 16).ok().and_then(char::from_u32))
}

#[test]
fn every_sign_that_may_be_shown_is_in_the_fonts() {
    let folders =
        ["src", "crates/event/src", "crates/record/src", "crates/runtime/src", "assets/lessons", "assets/python"];
    assert!(folders.iter().all(|folder| Path::new(folder).is_dir()), "a folder has moved");
    let mut signs: BTreeMap<char, PathBuf> = (' '..='~').map(|sign| (sign, PathBuf::from("ASCII"))).collect();
    for path in folders.iter().flat_map(|folder| files(Path::new(folder))) {
        let text = shown(&path);
        let found = text.chars().chain(escaped(&text)).filter(|sign| !sign.is_ascii());
        found.for_each(|sign| {
            signs.entry(sign).or_insert_with(|| path.clone());
        });
    }
    let ctx = egui::Context::default();
    install(&ctx);
    let mut missing = Vec::new();
    ctx.run_ui(egui::RawInput::default(), |ui| {
        for font in [text(13.0), bold(13.0), mono(12.5)] {
            for (sign, path) in &signs {
                if !ui.fonts_mut(|fonts| fonts.has_glyph(&font, *sign)) {
                    missing.push(format!("{sign:?} of {} in {:?}", path.display(), font.family));
                }
            }
        }
    })
    .textures_delta
    .clear();
    assert!(signs.len() > 100, "{}", signs.len());
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_sign_that_is_missing_is_noticed() {
    let ctx = egui::Context::default();
    install(&ctx);
    let hieroglyph = char::from_u32(0x1321F).unwrap_or('A');
    let mut has = true;
    ctx.run_ui(egui::RawInput::default(), |ui| has = ui.fonts_mut(|fonts| fonts.has_glyph(&text(13.0), hieroglyph)))
        .textures_delta
        .clear();
    assert!(!has);
}
