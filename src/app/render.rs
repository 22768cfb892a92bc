//! Pictures of a run that is over, without a window, a display or a graphics card: for slides.
//!
//! The window's own frames are shown where nobody sees them, until all is in its place. Then the picture is taken as the
//! window takes it.

use super::asked::Patience;
use super::cursor::Cursor;
use super::looks::Contrast;
use super::present::Turn;
use super::selection::Selection;
use super::still::{Canvas, Easel, Part, Picture};
use super::timeline;
use super::view::{Axis, Hand, Scale, View};
use super::{App, Show};
use crate::event::{Nanos, TaskId};
use crate::session::Session;
use crate::trace::Languages;
use egui::{Context, Theme, ThemePreference, vec2};
use std::ops::Range;

/// What to draw, and how.
#[derive(Debug, Clone)]
pub struct Shot {
    /// Which part of the window.
    pub part: Part,
    /// What the timeline's horizontal axis counts.
    pub axis: Axis,
    /// The time at the cursor; the end of the run unless given.
    pub at: Option<Nanos>,
    /// The times between which the timeline is shown; all of the run unless given.
    pub range: Option<Range<Nanos>>,
    /// The task that is selected.
    pub selected: Option<TaskId>,
    /// The languages in which code is shown and lines are named.
    pub languages: Languages,
    /// Whether it looks as in a talk.
    pub stage: Stage,
    /// In a talk: the number of the page, from 1; the one that is about the moment at the cursor unless given.
    pub page: Option<usize>,
    /// Which colours.
    pub look: Look,
    /// Width and height, in points. A picture of a part of the window is no higher than what it shows.
    pub size: [u32; 2],
    /// Pixels in a point.
    pub scale: f32,
}

impl Default for Shot {
    fn default() -> Self {
        Self {
            part: Part::Window,
            axis: Axis::Time,
            at: None,
            range: None,
            selected: None,
            languages: Languages::default(),
            stage: Stage::Desk,
            page: None,
            look: Look::Light,
            size: [1440, 900],
            scale: 1.0,
        }
    }
}

/// Which colours a picture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Dark on white.
    Light,
    /// Light on dark.
    Dark,
    /// Dark on white, farther apart.
    LightHighContrast,
    /// Light on dark, farther apart.
    DarkHighContrast,
}

impl Look {
    fn theme(self) -> Theme {
        match self {
            Self::Light | Self::LightHighContrast => Theme::Light,
            Self::Dark | Self::DarkHighContrast => Theme::Dark,
        }
    }

    fn contrast(self) -> Contrast {
        match self {
            Self::Light | Self::Dark => Contrast::Usual,
            Self::LightHighContrast | Self::DarkHighContrast => Contrast::High,
        }
    }
}

/// Who looks at the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// One person, at a desk.
    #[default]
    Desk,
    /// An audience: the window presents.
    Talk,
}

/// Frames until all has found its place: sizes are known a frame later, and in the window a chapter takes a moment to open.
const FRAMES: u32 = 6;
const FRAMES_OF_WINDOW: u32 = 40;

/// The room beside a range, as a share of its length: what happens at its ends is seen whole.
const ROOM: f64 = 0.012;

/// Draws a run, once it is over and all of it is there.
#[must_use]
pub fn render(mut session: Session, shot: &Shot) -> Picture {
    while session.pump_wait() {}
    let ctx = Context::default();
    let mut app = App::new(&ctx, Show::Run(Box::new(session)));
    app.view = app.view_of(shot);
    app.cursor = shot.at.map_or(Cursor::Live, Cursor::Time);
    app.selected = shot.selected.map_or(Selection::Nothing, Selection::Task);
    draw(ctx, app, shot)
}

/// Draws two runs on one axis, once both are over and all of them is there.
#[must_use]
pub fn render_compared(mut runs: [Session; 2], shot: &Shot) -> Picture {
    for session in &mut runs {
        while session.pump_wait() {}
    }
    let ctx = Context::default();
    let mut app = App::new(&ctx, Show::Scenario(runs[0].plan().scenario));
    app.show_compared(runs, shot.axis, shot.at);
    draw(ctx, app, shot)
}

fn draw(ctx: Context, mut app: App, shot: &Shot) -> Picture {
    app.patience = Patience::Waits;
    app.languages = shot.languages;
    app.set_looks(shot.look.contrast(), app.motion);
    let theme = shot.look.theme();
    ctx.set_theme(ThemePreference::from(theme));
    let size = shot.size.map(|side| side as f32);
    let size = vec2(size[0], size[1]);
    let mut easel = Easel::new(ctx, theme, shot.scale, 0.0);
    if shot.stage == Stage::Talk {
        easel.draw(size, 1, |ui| app.frame(ui)); // by then it is known how large everything can be
        app.present();
        app.open_page_of(shot);
        app.ctx.set_theme(ThemePreference::from(theme)); // the one that is asked for
    }
    app.part = shot.part;
    let frames = if shot.part == Part::Window { FRAMES_OF_WINDOW } else { FRAMES };
    easel.draw(size, frames, |ui| app.frame(ui));
    app.picture(shot.part, Canvas { size, scale: shot.scale })
}

impl App {
    /// Opens the page that a picture of a talk is to show, once its run is over.
    fn open_page_of(&mut self, shot: &Shot) {
        match shot.page {
            Some(number) => self.turn(Turn::To(number)),
            None => self.open_page_at_cursor(),
        }
        if let Some(session) = &mut self.session {
            session.end_input(); // nobody is there to answer what it may ask
            while session.pump_wait() {}
        }
    }

    /// The part of the axis that a picture is to show.
    fn view_of(&self, shot: &Shot) -> View {
        let Some(range) = &shot.range else { return View::on(shot.axis) };
        let scale = Scale { axis: shot.axis, record: self.record(), now: self.now() };
        let mut view = View::on(shot.axis);
        let (from, to) = timeline::Range::between_times(self.record(), range.start, range.end).on(&scale);
        let room = (to - from) * ROOM;
        view.show(from - room, to + room, Hand::Key, &scale);
        view
    }
}
