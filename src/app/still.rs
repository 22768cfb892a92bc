//! What is shown now, drawn where nobody sees it. Every picture comes from here: those that the window exports and copies,
//! and those of the command line. So the same state always gives the same picture.

use super::App;
use super::patterns::Patterns;
use super::raster::Raster;
use super::svg;
use super::theme;
use crate::trace::text::line;
use egui::epaint::ClippedShape;
use egui::{Context, FullOutput, Popup, Pos2, RawInput, Rect, Shape, Theme, Ui, Vec2, ViewportId, vec2};
use image::{ImageFormat, RgbaImage};
use std::io::{self, Seek, Write};

/// A part of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// All of it.
    Window,
    /// The lanes.
    Timeline,
    /// Ready queue, running, waiting, done.
    Loop,
}

/// How large a picture is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Canvas {
    /// In points of the usual size. A picture of a part of the window takes no more height than it needs.
    pub(super) size: Vec2,
    /// Pixels in such a point.
    pub(super) scale: f32,
}

/// Where frames are drawn that nobody sees.
pub(super) struct Easel {
    ctx: Context,
    theme: Theme,
    /// Pixels in a point of the usual size.
    scale: f32,
    /// The time of the next frame, in seconds of the window's time.
    time: f64,
    raster: Raster,
}

/// The time between two frames, in seconds.
const FRAME: f64 = 1.0 / 60.0;

impl Easel {
    pub(super) fn new(ctx: Context, theme: Theme, scale: f32, time: f64) -> Self {
        Self { ctx, theme, scale, time, raster: Raster::default() }
    }

    /// Shows frame after frame, of this size in points of the usual size; what the last one put out.
    pub(super) fn draw(&mut self, size: Vec2, frames: u32, mut show: impl FnMut(&mut Ui)) -> FullOutput {
        let mut last = self.frame(size, &mut show);
        for _ in 1..frames {
            last = self.frame(size, &mut show);
        }
        last
    }

    fn frame(&mut self, size: Vec2, show: &mut impl FnMut(&mut Ui)) -> FullOutput {
        self.time += FRAME;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size / self.ctx.zoom_factor())),
            time: Some(self.time),
            system_theme: Some(self.theme),
            ..RawInput::default()
        };
        input.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(self.scale);
        let mut output = self.ctx.run_ui(input, show);
        self.raster.take_textures(&mut output.textures_delta);
        output
    }

    /// The least height, up to `most`, that shows all the words that are shown at `most`.
    fn least_height(&mut self, width: f32, most: f32, mut show: impl FnMut(&mut Ui)) -> f32 {
        let mut words = |height: f32| {
            let output = self.draw(vec2(width, height), FRAMES, &mut show);
            let mut words = Vec::new();
            output.shapes.iter().for_each(|ClippedShape { clip_rect, shape, .. }| seen(shape, *clip_rect, &mut words));
            words.sort_unstable();
            words
        };
        let all = words(most);
        let (mut too_low, mut enough) = (LEAST_HEIGHT.min(most), most);
        while enough - too_low > CLOSE_ENOUGH {
            let middle = ((too_low + enough) / 2.0).round();
            if words(middle) == all { enough = middle } else { too_low = middle }
        }
        enough
    }
}

/// Frames until the panels have found their places in a picture: what they hold is known a frame later.
const FRAMES: u32 = 4;
/// What is drawn is never lower, in points.
const LEAST_HEIGHT: f32 = 60.0;
/// A height is looked for to this precision, in points.
const CLOSE_ENOUGH: f32 = 3.0;
/// The room around words within which nothing may be cut off, in points.
const AROUND_WORDS: f32 = 4.0;

/// Collects the words of a shape that can be seen whole.
fn seen(shape: &Shape, clip: Rect, words: &mut Vec<String>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| seen(shape, clip, words)),
        Shape::Text(text) => {
            let bounds = text.visual_bounding_rect();
            let is_seen = clip.expand(0.5).y_range().contains(bounds.min.y)
                && clip.y_range().contains(bounds.max.y + AROUND_WORDS)
                && clip.x_range().intersects(bounds.x_range());
            if is_seen {
                words.push(text.galley.text().to_owned());
            }
        }
        _ => {}
    }
}

/// A picture. It can be written on any thread.
pub struct Picture {
    ctx: Context,
    raster: Raster,
    output: FullOutput,
    title: String,
}

impl Picture {
    /// Its pixels.
    #[must_use]
    pub fn pixels(&self) -> RgbaImage {
        self.raster.picture(&self.ctx, &self.output)
    }

    /// Writes it as PNG.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write_png(&self, out: &mut (impl Write + Seek)) -> io::Result<()> {
        self.pixels().write_to(out, ImageFormat::Png).map_err(io::Error::other)
    }

    /// Writes it as SVG, from the same shapes.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write_svg(&self, out: impl Write) -> io::Result<()> {
        let (size, scale) = (self.ctx.content_rect().size(), self.output.pixels_per_point);
        svg::write(&self.output.shapes, size, scale, &self.raster, &self.title, out)
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("title", &self.title).finish_non_exhaustive()
    }
}

impl App {
    /// A picture of what is shown now, without what lies above the panels.
    pub(super) fn picture(&mut self, part: Part, canvas: Canvas) -> Picture {
        let ctx = Context::default();
        // Sizes, what is scrolled and what is open are as in the window.
        let mut memory = self.ctx.memory(Clone::clone);
        memory.data.remove_by_type::<u64>(); // by which it is known what was drawn into textures of the window
        ctx.memory_mut(|copy| *copy = memory);
        ctx.set_fonts(theme::fonts());
        Popup::close_all(&ctx);
        if let Some(field) = ctx.memory(|memory| memory.focused()) {
            ctx.memory_mut(|memory| memory.surrender_focus(field)); // or its text cursor would blink
        }
        // Textures belong to the context that they are drawn in.
        let patterns = std::mem::replace(&mut self.patterns, Patterns::new(&ctx));
        let of_compared = self.compare.as_mut().map(|compare| compare.draw_with([0, 1].map(|_| Patterns::new(&ctx))));
        let shown = std::mem::replace(&mut self.part, part);
        let tour = self.tour.take();
        // What glides in the window has come to its place by then.
        let mut easel = Easel::new(ctx, self.ctx.theme(), canvas.scale, self.window_time() + 1.0);
        let mut size = canvas.size;
        size.y = match part {
            Part::Window => size.y,
            Part::Timeline => (self.height_of_timeline() * self.ctx.zoom_factor()).round().min(size.y),
            Part::Loop => easel.least_height(size.x, size.y, |ui| drop(self.content(ui))),
        };
        let output = easel.draw(size, FRAMES, |ui| drop(self.content(ui)));
        self.part = shown;
        self.tour = tour;
        self.patterns = patterns;
        if let (Some(compare), Some(patterns)) = (&mut self.compare, of_compared) {
            compare.draw_with(patterns);
        }
        let title = line(self.record().title()).into_owned();
        Picture { ctx: easel.ctx, raster: easel.raster, output, title }
    }
}
