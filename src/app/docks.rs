//! Where each panel is in the window. How large each may be comes from `room`; what each is given is in `layout`.

use super::App;
use super::command::Command;
use super::focus::{self, Region};
use super::panels::{LessonList, ask_ui, tour_ui};
use super::panes::{Edge, Pane};
use super::room::{Needs, Room};
use super::theme::Palette;
use super::timeline::Corner;
use crate::session::Session;
use egui::{CentralPanel, Frame, Id, IdSalt, Margin, Panel, PanelState, Rect, Ui, Vec2};

/// Height of the inspector while nothing is selected: its hint.
const HINT: f32 = 48.0;
/// The margins of the lanes, in points.
const BESIDE_LANES: i8 = 10;
const AROUND_LANES: i8 = 4;
/// The least height of the code above the inspector.
const LEAST_CODE: f32 = 150.0;

impl App {
    /// How much room each panel gets in a window of that size.
    pub(super) fn room(&self, window: Vec2) -> Room {
        let code = self.code_panel().widths(&self.ctx);
        // How wide the lanes are follows from the widths alone.
        let widths = Room::of(window, &self.panes, Needs { code, lanes: None }, self.panes.asked());
        let center = window.x - widths.lessons.unwrap_or_default() - widths.code.unwrap_or_default();
        let lanes = self.timeline().greatest_height(&self.ctx, center - 2.0 * f32::from(BESIDE_LANES));
        let lanes = lanes.map(|lanes| lanes + 2.0 * f32::from(AROUND_LANES));
        Room::of(window, &self.panes, Needs { code, lanes }, self.panes.asked())
    }

    pub(super) fn window(&self, ui: &mut Ui) -> Vec<Command> {
        if self.is_on_deck() {
            return self.stage(ui);
        }
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let room = self.room(ui.available_size());
        let bar = |margin| Frame::new().fill(palette.panel).inner_margin(margin);
        let top = Panel::top("top").exact_size(46.0).frame(bar(Margin::symmetric(14, 4))).show(ui, |ui| {
            commands.extend(self.top_bar().show(ui));
        });
        focus::region(ui, Region::Top, top.response.rect);
        Panel::bottom("status").exact_size(26.0).frame(bar(Margin::symmetric(14, 2))).show(ui, |ui| {
            commands.extend(self.status_bar(&room).show(ui));
        });
        if let Some(pane) = room.alone {
            self.alone(ui, pane, &mut commands);
            return commands;
        }
        self.sides(ui, &room, &mut commands);
        let center = Frame::new().fill(palette.base);
        let shown = CentralPanel::no_frame().frame(center).show(ui, |ui| self.center(ui, center, &room, &mut commands));
        if let Some(stop) = self.tour {
            let target = stop.targets().iter().find_map(|part| focus::place(ui.ctx(), *part));
            commands.extend(tour_ui(ui, stop, target.unwrap_or(shown.inner)));
        }
        commands
    }

    /// One panel between the bars, where there is no room for more.
    fn alone(&self, ui: &mut Ui, pane: Pane, commands: &mut Vec<Command>) {
        let frame = Frame::new().fill(Palette::of(ui).panel).inner_margin(Margin::same(10));
        CentralPanel::no_frame().frame(frame).show(ui, |ui| match pane {
            Pane::Lessons => self.course(ui, commands),
            Pane::Code => self.code_and_inspector(ui, commands),
            Pane::Story => commands.extend(self.story_panel().show(ui)),
            Pane::Loop => commands.extend(self.loop_view().show(ui)),
        });
    }

    /// The loop, the timeline and the story; where the timeline is.
    fn center(&self, ui: &mut Ui, center: Frame, room: &Room, commands: &mut Vec<Command>) -> Rect {
        let bar = Frame::new().fill(Palette::of(ui).panel).inner_margin(Margin::symmetric(12, 8));
        let padded = center.inner_margin(Margin::same(10));
        let questions = self.session.as_ref().map(Session::questions).unwrap_or_default();
        if let Some(question) = questions.first() {
            Panel::top("question").frame(bar).show(ui, |ui| commands.extend(ask_ui(ui, question)));
        }
        if let Some(size) = room.loop_view {
            self.sized(ui, Edge::Loop, size, padded, commands, |ui, commands| {
                commands.extend(self.loop_view().show(ui));
            });
        }
        if let Some(size) = room.story {
            self.sized(ui, Edge::Story, size, padded, commands, |ui, commands| {
                commands.extend(self.story_panel().show(ui));
            });
        }
        if let Some(seek) = self.seek_bar() {
            Panel::top("moments").frame(bar).show(ui, |ui| commands.extend(seek.show(ui)));
        }
        let timeline = CentralPanel::no_frame()
            .frame(center.inner_margin(Margin::symmetric(BESIDE_LANES, AROUND_LANES)))
            .show(ui, |ui| {
                commands.extend(self.timeline().show(ui, Corner::Shown));
            });
        focus::region(ui, Region::Timeline, timeline.response.rect);
        timeline.response.rect
    }

