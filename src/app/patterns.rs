//! The patterns that tell states apart without colour, as small textures that repeat.

use egui::{Color32, ColorImage, Context, Mesh, Pos2, Rect, TextureHandle, TextureOptions, pos2};

/// Side of a tile in points; its texture has twice as many pixels, so that it stays sharp on dense screens.
const TILE: f32 = 8.0;
const PIXELS: usize = 16;

/// How much of the point at x and y of a tile a pattern covers: none from 0 down, all from 1 up.
type Coverage = fn(f32, f32) -> f32;

/// Diagonal lines.
pub(crate) const HATCH: Coverage = |x, y| {
    // Distance to the line x + y = 0, which repeats every tile.
    let off = ((x + y).rem_euclid(TILE) - TILE / 2.0).abs() / std::f32::consts::SQRT_2;
    1.1 - off
};

/// Dots, four to a tile.
pub(crate) const DOTS: Coverage = |x, y| {
    let half = TILE / 2.0;
    let from_center = |value: f32| value.rem_euclid(half) - half / 2.0;
    1.2 - from_center(x).hypot(from_center(y))
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

/// The pattern textures, made once.
pub(crate) struct Patterns {
    /// Diagonal lines: waiting.
    pub(crate) hatch: TextureHandle,
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
        Self { merged, hatch: load("hatch", HATCH), dots: load("dots", DOTS) }
    }
}

/// Adds `rect` to a mesh of a pattern; patterns of neighbours join up.
pub(crate) fn add_tiled(mesh: &mut Mesh, rect: Rect, color: Color32) {
    let uv = |pos: Pos2| pos2(pos.x / TILE, pos.y / TILE);
    mesh.add_rect_with_uv(rect, Rect::from_min_max(uv(rect.min), uv(rect.max)), color);
}
