//! Pictures of the window without a graphics card, driver or display: a small rasteriser of egui's triangles.
//!
//! It blends as egui's own painters do: premultiplied colours, in gamma space, texture times vertex colour. The same
//! input gives the same pixels on every machine.

use egui::epaint::{ImageDelta, Primitive, Vertex};
use egui::{ColorImage, FullOutput, ImageData, Mesh, Rect, TextureId, TextureOptions, TextureWrapMode, TexturesDelta};
use image::{Rgba, RgbaImage};
use std::collections::HashMap;

/// Draws what egui puts out.
#[derive(Debug, Clone, Default)]
pub struct Raster {
    textures: HashMap<TextureId, Texture>,
}

#[derive(Debug, Clone)]
struct Texture {
    image: ColorImage,
    options: TextureOptions,
}

impl Raster {
    /// Takes the textures that are new, changed or gone.
    pub fn take_textures(&mut self, delta: &mut TexturesDelta) {
        for (id, changes) in std::mem::take(&mut delta.set) {
            changes.into_iter().for_each(|change| self.set(id, change));
        }
        for id in std::mem::take(&mut delta.free) {
            self.textures.remove(&id);
        }
    }

    /// The picture of an output whose textures were taken.
    #[must_use]
    pub fn picture(&self, ctx: &egui::Context, output: &FullOutput) -> RgbaImage {
        let scale = output.pixels_per_point;
        let size = ctx.content_rect().size() * scale;
        let mut picture = RgbaImage::from_pixel(size.x.round() as u32, size.y.round() as u32, Rgba([0, 0, 0, u8::MAX]));
        for primitive in ctx.tessellate(output.shapes.clone(), scale) {
            if let Primitive::Mesh(mesh) = primitive.primitive {
                self.mesh(&mut picture, &mesh, primitive.clip_rect, scale);
            }
        }
        picture
    }

    /// A texture, and how it is to be shown.
    pub(super) fn texture(&self, id: TextureId) -> Option<(&ColorImage, TextureOptions)> {
        self.textures.get(&id).map(|texture| (&texture.image, texture.options))
    }

    fn set(&mut self, id: TextureId, change: ImageDelta) {
        let ImageData::Color(patch) = change.image;
        match (change.pos, self.textures.get_mut(&id)) {
            (Some([left, top]), Some(texture)) => {
                let width = texture.image.size[0];
                for (row, pixels) in patch.pixels.chunks(patch.size[0]).enumerate() {
                    let start = (top + row) * width + left;
                    if let Some(place) = texture.image.pixels.get_mut(start..start + pixels.len()) {
                        place.copy_from_slice(pixels);
                    }
                }
            }
            _ => {
                let image = ColorImage::clone(&patch);
                self.textures.insert(id, Texture { image, options: change.options });
            }
        }
    }

    fn mesh(&self, picture: &mut RgbaImage, mesh: &Mesh, clip: Rect, scale: f32) {
        let Some(texture) = self.textures.get(&mesh.texture_id) else { return };
        let (width, height) = picture.dimensions();
        let edge = |value: f32, most: u32| (value * scale).round().clamp(0.0, most as f32) as i32;
        let clip =
            [edge(clip.min.x, width), edge(clip.min.y, height), edge(clip.max.x, width), edge(clip.max.y, height)];
        for corners in mesh.triangles() {
            let corners = corners.map(|corner| mesh.vertices[corner as usize]);
            triangle(picture, corners, clip, scale, |u, v| texture.sample(u, v));
        }
    }
}

