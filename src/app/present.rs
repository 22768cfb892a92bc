//! Presenting: all that an audience needs, large and in light colours, and afterwards the window as it was.
//!
//! It knows how large things are and what was revealed; what is shown is the panels' affair.

use super::App;
use egui::{ThemePreference, Vec2, vec2};

/// How the window was before one began to present, and what has been revealed since.
#[derive(Debug, Clone, Copy)]
pub(super) struct Presentation {
    pub(super) theme: ThemePreference,
    pub(super) zoom: f32,
    /// The window's size that all is fitted to, in points of the usual size.
    window: Vec2,
    /// The place of the lesson's step that was revealed before the run came to it.
    pub(super) revealed: Option<usize>,
}

/// The least room for all panels while one presents, in points: everything is as large as leaves that much.
const ROOM: Vec2 = vec2(960.0, 600.0);
/// The most that everything is enlarged.
const LARGEST: f32 = 2.5;

impl App {
    /// Begins to present, in light colours and large; or shows all again, as it was.
    pub(super) fn present(&mut self) {
        match self.presents.take() {
            Some(before) => {
                self.ctx.set_theme(before.theme);
                self.ctx.set_zoom_factor(before.zoom);
            }
            None => {
                let (theme, zoom) = (self.ctx.theme().into(), self.ctx.zoom_factor());
                self.presents = Some(Presentation { theme, zoom, window: Vec2::ZERO, revealed: None });
                self.ctx.set_theme(ThemePreference::Light);
                self.fit_presentation();
            }
        }
    }

    /// While one presents: makes everything as large as the window allows, once more where that has changed.
    pub(super) fn fit_presentation(&mut self) {
        let window = self.ctx.content_rect().size() * self.ctx.zoom_factor();
        if let Some(presents) = &mut self.presents
            && (presents.window - window).abs().max_elem() > 2.0
        {
            presents.window = window;
            let larger = (window / ROOM).min_elem().clamp(1.0, LARGEST);
            self.ctx.set_zoom_factor(larger.max(presents.zoom));
        }
    }

    /// Shows what to look for next, before the run comes there.
    pub(super) fn reveal(&mut self) {
        let index = self.point().index;
        let so_far = self.progress.reached().partition_point(|event| *event < index);
        if let Some(presents) = &mut self.presents {
            presents.revealed = Some(so_far);
        }
    }

    /// Hides again what was revealed, for another run.
    pub(super) fn hide(&mut self) {
        if let Some(presents) = &mut self.presents {
            presents.revealed = None;
        }
    }
}
