//! The patterns that tell states apart without colour, as small textures that repeat.

use crate::trace::WaitKind;
use egui::{Color32, ColorImage, Context, Mesh, Pos2, Rect, TextureHandle, TextureId, TextureOptions, pos2};

/// Side of a tile in points; its texture has twice as many pixels, so that it stays sharp on dense screens.
const TILE: f32 = 10.0;
const PIXELS: usize = 20;

/// How much of the point at x and y of a tile a pattern covers: none from 0 down, all from 1 up.
type Coverage = fn(f32, f32) -> f32;

/// How much a line covers that lies `off` points beside its middle. Lines are a point wide, and soft at the edge.
fn line(off: f32) -> f32 {
    (0.8 - off.abs()) * 2.0
}

/// Lines that repeat `every` so many points; one lies on the middle of a pixel.
fn lines(value: f32, every: f32) -> f32 {
    line((value - 0.5).rem_euclid(every) - (every / 2.0).floor())
}

/// The lines by which waits are told apart.
pub(crate) fn lines_of(kind: WaitKind) -> Coverage {
    // A diagonal repeats every tile along x and along y.
    const ACROSS: f32 = std::f32::consts::SQRT_2;
    const STEP: f32 = TILE / ACROSS;
    const MIDDLE: f32 = TILE / 2.0;
    match kind {
        WaitKind::Timer => |x, y| lines((x + y) / ACROSS, STEP),
        WaitKind::Shared => |x, y| lines((x - y) / ACROSS, STEP),
        WaitKind::Task => |_, y| lines(y, TILE),
        WaitKind::Job => |x, _| lines(x, TILE),
        // Small crosses.
        WaitKind::Io => |x, y| {
            let (x, y) = (x - MIDDLE - 0.5, y - MIDDLE - 0.5);
            let arm = |along: f32, off: f32| if along.abs() < 3.5 { line(off) } else { 0.0 };
            arm(x, y).max(arm(y, x))
        },
        // A zigzag.
        WaitKind::Input => |x, y| lines(((x - MIDDLE).abs() + y) / ACROSS, STEP),
        // Dashes on a slant.
        WaitKind::Other => |x, y| if x < MIDDLE { lines((x + y) / ACROSS, STEP) } else { 0.0 },
    }
}

/// Dots, four to a tile.
pub(crate) const DOTS: Coverage = |x, y| {
    let half = TILE / 2.0;
    let from_center = |value: f32| value.rem_euclid(half) - half / 2.0;
    1.3 - from_center(x).hypot(from_center(y))
};

/// How much of each pixel of a tile is covered, 0 to 1, row by row.
fn covered(coverage: Coverage) -> impl Iterator<Item = f32> {
    (0..PIXELS * PIXELS).map(move |pixel| {
        let center = |place: usize| (place as f32 + 0.5) * TILE / PIXELS as f32;
        coverage(center(pixel % PIXELS), center(pixel / PIXELS)).clamp(0.0, 1.0)
    })
}

/// How much of its ground a pattern covers, 0 to 1.
#[cfg(test)]
pub(crate) fn share(coverage: Coverage) -> f64 {
    f64::from(covered(coverage).sum::<f32>()) / (PIXELS * PIXELS) as f64
}

/// By how much of a tile two patterns differ, however one is moved against the other.
#[cfg(test)]
pub(crate) fn least_difference(one: Coverage, other: Coverage) -> f32 {
    let [one, other] = [one, other].map(|pattern| covered(pattern).collect::<Vec<f32>>());
    let differ = |by_x: usize, by_y: usize| {
        let pixels = (0..PIXELS * PIXELS).map(|pixel| {
            let (x, y) = ((pixel % PIXELS + by_x) % PIXELS, (pixel / PIXELS + by_y) % PIXELS);
            (one[pixel] - other[y * PIXELS + x]).abs()
        });
        pixels.sum::<f32>() / (PIXELS * PIXELS) as f32
    };
    let shifts = (0..PIXELS).flat_map(|x| (0..PIXELS).map(move |y| (x, y)));
    shifts.map(|(x, y)| differ(x, y)).fold(f32::INFINITY, f32::min)
}

/// The pattern textures, made once.
pub(crate) struct Patterns {
    /// Lines: waiting, by what for, in the order of [`WaitKind::ALL`].
    waits: [TextureHandle; WaitKind::ALL.len()],
    /// Dots: ready.
    pub(crate) dots: TextureHandle,
    /// Lanes with more spans than pixels: drawn anew when they or the view change.
    pub(crate) merged: TextureHandle,
}

impl Patterns {
    pub(crate) fn new(ctx: &Context) -> Self {
        let load = |name: &str, coverage: Coverage| {
            let pixels = covered(coverage).map(|alpha| Color32::from_white_alpha((alpha * 255.0) as u8));
            let image = ColorImage::new([PIXELS, PIXELS], pixels.collect());
            ctx.load_texture(name, image, TextureOptions::LINEAR_REPEAT)
        };
        let merged = ctx.load_texture("merged lanes", ColorImage::default(), TextureOptions::NEAREST);
        let waits = WaitKind::ALL.map(|kind| load(kind.name(), lines_of(kind)));
        Self { merged, waits, dots: load("dots", DOTS) }
    }

    /// The lines on a bar that waits for something of this kind.
    pub(crate) fn wait(&self, kind: WaitKind) -> TextureId {
        self.waits[kind as usize].id()
    }
}

/// Adds `rect` to a mesh of a pattern; patterns of neighbours join up.
pub(crate) fn add_tiled(mesh: &mut Mesh, rect: Rect, color: Color32) {
    let uv = |pos: Pos2| pos2(pos.x / TILE, pos.y / TILE);
    mesh.add_rect_with_uv(rect, Rect::from_min_max(uv(rect.min), uv(rect.max)), color);
}