impl Texture {
    /// The colour at texture coordinates, between its four nearest pixels.
    fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let [width, height] = self.image.size;
        if width == 0 || height == 0 {
            return [0.0; 4];
        }
        // On a grid of 1/256 pixel, as positions are: where in the texture a letter lies depends on what was drawn before,
        // and may not be seen.
        let on_grid = |value: f32| (value * GRID).round() / GRID;
        let (x, y) = (on_grid(u * width as f32) - 0.5, on_grid(v * height as f32) - 0.5);
        let place = |value: f32, size: usize| match self.options.wrap_mode {
            TextureWrapMode::Repeat => (value as i64).rem_euclid(size as i64) as usize,
            _ => (value.max(0.0) as usize).min(size - 1),
        };
        let pixel = |x: f32, y: f32| {
            let color = self.image.pixels[place(y, height) * width + place(x, width)];
            color.to_array().map(f32::from)
        };
        let (left, top) = (x.floor(), y.floor());
        let (right, down) = (x - left, y - top);
        let mix = |a: [f32; 4], b: [f32; 4], share: f32| std::array::from_fn(|c| a[c] + (b[c] - a[c]) * share);
        mix(
            mix(pixel(left, top), pixel(left + 1.0, top), right),
            mix(pixel(left, top + 1.0), pixel(left + 1.0, top + 1.0), right),
            down,
        )
    }
}

/// Places are told apart by this part of a pixel.
const GRID: f32 = 256.0;

/// Fills the pixels whose centre lies in the triangle. An edge that two triangles share belongs to one of them: with
/// positions on a grid of 1/256 pixel the test is exact.
fn triangle(
    picture: &mut RgbaImage,
    mut corners: [Vertex; 3],
    [left, top, right, bottom]: [i32; 4],
    scale: f32,
    sample: impl Fn(f32, f32) -> [f32; 4],
) {
    let on_grid = |vertex: &Vertex| {
        let grid = |value: f32| (value * scale * GRID).round() as i64;
        (grid(vertex.pos.x), grid(vertex.pos.y))
    };
    let area =
        |(ax, ay): (i64, i64), (bx, by): (i64, i64), (x, y): (i64, i64)| (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    let mut points = [on_grid(&corners[0]), on_grid(&corners[1]), on_grid(&corners[2])];
    if area(points[0], points[1], points[2]) < 0 {
        corners.swap(1, 2);
        points.swap(1, 2);
    }
    let whole = area(points[0], points[1], points[2]);
    if whole == 0 {
        return;
    }
    // Pixels on a left or top edge belong to the triangle, those on others to its neighbour.
    let bias = |(ax, ay): (i64, i64), (bx, by): (i64, i64)| {
        let is_top_left = by < ay || (by == ay && bx > ax);
        if is_top_left { 0 } else { -1 }
    };
    let edges = [(points[1], points[2]), (points[2], points[0]), (points[0], points[1])];
    let pixel = |value: i64| (value as f32 / GRID).floor() as i32;
    let (xs, ys) = (points.map(|point| point.0), points.map(|point| point.1));
    let min = |values: [i64; 3]| pixel(values[0].min(values[1]).min(values[2]));
    let max = |values: [i64; 3]| pixel(values[0].max(values[1]).max(values[2])) + 1;
    for y in min(ys).max(top)..max(ys).min(bottom) {
        for x in min(xs).max(left)..max(xs).min(right) {
            let center = (i64::from(x) * 256 + 128, i64::from(y) * 256 + 128);
            let weights = edges.map(|(a, b)| area(a, b, center));
            if edges.iter().zip(weights).any(|((a, b), weight)| weight + bias(*a, *b) < 0) {
                continue;
            }
            let weights = weights.map(|weight| weight as f32 / whole as f32);
            let mixed = |part: fn(&Vertex) -> f32| -> f32 {
                corners.iter().zip(weights).map(|(corner, weight)| part(corner) * weight).sum()
            };
            let texel = sample(mixed(|vertex| vertex.uv.x), mixed(|vertex| vertex.uv.y));
            let color = [
                mixed(|vertex| f32::from(vertex.color.r())),
                mixed(|vertex| f32::from(vertex.color.g())),
                mixed(|vertex| f32::from(vertex.color.b())),
                mixed(|vertex| f32::from(vertex.color.a())),
            ];
            let source: [f32; 4] = std::array::from_fn(|channel| color[channel] * texel[channel] / 255.0);
            let Rgba(under) = picture.get_pixel_mut(x as u32, y as u32);
            for (channel, value) in under.iter_mut().enumerate() {
                let blended = source[channel] + f32::from(*value) * (1.0 - source[3] / 255.0);
                *value = blended.round().clamp(0.0, 255.0) as u8;
            }
        }
    }
}
