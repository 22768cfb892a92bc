//! What is written in the window, as it is drawn: each piece of text with where it stands and what of it can be seen.
#![allow(dead_code, reason = "each test uses its part")]

use egui::epaint::ClippedShape;
use egui::{FontFamily, Rect, Shape};
use egui_kittest::Harness;
use loopscope::app::App;

/// A piece of text.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// All of it, as it was to be written.
    pub(crate) words: String,
    /// Where its letters are.
    pub(crate) rect: Rect,
    /// What can be seen there.
    pub(crate) clip: Rect,
    /// Whether letters were left out.
    pub(crate) is_elided: bool,
    /// How many rows it takes, and whether its letters are all as wide as each other.
    pub(crate) rows: usize,
    pub(crate) is_code: bool,
}

impl Written {
    /// Whether all of it can be seen.
    pub(crate) fn is_whole(&self) -> bool {
        !self.is_elided && self.clip.expand(1.5).contains_rect(self.rect)
    }

    /// Whether some of it can be seen.
    pub(crate) fn is_seen(&self) -> bool {
        self.clip.intersect(self.rect).is_positive()
    }
}

/// All that was drawn in the last frame.
pub(crate) fn written(harness: &Harness<'_, App>) -> Vec<Written> {
    let mut all = Vec::new();
    harness
        .output()
        .shapes
        .iter()
        .for_each(|ClippedShape { clip_rect, shape, .. }| collect(shape, *clip_rect, &mut all));
    all
}

/// The piece of text that begins so; it has to be there.
pub(crate) fn begins(harness: &Harness<'_, App>, start: &str) -> Written {
    let mut all = written(harness);
    let place = all.iter().position(|written| written.words.starts_with(start));
    all.swap_remove(place.unwrap_or_else(|| panic!("nothing begins with '{start}'")))
}

fn collect(shape: &Shape, clip: Rect, all: &mut Vec<Written>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, all)),
        Shape::Text(text) if !text.galley.text().trim().is_empty() => {
            let words = text.galley.text().to_owned();
            let is_elided = text.galley.elided;
            let rows = text.galley.rows.len();
            let family = text.galley.job.sections.first().map(|section| &section.format.font_id.family);
            let is_code = family == Some(&FontFamily::Monospace);
            all.push(Written { words, rect: text.visual_bounding_rect(), clip, is_elided, rows, is_code });
        }
        _ => {}
    }
}
