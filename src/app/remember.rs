//! What the app takes from the user's settings when it begins, and what it keeps in them.

use super::App;
use super::course::Course;
use super::files::Chooser;
use super::settings::{Kept, Loaded, Settings, Store};
use super::view::View;
use super::window_place::WindowPlace;
use crate::scenarios;
use crate::session::Plan;

impl App {
    /// Begins with what the user's settings hold, and keeps in them from now on.
    #[must_use]
    pub(super) fn remembering(mut self, store: Store, (settings, problem): Loaded, is_asked_for: bool) -> Self {
        problem.into_iter().for_each(|problem| self.messages.problem(problem));
        self.store = store;
        self.ctx.set_theme(egui::ThemePreference::from(settings.theme));
        self.size = settings.size;
        self.fit_size();
        self.set_looks(settings.contrast, settings.motion);
        self.files.chooser = Chooser::Desktop;
        self.files.recent = settings.recent;
        self.panes = settings.panes;
        self.course = Course { finished: settings.finished, tried: settings.tried };
        (self.place, self.arrives) = (settings.window, settings.window);
        (self.axis, self.view) = (settings.axis, View::on(settings.axis));
        self.languages = settings.languages;
        self.is_tour_seen = settings.is_tour_seen;
        self.found = settings.found;
        self.lecturer = settings.lecturer;
        self.seek.recent = settings.moments;
        match settings.scenario.map(|id| scenarios::find(&id).map_err(|_| id)) {
            Some(Ok(last)) if !is_asked_for => self.plan = Plan::new(last),
            Some(Err(id)) if !is_asked_for => {
                let words = format!("The lesson '{id}', which was open last, is not in this version.");
                self.messages.news(words, self.window_time());
            }
            _ => {}
        }
        // Over a run that somebody asked for it would be in the way.
        if !is_asked_for && !settings.is_tour_seen {
            self.begin_tour();
        }
        self
    }

    /// The settings as they now are.
    pub(super) fn settings(&self) -> Settings {
        let theme = self
            .presents
            .map_or_else(|| self.ctx.options(|options| options.theme_preference), |presents| presents.theme);
        // A program of one's own is none that the next start could find.
        let lesson = self.plan.scenario.chapter().map(|_| self.plan.scenario.id.to_owned());
        Settings {
            theme: theme.into(),
            contrast: self.contrast,
            motion: self.motion,
            size: self.size,
            found: self.found.clone(),
            scenario: lesson.or_else(|| self.store.saved().scenario.clone()),
            recent: self.files.recent.clone(),
            panes: self.panes.clone(),
            finished: self.course.finished.clone(),
            tried: self.course.tried.clone(),
            window: self.place,
            axis: self.axis,
            languages: self.languages,
            is_tour_seen: self.is_tour_seen,
            lecturer: self.lecturer.clone(),
            moments: self.seek.recent.clone(),
            rest: self.store.saved().rest.clone(),
        }
    }

    /// Keeps what has changed of the settings, once it does not change any more.
    pub(super) fn keep_settings(&mut self) {
        self.place = WindowPlace::now(&self.ctx, self.place);
        match self.store.keep(&self.settings(), self.window_time()) {
            Kept::Done => {}
            Kept::Later(after) => self.ctx.request_repaint_after(after),
            Kept::Not(problem) => self.messages.problem(problem),
        }
    }
}
