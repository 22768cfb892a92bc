//! Attributes and numbers of an SVG, and what is filled: rectangles, triangles and textures.

use super::{Definition, Sheet, data, hundredths, inset};
use egui::emath::GuiRounding as _;
use egui::epaint::{RectShape, Vertex, WHITE_UV};
use egui::{Color32, CornerRadius, Mesh, Pos2, Rect, Stroke, TextureId, TextureWrapMode, pos2, vec2};
use std::collections::hash_map::Entry;
use std::fmt;
use std::io::{self, Write as _};

/// A length in points, to the hundredth.
pub(super) fn number(value: f32) -> f32 {
    (value * 100.0).round() / 100.0 + 0.0 // no -0
}

/// A colour as an attribute with its opacity. egui's colours are multiplied by it, those of an SVG are not.
fn color(f: &mut fmt::Formatter<'_>, name: &str, color: Color32) -> fmt::Result {
    let [red, green, blue, alpha] = color.to_srgba_unmultiplied();
    write!(f, " {name}=\"#{red:02x}{green:02x}{blue:02x}\"")?;
    if alpha < u8::MAX {
        write!(f, " {name}-opacity=\"{}\"", (f32::from(alpha) / 2.55).round() / 100.0)?;
    }
    Ok(())
}

/// The attributes of what is filled.
pub(super) struct Fill(pub(super) Color32);

impl fmt::Display for Fill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == Color32::TRANSPARENT { f.write_str(" fill=\"none\"") } else { color(f, "fill", self.0) }
    }
}

/// The attributes of a line.
pub(super) struct Line(pub(super) Stroke);

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        color(f, "stroke", self.0.color)?;
        write!(f, " stroke-width=\"{}\"", number(self.0.width))
    }
}

/// The attributes of a rectangle's place.
pub(super) struct Place(pub(super) Rect);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rect { min, .. } = self.0;
        let [x, y, width, height] = [min.x, min.y, self.0.width(), self.0.height()].map(number);
        write!(f, " x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
    }
}

/// A turn by an angle about a point.
pub(super) struct Turn(pub(super) f32, pub(super) Pos2);

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0.0 {
            return Ok(());
        }
        let [angle, x, y] = [self.0.to_degrees(), self.1.x, self.1.y].map(number);
        write!(f, " transform=\"rotate({angle} {x} {y})\"")
    }
}

pub(super) struct Point(pub(super) Pos2);

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", number(self.0.x), number(self.0.y))
    }
}

pub(super) struct Points<'a>(pub(super) &'a [Pos2]);

impl fmt::Display for Points<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, point)| {
            let space = if place == 0 { "" } else { " " };
            write!(f, "{space}{}", Point(*point))
        })
    }
}

