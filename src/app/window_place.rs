//! Where the window was on the screen, for the next start.

use egui::{Context, ViewportBuilder, pos2, vec2};
use serde::{Deserialize, Serialize};

/// The window's place, in the desktop's points: those of the program, before it enlarges anything.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct WindowPlace {
    size: [f32; 2],
    /// Of its upper left corner; none where the desktop does not tell.
    #[serde(default)]
    corner: Option<[f32; 2]>,
    #[serde(default)]
    is_maximized: bool,
}

/// No screen is larger: what lies beyond was never a place of a window.
const FARTHEST: f32 = 20_000.0;

impl WindowPlace {
    /// Where the window is now; where it was, while it fills the screen or is put away.
    pub(crate) fn now(ctx: &Context, before: Option<Self>) -> Option<Self> {
        ctx.input(|input| {
            let (viewport, scale) = (input.viewport(), ctx_zoom(input));
            let is = |state: Option<bool>| state.unwrap_or(false);
            if is(viewport.minimized) || is(viewport.fullscreen) {
                return before;
            }
            if is(viewport.maximized) {
                return before.map(|before| Self { is_maximized: true, ..before });
            }
            let size = input.content_rect().size() * scale;
            // Whole points: a place does not change by a rounding.
            let corner = viewport.outer_rect.map(|rect| [rect.left() * scale, rect.top() * scale].map(f32::round));
            Some(Self { size: [size.x, size.y].map(f32::round), corner, is_maximized: false })
        })
    }

    /// A window at this place, no smaller than `least`.
    pub(crate) fn of(self, builder: ViewportBuilder, least: [f32; 2]) -> ViewportBuilder {
        let side = |which: usize| self.size[which].clamp(least[which], FARTHEST);
        let builder = builder.with_inner_size(vec2(side(0), side(1))).with_maximized(self.is_maximized);
        match self.corner {
            Some([x, y]) if (-FARTHEST..FARTHEST).contains(&x) && (-FARTHEST..FARTHEST).contains(&y) => {
                builder.with_position(pos2(x, y))
            }
            _ => builder,
        }
    }
}

/// How much larger than the desktop asks for everything is drawn.
fn ctx_zoom(input: &egui::InputState) -> f32 {
    input.pixels_per_point() / input.viewport().native_pixels_per_point.unwrap_or(input.pixels_per_point())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_makes_no_sense_is_not_taken() {
        let least = [1024.0, 640.0];
        let of = |size, corner| WindowPlace { size, corner, is_maximized: false }.of(ViewportBuilder::default(), least);
        let usual = of([1300.0, 800.0], Some([40.0, 30.0]));
        assert_eq!((usual.inner_size, usual.position), (Some(vec2(1300.0, 800.0)), Some(pos2(40.0, 30.0))));
        for size in [[0.0, 0.0], [-5.0, f32::NEG_INFINITY]] {
            assert_eq!(of(size, None).inner_size, Some(vec2(1024.0, 640.0)));
        }
        for corner in [[f32::NAN, 0.0], [0.0, 1e9], [f32::NEG_INFINITY, 3.0]] {
            assert_eq!(of([1300.0, 800.0], Some(corner)).position, None);
        }
    }
}
