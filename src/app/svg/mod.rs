//! A frame as an SVG document. It is written from egui's own shapes, so it shows what the window shows.
//!
//! Text stays text, in the program's fonts or in what the reader has. Each piece of text keeps its width, so another font
//! does not move anything. The module never decides what is in a picture.

mod data;
mod paint;
mod text;

use super::raster::Raster;
use super::theme;
use crate::trace::text::xml;
use egui::epaint::{ClippedShape, PathStroke, StrokeKind};
use egui::{Color32, FontFamily, Pos2, Rect, Shape, Stroke, TextureId, Vec2};
use paint::{Fill, Line, number};
use std::collections::HashMap;
use std::io::{self, Write};

/// Writes the shapes of a frame of this size, in points. A point is `scale` pixels where nobody says how large to show it.
///
/// # Errors
/// If `out` cannot be written.
pub(super) fn write(
    shapes: &[ClippedShape],
    size: Vec2,
    scale: f32,
    textures: &Raster,
    title: &str,
    mut out: impl Write,
) -> io::Result<()> {
    let whole = Rect::from_min_size(Pos2::ZERO, size);
    let mut sheet = Sheet { textures, whole, body: Vec::new(), definitions: Vec::new(), known: HashMap::new() };
    let mut open = None;
    for ClippedShape { clip_rect, shape, .. } in shapes {
        sheet.clipped(shape, clip_rect.intersect(whole), &mut open)?;
    }
    if open.is_some() {
        writeln!(sheet.body, "</g>")?;
    }
    let (width, height) = (number(size.x), number(size.y));
    let font = theme::web_font(&FontFamily::Proportional);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         viewBox=\"0 0 {width} {height}\" width=\"{}\" height=\"{}\">\n<title>{}</title>",
        number(size.x * scale),
        number(size.y * scale),
        xml(title)
    )?;
    writeln!(out, "<defs>")?;
    out.write_all(&sheet.definitions)?;
    writeln!(out, "</defs>\n<g font-family=\"{}\" xml:space=\"preserve\">", font.families)?;
    out.write_all(&sheet.body)?;
    out.write_all(b"</g>\n</svg>\n")?;
    out.flush()
}

/// What is written once and used by its name: clips and patterns.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Definition {
    /// A rectangle, in hundredths of a point.
    Clip([i64; 4]),
    /// A texture that repeats, in one colour, with tiles of this place and size.
    Tiles(TextureId, Color32, [i64; 4]),
}

/// The document, while it is written.
struct Sheet<'a> {
    textures: &'a Raster,
    whole: Rect,
    body: Vec<u8>,
    definitions: Vec<u8>,
    /// The numbers of the definitions.
    known: HashMap<Definition, usize>,
}

