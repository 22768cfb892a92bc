//! The colours of one theme, by what they are for.

use super::tables::{DARK, LIGHT, STRONG_DARK, STRONG_LIGHT};
use crate::app::looks::Contrast;
use crate::trace::WaitKind;
use egui::{Color32, CornerRadius, Id, Stroke, Theme, Visuals};

/// The colours of one theme.
#[derive(Debug)]
pub(crate) struct Palette {
    /// Behind the timeline.
    pub(crate) base: Color32,
    /// Behind the panels.
    pub(crate) panel: Color32,
    /// Buttons and chips.
    pub(crate) raised: Color32,
    /// Buttons under the pointer.
    pub(crate) hovered: Color32,
    /// Around buttons and chips.
    pub(crate) outline: Color32,
    /// Lines between things.
    pub(crate) border: Color32,
    /// Lines of the timeline's grid.
    pub(crate) grid: Color32,
    pub(crate) text: Color32,
    pub(crate) weak: Color32,
    /// The running state, the cursor and the main button.
    pub(crate) running: Color32,
    /// Text on `running`.
    pub(crate) on_running: Color32,
    pub(crate) ready: Color32,
    /// Text on `ready`.
    pub(crate) on_ready: Color32,
    /// The dots on `ready`.
    pub(crate) dots: Color32,
    /// Under words that stand on dots.
    pub(crate) plate: Color32,
    pub(crate) on_plate: Color32,
    /// The strip on `running` of a task that blocks the loop, and what is late.
    pub(crate) blocking: Color32,
    /// Text on `blocking`.
    pub(crate) on_blocking: Color32,
    /// Waiting, where it is not told for what.
    pub(crate) waiting: Color32,
    /// The lines of the pattern on `waiting`.
    pub(crate) hatch: Color32,
    /// Waiting for a timer, something shared, a task, I/O, a job, and an answer.
    pub(super) waits: [WaitLook; 6],
    /// What is selected, and the line that runs.
    pub(crate) selection: Color32,
    pub(crate) good: Color32,
    pub(crate) bad: Color32,
    /// Over what lies after the cursor.
    pub(crate) veil: Color32,
    /// Source text.
    pub(crate) keyword: Color32,
    pub(crate) string: Color32,
    pub(crate) comment: Color32,
    /// The main task, then the others in turn.
    pub(super) tasks: [Color32; 11],
}

/// How a bar that waits looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitLook {
    /// The ground.
    pub(crate) fill: Color32,
    /// The lines of its pattern.
    pub(crate) lines: Color32,
}

/// For a texture that has its own colours.
pub(crate) const AS_IS: Color32 = Color32::WHITE;

impl Palette {
    /// The palette of the theme and contrast in use.
    pub(crate) fn of(ui: &egui::Ui) -> &'static Self {
        let contrast = ui.data(|data| data.get_temp(Id::NULL).unwrap_or_default());
        Self::of_theme(if ui.visuals().dark_mode { Theme::Dark } else { Theme::Light }, contrast)
    }

    /// Makes [`Palette::of`] give palettes of this contrast.
    pub(super) fn choose(ctx: &egui::Context, contrast: Contrast) {
        ctx.data_mut(|data| data.insert_temp(Id::NULL, contrast));
    }

    pub(crate) fn of_theme(theme: Theme, contrast: Contrast) -> &'static Self {
        match (theme, contrast) {
            (Theme::Dark, Contrast::Usual) => &DARK,
            (Theme::Light, Contrast::Usual) => &LIGHT,
            (Theme::Dark, Contrast::High) => &STRONG_DARK,
            (Theme::Light, Contrast::High) => &STRONG_LIGHT,
        }
    }

    /// How a bar looks that waits for something of this kind.
    pub(crate) fn wait(&self, kind: WaitKind) -> WaitLook {
        let known = |place: usize| self.waits[place];
        match kind {
            WaitKind::Timer => known(0),
            WaitKind::Shared => known(1),
            WaitKind::Task => known(2),
            WaitKind::Io => known(3),
            WaitKind::Job => known(4),
            WaitKind::Input => known(5),
            WaitKind::Other => WaitLook { fill: self.waiting, lines: self.hatch },
        }
    }

    /// A task's own colour, by its number.
    pub(crate) fn task(&self, task: crate::event::TaskId) -> Color32 {
        match task.index().checked_sub(1) {
            None => self.tasks[0],
            Some(child) => self.tasks[1 + child % (self.tasks.len() - 1)],
        }
    }

    pub(super) fn visuals(&self, mut visuals: Visuals) -> Visuals {
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.panel;
        visuals.window_stroke = Stroke::new(1.0, self.border);
        visuals.extreme_bg_color = self.base;
        visuals.faint_bg_color = self.raised;
        visuals.code_bg_color = self.raised;
        visuals.weak_text_color = Some(self.weak);
        visuals.hyperlink_color = self.running;
        visuals.warn_fg_color = self.ready;
        visuals.error_fg_color = self.bad;
        visuals.selection.bg_fill = self.selection;
        visuals.selection.stroke = Stroke::new(1.0, self.text);
        let widgets = &mut visuals.widgets;
        let states = [
            (&mut widgets.noninteractive, self.panel, self.border),
            (&mut widgets.inactive, self.raised, self.outline),
            (&mut widgets.hovered, self.hovered, self.weak),
            (&mut widgets.active, self.hovered, self.text),
            (&mut widgets.open, self.raised, self.border),
        ];
        for (state, fill, stroke) in states {
            state.bg_fill = fill;
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::new(1.0, stroke);
            state.fg_stroke = Stroke::new(1.0, self.text);
            state.corner_radius = CornerRadius::same(5);
            state.expansion = 0.0;
        }
        visuals
    }
}