    /// The panels at the sides: the course and the lesson, the code and the inspector.
    fn sides(&self, ui: &mut Ui, room: &Room, commands: &mut Vec<Command>) {
        let panel = Frame::new().fill(Palette::of(ui).panel);
        if let Some(size) = room.lessons {
            self.sized(ui, Edge::Lessons, size, panel.inner_margin(Margin::same(10)), commands, |ui, commands| {
                self.course(ui, commands);
            });
        }
        if let Some(size) = room.code {
            self.sized(ui, Edge::Code, size, panel.inner_margin(Margin::same(8)), commands, |ui, commands| {
                self.code_and_inspector(ui, commands);
            });
        }
    }

    /// The share of the height that the list of lessons gets: less when a run has answered, as there is more to read below.
    fn course_share(&self) -> f32 {
        if self.answer().is_some() { 0.22 } else { 0.27 }
    }

    /// The list of lessons, and the lesson below it.
    fn course(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let panel = Frame::new().fill(Palette::of(ui).panel);
        // One reads the lesson; the list takes no more than it fills.
        let height = ui.available_height();
        let usual = (height * self.course_share()).clamp(84.0, 420.0);
        let wished = self.panes.size(Edge::Course).unwrap_or_else(|| usual.min(LessonList::height(ui)));
        self.sized(ui, Edge::Course, wished.min(height * 0.7), panel, commands, |ui, commands| {
            let (loaded, finished) = (self.plan.scenario, &self.course.finished);
            let can_undo = self.forgotten.is_some();
            commands.extend(LessonList { loaded, finished, can_undo }.show(ui));
        });
        ui.add_space(4.0);
        focus::region(ui, Region::Lesson, ui.available_rect_before_wrap());
        commands.extend(self.lesson().show(ui));
    }

    pub(super) fn code_and_inspector(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let frame = Frame::new().fill(Palette::of(ui).panel).inner_margin(Margin::symmetric(4, 8));
        let inspector = self.inspector();
        if inspector.has_card() {
            // As high as what it has to tell, as long as the code keeps its room.
            let most = (ui.available_height() * 0.5).min(ui.available_height() - LEAST_CODE).max(60.0);
            let wished = self.panes.size(Edge::Inspector).unwrap_or_else(|| inspector.height(ui).unwrap_or(220.0));
            self.sized(ui, Edge::Inspector, wished.min(most), frame, commands, |ui, commands| {
                commands.extend(inspector.show(ui));
            });
        } else {
            Panel::bottom("inspector hint").exact_size(HINT).frame(frame).show(ui, |ui| {
                commands.extend(inspector.show(ui));
            });
        }
        commands.extend(self.code_panel().show(ui));
    }

    /// A panel of which the user can change the size. A change is told, so that it is remembered.
    ///
    /// Its size is what it is given, whatever it was before: so it has its size back when the window grows.
    fn sized(
        &self,
        ui: &mut Ui,
        edge: Edge,
        size: f32,
        frame: Frame,
        commands: &mut Vec<Command>,
        add: impl FnOnce(&mut Ui, &mut Vec<Command>),
    ) {
        let name = edge.name();
        let (panel, is_wide, part) = match edge {
            // Its parts tell where they are.
            Edge::Lessons => (Panel::left(name), false, None),
            Edge::Code => (Panel::right(name), false, Some(Region::Code)),
            Edge::Course => (Panel::top(name), true, Some(Region::Course)),
            Edge::Loop => (Panel::top(name), true, Some(Region::Loop)),
            Edge::Inspector => (Panel::bottom(name), true, Some(Region::Inspector)),
            Edge::Story => (Panel::bottom(name), true, Some(Region::Story)),
        };
        let id = ui.scope_id().with_salt(IdSalt::new(name));
        let outer_rect = Rect::from_min_size(ui.available_rect_before_wrap().min, Vec2::splat(size));
        ui.data_mut(|data| data.insert_persisted(id, PanelState { outer_rect }));
        let (least, most) = edge.range().into_inner();
        let shown = panel
            .size_range(least.min(size)..=most.max(size))
            .resizable(true)
            .frame(frame)
            .show(ui, |ui| add(ui, commands));
        let rect = shown.response.rect;
        if let Some(part) = part {
            focus::region(ui, part, rect);
        }
        let after = if is_wide { rect.height() } else { rect.width() };
        if is_dragged(ui, id) && (after - size).abs() > 0.5 {
            commands.push(Command::ResizePane(edge, after));
        }
    }
}

/// Whether the border of a panel is being moved, with the pointer or by a screen reader.
fn is_dragged(ui: &Ui, panel: Id) -> bool {
    use egui::accesskit::Action;
    let border = panel.with("__resize"); // as egui names it
    let by_pointer = ui.read_response(border).is_some_and(|response| response.dragged() || response.drag_stopped());
    let asks = [Action::Increment, Action::Decrement, Action::SetValue];
    by_pointer || ui.input(|input| asks.into_iter().any(|ask| input.has_accesskit_action_request(border, ask)))
}
