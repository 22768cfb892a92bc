//! A picture of the window without a window, for slides: of a run that is over, at an instant of it.
//!
//! It draws with the same code as the window and asks no graphics card, so that the same run gives the same picture on
//! every machine.

use super::raster::Raster;
use super::view::Axis;
use super::{App, Show, cursor::Cursor};
use crate::event::Nanos;
use crate::session::Session;
use egui::{Context, Pos2, RawInput, Rect, Theme, ThemePreference, vec2};
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

/// A part of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    app.part = shot.part;
    app.view.axis = if shot.by_steps { Axis::Steps } else { Axis::Time };
    app.cursor = shot.at.map_or(Cursor::Live, Cursor::Time);
    let theme = if shot.is_dark { Theme::Dark } else { Theme::Light };
    ctx.set_theme(ThemePreference::from(theme));
    let size = vec2(shot.size[0] as f32, shot.size[1] as f32);
    let mut raster = Raster::default();
    let mut frame = |number: u32| {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
            time: Some(f64::from(number) / 60.0),
            ..RawInput::default()
        };
        input.system_theme = Some(theme);
        let mut output = ctx.run_ui(input, |ui| app.frame(ui));
        raster.take_textures(&mut output.textures_delta);
        output
    };
    let mut output = frame(0);
    for number in 1..FRAMES {
        output = frame(number);
    }
    raster.picture(&ctx, &output)
}
