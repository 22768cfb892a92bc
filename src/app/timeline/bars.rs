//! The bars of lanes and samples: one mesh for each texture, so that a frame has few of them however many bars it shows.

use super::signs::Sign;
use crate::app::patterns::{Patterns, add_tiled};
use crate::app::theme::Palette;
use crate::trace::WaitKind;
use egui::{Mesh, Rect, Shape, vec2};

/// A bar that is narrower than this, in points, has no edges.
const EDGED: f32 = 3.0;
/// The strip that marks a poll that blocks the loop: its share of the height of a bar, and its least height in points.
pub(super) const STRIP: f32 = 0.3;
const LEAST_STRIP: f32 = 7.0;

pub(super) struct Bars {
    palette: &'static Palette,
    plain: Mesh,
    /// By what is waited for.
    lines: [Mesh; WaitKind::ALL.len()],
    dots: Mesh,
    /// Polls, over everything else.
    running: Mesh,
}

impl Bars {
    pub(super) fn new(patterns: &Patterns, palette: &'static Palette) -> Self {
        let lines = WaitKind::ALL.map(|kind| Mesh::with_texture(patterns.wait(kind)));
        let dots = Mesh::with_texture(patterns.dots.id());
        Self { palette, plain: Mesh::default(), lines, dots, running: Mesh::default() }
    }

    /// The row of the selected task, behind its bars.
    pub(super) fn selected(&mut self, row: Rect) {
        self.plain.add_colored_rect(row, self.palette.selection);
    }

    /// A bar; for what is no bar, nothing.
    #[inline]
    pub(super) fn add(&mut self, sign: Sign, bar: Rect) {
        sign.note();
        match sign {
            Sign::Waiting(kind) => self.waiting(bar, kind),
            Sign::Merged => self.waiting(bar, WaitKind::Other),
            Sign::Ready => {
                self.plain.add_colored_rect(bar, self.palette.ready);
                add_tiled(&mut self.dots, bar, self.palette.dots);
            }
            Sign::Running => self.running.add_colored_rect(bar, self.palette.running),
            // Over a bar that runs.
            Sign::Blocks => {
                let height = (bar.height() * STRIP).max(LEAST_STRIP);
                self.running.add_colored_rect(bar.with_min_y(bar.bottom() - height), self.palette.blocking);
            }
            _ => {}
        }
    }

    fn waiting(&mut self, bar: Rect, kind: WaitKind) {
        let look = self.palette.wait(kind);
        self.plain.add_colored_rect(bar, look.fill);
        add_tiled(&mut self.lines[kind as usize], bar, look.lines);
        if bar.width() >= EDGED {
            let edge = vec2(bar.width(), 1.0);
            self.plain.add_colored_rect(Rect::from_min_size(bar.left_top(), edge), look.lines);
            self.plain.add_colored_rect(Rect::from_min_size(bar.left_bottom() - vec2(0.0, 1.0), edge), look.lines);
        }
    }

    pub(super) fn shapes(self) -> impl Iterator<Item = Shape> {
        let Self { palette: _, plain, lines, dots, running } = self;
        let meshes = [plain].into_iter().chain(lines).chain([dots, running]);
        meshes.filter(|mesh| !mesh.is_empty()).map(Shape::mesh)
    }
}