impl Sheet<'_> {
    /// A rectangle on whole pixels, as egui draws it.
    pub(super) fn rect(&mut self, shape: &RectShape) -> io::Result<()> {
        let rect = shape.rect.round_to_pixels(1.0);
        if let Some(brush) = &shape.brush {
            return self.textured(rect, brush.uv, shape.fill, brush.fill_texture_id);
        }
        let inset = if shape.stroke.is_empty() { 0.0 } else { inset(shape.stroke_kind, shape.stroke.width) };
        let (rect, turn) = (rect.shrink(inset), Turn(shape.angle, shape.rect.center()));
        let CornerRadius { nw, ne, sw, se } = shape.corner_radius;
        let round = |radius: u8| {
            let most = rect.width().min(rect.height()) / 2.0;
            if radius == 0 { 0.0 } else { (f32::from(radius) - inset).clamp(0.0, most.max(0.0)) }
        };
        let (fill, line) = (Fill(shape.fill), Line(shape.stroke));
        let radii @ [nw, ne, se, sw] = [nw, ne, se, sw].map(round);
        if radii == [nw; 4] {
            let corner = if nw > 0.0 { format!(" rx=\"{}\"", number(nw)) } else { String::new() };
            return writeln!(self.body, "<rect{}{corner}{fill}{line}{turn}/>", Place(rect));
        }
        let Rect { min, max } = rect;
        let arc = |radius: f32, x: f32, y: f32| {
            let radius = number(radius);
            format!(" A{radius},{radius} 0 0 1 {}", Point(pos2(x, y)))
        };
        writeln!(
            self.body,
            "<path d=\"M{} H{}{} V{}{} H{}{} V{}{} Z\"{fill}{line}{turn}/>",
            Point(pos2(min.x + nw, min.y)),
            number(max.x - ne),
            arc(ne, max.x, min.y + ne),
            number(max.y - se),
            arc(se, max.x - se, max.y),
            number(min.x + sw),
            arc(sw, min.x, max.y - sw),
            number(min.y + nw),
            arc(nw, min.x + nw, min.y),
        )
    }

    /// Triangles, two of which are mostly a rectangle.
    pub(super) fn mesh(&mut self, mesh: &Mesh, clip: Rect) -> io::Result<()> {
        let mut corners = mesh.indices.iter().filter_map(|index| mesh.vertices.get(*index as usize).copied());
        let mut rest: Vec<Vertex> = Vec::new();
        loop {
            rest.extend(corners.by_ref().take(6 - rest.len()));
            let Some(triangle) = rest.first_chunk::<3>().copied() else { return Ok(()) };
            let quad = rest.first_chunk::<6>().and_then(quad);
            let bounds = quad.map_or_else(|| Rect::from_points(&triangle.map(|corner| corner.pos)), |quad| quad.0);
            if clip.intersects(bounds) {
                match quad {
                    Some((rect, uv, color)) => self.textured(rect, uv, color, mesh.texture_id)?,
                    None => self.triangle(triangle)?,
                }
            }
            rest.drain(..if quad.is_some() { 6 } else { 3 });
        }
    }

    /// A triangle, in the colour that its corners have on the average.
    fn triangle(&mut self, corners: [Vertex; 3]) -> io::Result<()> {
        let channel = |place: usize| {
            (corners.iter().map(|corner| u16::from(corner.color.to_array()[place])).sum::<u16>() / 3) as u8
        };
        let color = Color32::from_rgba_premultiplied(channel(0), channel(1), channel(2), channel(3));
        let points = corners.map(|corner| corner.pos);
        writeln!(self.body, "<polygon points=\"{}\"{} shape-rendering=\"crispEdges\"/>", Points(&points), Fill(color))
    }

    /// A rectangle that shows a part of a texture, in a colour; a texture that repeats is a pattern.
    fn textured(&mut self, rect: Rect, uv: Rect, color: Color32, texture: TextureId) -> io::Result<()> {
        if color == Color32::TRANSPARENT || rect.width() <= 0.0 || rect.height() <= 0.0 {
            return Ok(());
        }
        if uv == Rect::from_min_max(WHITE_UV, WHITE_UV) || uv == Rect::ZERO {
            // Neighbours have one edge in common, which no colour of the ground is to shine through.
            let (place, fill) = (Place(rect), Fill(color));
            return writeln!(self.body, "<rect{place}{fill} shape-rendering=\"crispEdges\"/>");
        }
        let Some((image, options)) = self.textures.texture(texture) else { return Ok(()) };
        if options.wrap_mode == TextureWrapMode::Repeat {
            let size = rect.size() / uv.size();
            let place = Rect::from_min_size(rect.min - vec2(uv.min.x * size.x, uv.min.y * size.y), size);
            let start = pos2(place.min.x.rem_euclid(size.x), place.min.y.rem_euclid(size.y));
            let tile = Rect::from_min_size(start, size);
            let key = [tile.min.x, tile.min.y, tile.width(), tile.height()].map(hundredths);
            // What lies a hair before a border lies on the next.
            let key = [key[0] % key[2].max(1), key[1] % key[3].max(1), key[2], key[3]];
            let new = self.known.len();
            let number = match self.known.entry(Definition::Tiles(texture, color, key)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(place) => {
                    let image = data::image(image, color)?;
                    let [x, y, width, height] = key.map(|value| value as f32 / 100.0);
                    writeln!(
                        self.definitions,
                        "<pattern id=\"d{new}\" patternUnits=\"userSpaceOnUse\" x=\"{x}\" y=\"{y}\" width=\"{width}\" \
                         height=\"{height}\"><image width=\"{width}\" height=\"{height}\" \
                         preserveAspectRatio=\"none\" xlink:href=\"{image}\"/></pattern>"
                    )?;
                    *place.insert(new)
                }
            };
            return writeln!(self.body, "<rect{} fill=\"url(#d{number})\"/>", Place(rect));
        }
        let part = data::image(&data::part(image, uv), color)?;
        let place = Place(rect);
        writeln!(
            self.body,
            "<image{place} preserveAspectRatio=\"none\" image-rendering=\"pixelated\" xlink:href=\"{part}\"/>"
        )
    }
}

/// Two triangles that are an upright rectangle in one colour: its place, the part of the texture, and the colour.
fn quad(corners: &[Vertex; 6]) -> Option<(Rect, Rect, Color32)> {
    let [left_top, right_top, left_bottom, again, other, right_bottom] = *corners;
    let is_quad = again == left_bottom
        && other == right_top
        && left_top.pos.y == right_top.pos.y
        && left_top.pos.x == left_bottom.pos.x
        && right_bottom.pos == pos2(right_top.pos.x, left_bottom.pos.y)
        && corners.iter().all(|corner| corner.color == left_top.color);
    let rect = Rect::from_min_max(left_top.pos, right_bottom.pos);
    is_quad.then_some((rect, Rect::from_min_max(left_top.uv, right_bottom.uv), left_top.color))
}
