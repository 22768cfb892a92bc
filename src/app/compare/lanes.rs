//! The lanes of both runs, one above the other, each with its title and with what it does at the cursor.

use super::lines::{Lines, Runner};
use super::titles::settings;
use super::{Ask, Compare, Which};
use crate::app::Stage;
use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::theme::{Palette, bold, text};
use crate::app::timeline::{Ruler, Timeline};
use crate::app::view::{Axis, View};
use crate::trace::text::count;
use crate::trace::{Record, Shift, State};
use egui::{Align, Align2, Frame, Label, Layout, Rect, RichText, Role, Sense, Shape, Ui, UiBuilder, WidgetInfo, vec2};
use egui_plot::PlotTransform;

/// The height of a run's title, of the line below it, and of what tells the difference below the lanes, in points.
const TITLE: f32 = 26.0;
const ENDS: f32 = 22.0;
const BAND: f32 = 40.0;
/// The height of a lane that has all the room it wants, in points: both runs are to be seen.
const HIGHEST: f32 = 38.0;

impl Compare {
    /// The height that all lanes need to be seen at their largest, in points.
    pub(super) fn height(&self) -> f32 {
        self.sides.iter().zip(Which::BOTH).map(|(_, which)| self.wanted(which)).sum::<f32>() + BAND
    }

    /// The height that a run needs, with its title.
    fn wanted(&self, which: Which) -> f32 {
        let rows = self.side(which).order.rows().len() as f32 + 1.0;
        TITLE + ENDS + ruler(which).height() + rows * HIGHEST
    }

    /// Where the runs are: each as it needs, or the larger one less.
    fn areas(&self, all: Rect) -> [Rect; 2] {
        let room = (all.height() - BAND).max(0.0);
        let [first, second] = Which::BOTH.map(|which| self.wanted(which));
        let first = if first + second <= room { first } else { first.min((room / 2.0).max(room - second)) };
        let (above, below) = all.split_top_bottom_at_y(all.top() + first);
        [above, below.with_max_y(below.top() + second.min(room - first))]
    }

    /// Both runs, and how they differ in length.
    pub(super) fn lanes(&self, ui: &mut Ui, all: Rect) -> Vec<Command> {
        let mut commands = Vec::new();
        let areas = self.areas(all);
        // What lies below the lanes is known once they are drawn.
        let ground = ui.painter().add(Shape::Noop);
        let mut runners = Vec::new();
        for (which, area) in Which::BOTH.into_iter().zip(areas) {
            let lanes = area.with_min_y(area.top() + TITLE + ENDS);
            let name = format!("{}: {}", which.name(), self.side(which).run.plan().scenario.title);
            let builder = UiBuilder::new()
                .id_salt(which.name())
                .max_rect(area)
                .accessibility_role(Role::Group)
                .accessibility_label(name);
            let transform = ui.scope_builder(builder, |ui| {
                let (asked, transform) = self.timeline(ui, which, lanes);
                commands.extend(asked.into_iter().map(|command| self.meant(ui, which, command, &transform)));
                transform
            });
            runners.push((which, lanes, transform.inner));
        }
        let doing = areas.map(|area| area.with_min_y(area.top() + TITLE).with_max_y(area.top() + TITLE + ENDS));
        let doing = Which::BOTH.map(|which| self.doing(ui, which, doing[which as usize]));
        if let [(_, above, of), (_, below, _)] = &runners[..] {
            let runners = [(Which::First, above), (Which::Second, below)].map(|(which, lanes)| Runner {
                end: self.side(which).scale(self.view.axis).edge(),
                words: self.end_words(which),
                title: doing[which as usize],
                top: lanes.top() + ruler(which).height(),
                bottom: lanes.bottom(),
            });
            let lines = Lines { runners, words: self.difference(), cursor: self.position(), transform: of };
            lines.show(ui, ground, BAND);
        }
        for (which, area) in Which::BOTH.into_iter().zip(areas) {
            self.title(ui, which, area.with_max_y(area.top() + TITLE));
        }
        commands
    }

    fn timeline(&self, ui: &mut Ui, which: Which, area: Rect) -> (Vec<Command>, PlotTransform) {
        let side = self.side(which);
        let longer = self.side(self.longer()).scale(self.view.axis);
        let view = View::showing(self.view.axis, self.view.range(&longer), side.first_row);
        let timeline = Timeline {
            record: side.run.record(),
            state: side.state(),
            point: self.point(which),
            now: side.run.now(),
            view: &view,
            order: &side.order,
            left_out: 0,
            selected: side.selected,
            patterns: &side.patterns,
            activity: &self.activity,
            tools: &side.tools,
            wording: &self.wording,
            told: None,
            steps: &[],
            has_notes: false,
            ruler: ruler(which),
            stage: Stage::Desk,
        };
        timeline.lanes_ui(ui, area, 0.0)
    }

