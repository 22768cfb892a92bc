//! Pictures without a graphics card: of a run that is over, without any window, for slides; and of what the window shows
//! now, for a file.
//!
//! They are drawn with the same code as the window, so that the same run gives the same picture on every machine.

use super::raster::Raster;
use super::view::Axis;
use super::{App, Show, cursor::Cursor, findings::Patience, patterns::Patterns, theme};
use crate::event::Nanos;
use crate::session::Session;
use egui::{Context, FullOutput, Pos2, RawInput, Rect, Theme, ThemePreference, Ui, Vec2, ViewportId, vec2};
use image::RgbaImage;

/// What to draw, and how.
#[derive(Debug, Clone, Copy)]
pub struct Shot {
    /// The time at the cursor; the end of the run unless given.
    pub at: Option<Nanos>,
    /// Whether a column is a poll, or a stretch of time.
    pub by_steps: bool,
    /// Light or dark colours.
    pub is_dark: bool,
    /// Which part of the window.
    pub part: Part,
    /// Width and height, in pixels.
    pub size: [u32; 2],
}

impl Shot {
    fn axis(&self) -> Axis {
        if self.by_steps { Axis::Steps } else { Axis::Time }
    }
}

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

/// Frames until all has found its place: sizes are known a frame later, and a chapter takes a moment to open.
const FRAMES: u32 = 40;

/// Draws a run, once it is over and all of it is there.
#[must_use]
pub fn render(mut session: Session, shot: Shot) -> RgbaImage {
    while session.pump_wait() {}
    let ctx = Context::default();
    let mut app = App::new(&ctx, Show::Run(Box::new(session)));
    app.view.axis = shot.axis();
    app.cursor = shot.at.map_or(Cursor::Live, Cursor::Time);
    draw(ctx, app, shot)
}

/// Draws two runs on one axis, once both are over and all of them is there.
#[must_use]
pub fn render_compared(mut runs: [Session; 2], shot: Shot) -> RgbaImage {
    for session in &mut runs {
        while session.pump_wait() {}
    }
    let ctx = Context::default();
    let mut app = App::new(&ctx, Show::Scenario(runs[0].plan().scenario));
    app.show_compared(runs, shot.axis(), shot.at);
    draw(ctx, app, shot)
}

fn draw(ctx: Context, mut app: App, shot: Shot) -> RgbaImage {
    app.part = shot.part;
    app.patience = Patience::Waits;
    let theme = if shot.is_dark { Theme::Dark } else { Theme::Light };
    ctx.set_theme(ThemePreference::from(theme));
    let size = vec2(shot.size[0] as f32, shot.size[1] as f32);
    Easel { ctx, theme, size, scale: 1.0 }.draw(FRAMES, |ui| app.frame(ui)).draw()
}

/// Where frames are drawn that nobody sees.
struct Easel {
    ctx: Context,
    theme: Theme,
    /// In points.
    size: Vec2,
    /// Pixels in a point.
    scale: f32,
}

impl Easel {
    /// Shows frame after frame; the last one is the picture.
    fn draw(self, frames: u32, mut show: impl FnMut(&mut Ui)) -> Still {
        let Self { ctx, theme, size, scale } = self;
        let mut raster = Raster::default();
        let mut frame = |number: u32| {
            let mut input = RawInput {
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
                time: Some(f64::from(number) / 60.0),
                system_theme: Some(theme),
                ..RawInput::default()
            };
            let native = scale / ctx.zoom_factor();
            input.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(native);
            let mut output = ctx.run_ui(input, &mut show);
            raster.take_textures(&mut output.textures_delta);
            output
        };
        let mut output = frame(0);
        for number in 1..frames {
            output = frame(number);
        }
        Still { ctx, raster, output }
    }
}

/// A frame that can be drawn anywhere, on another thread too.
pub(super) struct Still {
    ctx: Context,
    raster: Raster,
    output: FullOutput,
}

impl Still {
    /// The picture.
    pub(super) fn draw(self) -> RgbaImage {
        self.raster.picture(&self.ctx, &self.output)
    }
}

/// Frames until the panels of a window that is there already have found their places in a picture of it.
const FRAMES_OF_STILL: u32 = 4;
/// Pixels in a point of such a picture, at least: slides are large.
const SCALE_OF_STILL: f32 = 2.0;

impl App {
    /// What is shown now, as large as in the window, without what lies above the panels.
    pub(super) fn still(&mut self, part: Part) -> Still {
        let ctx = Context::default();
        theme::install(&ctx);
        // Sizes, what is scrolled and what is open are as in the window.
        let mut memory = self.ctx.memory(Clone::clone);
        memory.data.remove_by_type::<u64>(); // by which it is known what was drawn into textures of the window
        ctx.memory_mut(|copy| *copy = memory);
        let mut size = self.ctx.content_rect().size();
        size.y = match part {
            Part::Window => size.y,
            Part::Timeline => self.height_of_timeline().clamp(260.0, size.y.max(260.0)),
            Part::Loop => 230.0,
        };
        let scale = self.ctx.pixels_per_point().max(SCALE_OF_STILL);
        // Textures belong to the context that they are drawn in.
        let patterns = std::mem::replace(&mut self.patterns, Patterns::new(&ctx));
        let of_compared = self.compare.as_mut().map(|compare| compare.draw_with([0, 1].map(|_| Patterns::new(&ctx))));
        let part = std::mem::replace(&mut self.part, part);
        let tour = self.tour.take();
        let easel = Easel { theme: self.ctx.theme(), ctx, size, scale };
        let still = easel.draw(FRAMES_OF_STILL, |ui| drop(self.content(ui)));
        self.part = part;
        self.tour = tour;
        self.patterns = patterns;
        if let (Some(compare), Some(patterns)) = (&mut self.compare, of_compared) {
            compare.draw_with(patterns);
        }
        still
    }

    /// What the lanes and the charts below them would fill, in points.
    fn height_of_timeline(&self) -> f32 {
        self.order.rows().len() as f32 * theme::ROW.end() + 190.0
    }
}