impl Sheet<'_> {
    /// Writes a shape. `open` is the clip of the group that is open, if one is: neighbours share it.
    fn clipped(&mut self, shape: &Shape, clip: Rect, open: &mut Option<usize>) -> io::Result<()> {
        if let Shape::Vec(shapes) = shape {
            return shapes.iter().try_for_each(|shape| self.clipped(shape, clip, open));
        }
        let bounds = shape.visual_bounding_rect();
        if !bounds.is_finite() || !clip.intersects(bounds) {
            return Ok(());
        }
        // What lies inside needs no clip.
        let needed = if clip.contains_rect(bounds) || clip == self.whole { None } else { Some(self.clip(clip)?) };
        if *open != needed {
            if open.is_some() {
                writeln!(self.body, "</g>")?;
            }
            if let Some(number) = needed {
                writeln!(self.body, "<g clip-path=\"url(#d{number})\">")?;
            }
            *open = needed;
        }
        self.shape(shape, clip)
    }

    fn shape(&mut self, shape: &Shape, clip: Rect) -> io::Result<()> {
        match shape {
            // Callbacks are for graphics cards; there is none here.
            Shape::Noop | Shape::Callback(_) => Ok(()),
            Shape::Vec(shapes) => shapes.iter().try_for_each(|shape| self.shape(shape, clip)),
            Shape::Text(text) => text::write(&mut self.body, text, clip),
            Shape::Mesh(mesh) => self.mesh(mesh, clip),
            Shape::Rect(rect) => self.rect(rect),
            Shape::Circle(circle) => {
                let (x, y, radius) = (number(circle.center.x), number(circle.center.y), number(circle.radius));
                let (fill, line) = (Fill(circle.fill), Line(circle.stroke));
                writeln!(self.body, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"{fill}{line}/>")
            }
            Shape::Ellipse(ellipse) => {
                let [x, y] = [ellipse.center.x, ellipse.center.y].map(number);
                let [wide, high] = [ellipse.radius.x, ellipse.radius.y].map(number);
                let (fill, line) = (Fill(ellipse.fill), Line(ellipse.stroke));
                let turn = paint::Turn(ellipse.angle, ellipse.center);
                writeln!(self.body, "<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{wide}\" ry=\"{high}\"{fill}{line}{turn}/>")
            }
            Shape::LineSegment { points, stroke } => self.segment(*points, *stroke),
            Shape::Path(path) => {
                let element = if path.closed { "polygon" } else { "polyline" };
                let line = Line(solid(&path.stroke, bounds_of(&path.points)));
                let fill = Fill(if path.closed { path.fill } else { Color32::TRANSPARENT });
                writeln!(self.body, "<{element} points=\"{}\"{fill}{line}/>", paint::Points(&path.points))
            }
            Shape::Band(band) => {
                let above = band.points.iter().map(|point| Pos2::new(point.x, point.y.min));
                let below = band.points.iter().rev().map(|point| Pos2::new(point.x, point.y.max));
                let outline: Vec<Pos2> = above.chain(below).collect();
                let (points, fill, line) = (paint::Points(&outline), Fill(band.fill), Line(band.stroke));
                let turn = paint::Turn(band.angle, Pos2::ZERO);
                writeln!(self.body, "<polygon points=\"{points}\"{fill}{line}{turn}/>")
            }
            Shape::QuadraticBezier(curve) => {
                let [from, by, to] = curve.points.map(paint::Point);
                let line = Line(solid(&curve.stroke, bounds_of(&curve.points)));
                writeln!(self.body, "<path d=\"M{from} Q{by} {to}\"{}{line}/>", Fill(curve.fill))
            }
            Shape::CubicBezier(curve) => {
                let [from, one, two, to] = curve.points.map(paint::Point);
                let line = Line(solid(&curve.stroke, bounds_of(&curve.points)));
                writeln!(self.body, "<path d=\"M{from} C{one} {two} {to}\"{}{line}/>", Fill(curve.fill))
            }
        }
    }

    /// A line; an upright or level one is moved to whole pixels, as egui does.
    fn segment(&mut self, points: [Pos2; 2], stroke: Stroke) -> io::Result<()> {
        let [mut from, mut to] = points;
        if from.x == to.x {
            stroke.round_center_to_pixel(1.0, &mut from.x);
            to.x = from.x;
        }
        if from.y == to.y {
            stroke.round_center_to_pixel(1.0, &mut from.y);
            to.y = from.y;
        }
        let ([x1, y1], [x2, y2]) = ([from.x, from.y].map(number), [to.x, to.y].map(number));
        writeln!(self.body, "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"{}/>", Line(stroke))
    }

    fn clip(&mut self, clip: Rect) -> io::Result<usize> {
        let key = Definition::Clip([clip.min.x, clip.min.y, clip.max.x, clip.max.y].map(hundredths));
        let (new, definitions) = (self.known.len(), &mut self.definitions);
        match self.known.entry(key) {
            std::collections::hash_map::Entry::Occupied(known) => Ok(*known.get()),
            std::collections::hash_map::Entry::Vacant(place) => {
                writeln!(definitions, "<clipPath id=\"d{new}\"><rect{}/></clipPath>", paint::Place(clip))?;
                Ok(*place.insert(new))
            }
        }
    }
}

fn hundredths(value: f32) -> i64 {
    (f64::from(value) * 100.0).round() as i64
}

fn bounds_of(points: &[Pos2]) -> Rect {
    Rect::from_points(points)
}

/// A path's stroke in one colour: that of its middle, where it has several.
fn solid(stroke: &PathStroke, bounds: Rect) -> Stroke {
    let color = match &stroke.color {
        egui::epaint::ColorMode::Solid(color) => *color,
        egui::epaint::ColorMode::UV(color) => color(bounds, bounds.center()),
    };
    Stroke::new(stroke.width, color)
}

/// How far the middle of a stroke lies inside the edge that it follows.
fn inset(kind: StrokeKind, width: f32) -> f32 {
    match kind {
        StrokeKind::Inside => width / 2.0,
        StrokeKind::Middle => 0.0,
        StrokeKind::Outside => -width / 2.0,
    }
}