    /// What was asked for in the lanes of a run. Behind the end of the shorter one the cursor belongs to the other.
    fn meant(&self, ui: &Ui, which: Which, command: Command, transform: &PlotTransform) -> Command {
        let other = self.longer();
        if let Command::MoveCursor(Cursor::Live) = command
            && which != other
            && let Some(pointer) = ui.ctx().pointer_interact_pos()
        {
            let position = transform.value_from_position(pointer).x;
            let cursor = self.side(other).scale(self.view.axis).cursor_at(position);
            return Command::Compare(Ask::In(other, Box::new(Command::MoveCursor(cursor))));
        }
        Command::Compare(Ask::In(which, Box::new(command)))
    }

    /// The name of a run, what is set in it, and what it does at the cursor.
    fn title(&self, ui: &mut Ui, which: Which, area: Rect) {
        let palette = Palette::of(ui);
        let (side, other) = (self.side(which), self.side(which.other()));
        let builder = UiBuilder::new().max_rect(area).layout(Layout::left_to_right(Align::Center));
        // The other run's end may pass behind it.
        let opaque = Frame::new().fill(palette.base);
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            let badge = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover()).0;
            ui.painter().rect_filled(badge, 4.0, palette.text);
            ui.painter().text(badge.center(), Align2::CENTER_CENTER, which.number(), bold(13.0), palette.base);
            opaque.show(ui, |ui| {
                ui.label(RichText::new(side.run.plan().scenario.title).font(bold(17.0)).color(palette.text));
                let set = settings(side.run.plan(), other.run.plan());
                ui.add(Label::new(RichText::new(set).font(text(14.0)).color(palette.weak)).truncate());
            });
        });
    }

    /// What a run does at the cursor, in the line of its end; and what is left of that line.
    fn doing(&self, ui: &Ui, which: Which, line: Rect) -> Rect {
        let palette = Palette::of(ui);
        let side = self.side(which);
        let words = doing(side.run.record(), side.state());
        let galley = ui.painter().layout_no_wrap(words.clone(), text(14.0), palette.text);
        let place = Align2::LEFT_CENTER.anchor_size(line.left_center() + vec2(30.0, 0.0), galley.size());
        ui.painter().galley(place.min, galley, palette.text);
        let response = ui.interact(place, ui.scope_id().with(("doing", which.number())), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{}: {words}", which.name())));
        line.with_min_x(place.right() + 16.0)
    }

    fn end_words(&self, which: Which) -> String {
        let side = self.side(which);
        match self.view.axis {
            Axis::Time => format!("ends at {}", side.run.now()),
            Axis::Steps => format!("ends after {}", count(side.run.record().steps().len(), "step", "steps")),
        }
    }

    /// How much sooner or later the second run ends.
    fn difference(&self) -> String {
        let found = self.found().map(|found| &found.comparison);
        let [first, second] = Which::BOTH.map(|which| self.side(which).run.record().steps().len());
        let steps = |number: usize| count(number, "step", "steps");
        match (self.view.axis, found) {
            (Axis::Time, Some(found)) if found.shift() == Shift::Same => {
                format!("both end at {}", found.first.elapsed)
            }
            (Axis::Time, Some(found)) => found.shift().in_words("sooner", "later"),
            (Axis::Time, None) => String::new(),
            (Axis::Steps, _) if first == second => format!("both end after {}", steps(first)),
            (Axis::Steps, _) if first > second => format!("{} fewer", steps(first - second)),
            (Axis::Steps, _) => format!("{} more", steps(second - first)),
        }
    }
}

impl Which {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::First => "First run",
            Self::Second => "Second run",
        }
    }

    pub(super) fn number(self) -> &'static str {
        match self {
            Self::First => "1",
            Self::Second => "2",
        }
    }
}

/// One axis stands above the lanes of both.
fn ruler(which: Which) -> Ruler {
    match which {
        Which::First => Ruler::Shown,
        Which::Second => Ruler::Elsewhere,
    }
}

/// What a run does at the cursor: `fetch-1 runs, 2 ready, 1 waiting`.
fn doing(record: &Record, state: &State) -> String {
    let runs = match state.running_task() {
        Some(task) => format!("{} runs", record.catalog().task_name(task)),
        None => "nothing runs".to_owned(),
    };
    let rest = [(state.ready.len(), "ready"), (state.waiting().count(), "waiting"), (state.ended_in_all(), "done")];
    let rest = rest.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
    runs + &rest.collect::<String>()
}
