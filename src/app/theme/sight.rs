//! What the palettes promise to eyes, computed.
//!
//! Contrast is that of WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of relative luminances, 1 to 21. Eyes that see fewer
//! colours are simulated as in G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model for
//! simulation of color vision deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009: their
//! matrices at severity 1.0, on linear RGB. Grey needs no test of its own: contrast is of luminance alone.

use super::palette::Palette;
use super::tables::{DARK, LIGHT, STRONG_DARK, STRONG_LIGHT};
use crate::app::patterns::{DOTS, least_difference, lines_of, share};
use crate::trace::WaitKind;
use egui::Color32;

/// A colour in linear RGB, 0 to 1.
type Linear = [f64; 3];

fn linear(color: Color32) -> Linear {
    [color.r(), color.g(), color.b()].map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn contrast(a: Linear, b: Linear) -> f64 {
    let luminance = |[red, green, blue]: Linear| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The contrast of text on a ground.
fn read(text: Color32, ground: Color32) -> f64 {
    contrast(linear(text), linear(ground))
}

const EYES: [(&str, [[f64; 3]; 3]); 4] = [
    ("usual eyes", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    (
        "deuteranopia",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

fn seen(eyes: &[[f64; 3]; 3], color: Linear) -> Linear {
    eyes.map(|row| row.iter().zip(color).map(|(part, value)| part * value).sum::<f64>().clamp(0.0, 1.0))
}

/// What a pattern on a ground looks like from afar: the mean, as light adds up.
fn from_afar(ground: Color32, pattern: Color32, share: f64) -> Linear {
    let (ground, pattern) = (linear(ground), linear(pattern));
    std::array::from_fn(|part| ground[part] * (1.0 - share) + pattern[part] * share)
}

const PALETTES: [(&str, &Palette); 4] =
    [("dark", &DARK), ("light", &LIGHT), ("strong dark", &STRONG_DARK), ("strong light", &STRONG_LIGHT)];

/// Ready and waiting are held to it both as they look from afar, with their pattern, and as plain grounds, as badges and
/// merged lanes have them. A task that blocks the loop is running, and told from what runs briefly by a strip on the
/// running fill: the strip is held to its contrast with that fill, and the fill itself to the other states. Waiting has less
/// contrast with the background: 3:1 from each of four to the next does not exist, as the whole range is 21:1. What
/// makes up for it are lines, in the pattern and along the edges, that have it.
#[test]
fn the_states_are_told_apart_by_all_eyes() {
    for (name, palette) in PALETTES {
        let ready = [linear(palette.ready), from_afar(palette.ready, palette.dots, share(DOTS))];
        let running = linear(palette.running);
        let base = linear(palette.base);
        for (eyes, matrix) in &EYES {
            let seen = |color| seen(matrix, color);
            let held = |what: &str, least: f64, a: Linear, b: Linear| {
                let ratio = contrast(seen(a), seen(b));
                assert!(ratio >= least, "{name}, {eyes}: {what} {ratio:.3}");
            };
            for kind in WaitKind::ALL {
                let look = palette.wait(kind);
                held(&format!("the fill of {kind:?} and the background"), 1.5, linear(look.fill), base);
                held(&format!("the lines of {kind:?} and the background"), 3.0, linear(look.lines), base);
                for waiting in [linear(look.fill), from_afar(look.fill, look.lines, share(lines_of(kind)))] {
                    for ready in ready {
                        held(&format!("ready and {kind:?}"), 3.0, ready, waiting);
                    }
                    held(&format!("running and {kind:?}"), 3.0, running, waiting);
                }
            }
            for ready in ready {
                held("running and ready", 3.0, running, ready);
                held("ready and the background", 3.0, ready, base);
            }
            held("running and the background", 3.0, running, base);
            held("running and what blocks the loop", 3.0, running, linear(palette.blocking));
            held("lateness and the background", 3.0, linear(palette.blocking), base);
            // Lines and small signs: the cursor is as what runs is; timers, arrows and dashes, and how a task ended.
            for (what, color) in [
                ("a timer", palette.text),
                ("an arrow or a dashed line", palette.weak),
                ("the ring of an end", palette.good),
                ("what went wrong", palette.bad),
            ] {
                held(&format!("{what} and the background"), 3.0, linear(color), base);
            }
        }
    }
}

#[test]
fn patterns_are_seen_on_their_grounds() {
    for (name, palette) in PALETTES {
        assert!(read(palette.dots, palette.ready) >= 2.0, "{name}");
        for kind in WaitKind::ALL {
            let look = palette.wait(kind);
            assert!(read(look.lines, look.fill) >= 1.9, "{name}, {kind:?}");
        }
    }
}

/// Of eyes that see few colours, or of a print, the lines alone tell what is waited for.
#[test]
fn patterns_of_waits_are_told_apart_without_colour() {
    for (place, one) in WaitKind::ALL.into_iter().enumerate() {
        for other in WaitKind::ALL.into_iter().skip(place + 1) {
            let apart = least_difference(lines_of(one), lines_of(other));
            assert!(apart >= 0.06, "{one:?} and {other:?}: {apart:.3}");
        }
    }
}

#[test]
fn kinds_of_waits_have_hues_of_their_own() {
    for (name, palette) in PALETTES {
        for (place, one) in WaitKind::ALL.into_iter().enumerate() {
            for other in WaitKind::ALL.into_iter().skip(place + 1) {
                let (one, other) = (palette.wait(one).lines.to_array(), palette.wait(other).lines.to_array());
                let apart = one.iter().zip(other).map(|(a, b)| a.abs_diff(b)).max();
                assert!(apart >= Some(24), "{name}: {one:?} {other:?}");
            }
        }
    }
}

/// What text stands on.
fn grounds(palette: &Palette) -> impl Iterator<Item = Color32> {
    let waits = WaitKind::ALL.map(|kind| palette.wait(kind).fill);
    [palette.base, palette.panel, palette.raised, palette.selection].into_iter().chain(waits)
}

#[test]
fn text_can_be_read() {
    for (name, palette) in PALETTES {
        for ground in grounds(palette) {
            assert!(read(palette.text, ground) >= 7.0, "{name}: text on {ground:?}");
            assert!(read(palette.weak, ground) >= 4.5, "{name}: weak on {ground:?}");
        }
        assert!(read(palette.on_running, palette.running) >= 4.5, "{name}");
        assert!(read(palette.on_ready, palette.ready) >= 4.5, "{name}");
        assert!(read(palette.on_plate, palette.plate) >= 4.5, "{name}");
        assert!(read(palette.on_blocking, palette.blocking) >= 4.5, "{name}");
        for task in palette.tasks {
            assert!(read(task, palette.panel) >= 3.0, "{name}: {task:?}");
            assert!(read(palette.base, task) >= 4.5, "{name}: names on {task:?}, in lanes of threads");
        }
    }
}

#[test]
fn in_high_contrast_all_text_and_every_border_is_strong() {
    for (name, palette) in &PALETTES[2..] {
        for ground in grounds(palette) {
            for text in [palette.text, palette.weak] {
                let ratio = read(text, ground);
                assert!(ratio >= 12.0, "{name}: {text:?} on {ground:?} {ratio:.1}");
            }
        }
        for text in [palette.keyword, palette.string, palette.comment, palette.good, palette.bad] {
            let ratio = read(text, palette.panel);
            assert!(ratio >= 12.0, "{name}: {text:?} {ratio:.1}");
        }
        assert!(read(palette.on_running, palette.running) >= 12.0 && read(palette.on_plate, palette.plate) >= 12.0);
        for border in [palette.border, palette.outline] {
            assert!(read(border, palette.panel) >= 7.0 && read(border, palette.raised) >= 7.0, "{name}");
        }
    }
}
