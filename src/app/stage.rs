//! Where things stand on a page of a lecture: its words, the lanes, and the code beside them, with nothing else until the
//! pointer moves.

use super::App;
use super::command::Command;
use super::deck::{Page, Reached};
use super::panels::{Slide, StageBar, Under, ask_ui};
use super::panes::Pane;
use super::theme::{BLACK, Palette};
use super::timeline::{Corner, LaneOrder, Timeline};
use crate::event::{EventKind, TaskId};
use crate::session::{Session, StepState};
use crate::trace::{EventIndex, Record};
use egui::{CentralPanel, Context, CursorIcon, Frame, Margin, Panel, Ui, UiBuilder};
use std::collections::HashSet;
use std::time::Duration;

/// The share of the width that the code takes beside the words, and beside the lanes.
const CODE_BESIDE_WORDS: f32 = 0.5;
const CODE_BESIDE_LANES: f32 = 0.44;
/// The most of the height that the words take above the lanes.
const WORDS: f32 = 0.36;
/// The least height of lanes below other things, in points.
const LEAST_LANES: f32 = 128.0;
/// What stands above and below the lanes where it is asked for, as a share of the height.
const LOOP: f32 = 0.3;
const STORY: f32 = 0.26;

impl App {
    /// The page that is open, with all that it speaks of.
    pub(super) fn slide(&self) -> Option<Slide<'_>> {
        let lectern = self.lectern.as_ref().filter(|_| self.is_on_deck())?;
        let (deck, rounds) = (lectern.deck(), lectern.rounds());
        let reached = match deck.page() {
            Page::Look(_, step) => self.steps_reached().get(step).copied().unwrap_or(Reached::Never),
            _ => Reached::NotYet,
        };
        let remark = match deck.page() {
            Page::Look(_, step) => self.progress.steps().get(step).and_then(StepState::remark),
            _ => None,
        };
        let run = match &self.session {
            None => Under::Nothing,
            Some(session) if session.is_over() => Under::Over,
            Some(session) if !session.questions().is_empty() => Under::Question,
            Some(session) => Under::Way(session.now()),
        };
        Some(Slide {
            title: self.plan.scenario.title,
            lesson: self.words(),
            page: deck.page(),
            place: (deck.number(), deck.len()),
            rounds,
            question: self.question(),
            ballot: lectern.ballot(),
            reached,
            remark,
            run,
            first_answer: lectern.first_answer(),
            next: lectern.next(),
        })
    }

    /// The open page, in all the room there is.
    pub(super) fn stage(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let Some(slide) = self.slide() else { return commands };
        if self.presents.is_some_and(|presents| presents.is_black) {
            CentralPanel::no_frame().frame(Frame::new().fill(BLACK)).show(ui, |_| {});
            return commands;
        }
        let frame = Frame::new().fill(palette.base).inner_margin(Margin::symmetric(14, 10));
        let all = ui.available_size();
        let questions = self.session.as_ref().map(Session::questions).unwrap_or_default();
        if let Some(question) = questions.first().filter(|_| slide.page.shows_run()) {
            let bar = Frame::new().fill(palette.panel).inner_margin(Margin::symmetric(14, 6));
            Panel::top("asked").frame(bar).show(ui, |ui| commands.extend(ask_ui(ui, question)));
        }
        match slide.page {
            Page::Title | Page::Guess(_) => {
                self.code_of_page(ui, all.x * CODE_BESIDE_WORDS, &mut commands);
                CentralPanel::no_frame().frame(frame).show(ui, |ui| {
                    commands.extend(slide.show(ui, ui.available_height()));
                });
            }
            Page::Next => {
                CentralPanel::no_frame().frame(frame).show(ui, |ui| {
                    let middle = ui.available_rect_before_wrap().shrink2(ui.available_size() * 0.12);
                    ui.scope_builder(UiBuilder::new().max_rect(middle), |ui| {
                        commands.extend(slide.show(ui, ui.available_height()));
                    });
                });
            }
            Page::Look(..) | Page::Answer(_) | Page::Point | Page::Run => {
                let most = match slide.page {
                    Page::Point | Page::Answer(_) => all.y - LEAST_LANES,
                    _ => all.y * WORDS,
                };
                let words =
                    Frame::new().fill(palette.base).inner_margin(Margin { bottom: 6, ..Margin::symmetric(14, 8) });
                Panel::top("words").frame(words).show_separator_line(false).show(ui, |ui| {
                    commands.extend(slide.show(ui, most - 14.0));
                });
                self.code_of_page(ui, all.x * CODE_BESIDE_LANES, &mut commands);
                let is_seen = self.timeline().presented_height() <= ui.available_height();
                if slide.page != Page::Point || is_seen {
                    self.lanes_of_page(ui, &mut commands);
                } else {
                    // Half of the lanes would tell nothing.
                    CentralPanel::no_frame().frame(frame).show(ui, |_| {});
                }
            }
        }
        commands
    }

    /// The code at the right, no wider than it needs.
    fn code_of_page(&self, ui: &mut Ui, most: f32, commands: &mut Vec<Command>) {
        if !self.is_presented(Pane::Code) {
            return;
        }
        let frame =
            Frame::new().fill(Palette::of(ui).panel).inner_margin(Margin { left: 6, right: 2, top: 8, bottom: 4 });
        let code = self.code_panel();
        let [width, _] = code.widths(ui.ctx());
        let width = width.min(most);
        Panel::right("presented code").exact_size(width).frame(frame).show(ui, |ui| commands.extend(code.show(ui)));
    }

    /// The lanes in what is left, with what was asked for above and below them.
    fn lanes_of_page(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let base = Frame::new().fill(Palette::of(ui).base);
        let padded = base.inner_margin(Margin::symmetric(10, 6));
        let height = ui.available_height();
        if self.is_presented(Pane::Loop) {
            Panel::top("presented loop").exact_size(height * LOOP).frame(padded).show(ui, |ui| {
                commands.extend(self.loop_view().show(ui));
            });
        }
        if self.is_presented(Pane::Story) {
            Panel::bottom("presented story").exact_size(height * STORY).frame(padded).show(ui, |ui| {
                commands.extend(self.story_panel().show(ui));
            });
        }
        CentralPanel::no_frame().frame(base.inner_margin(Margin { left: 6, right: 4, top: 0, bottom: 4 })).show(
            ui,
            |ui| {
                let all = self.timeline();
                let Some(room) = all.room_for_lanes(ui.available_height()) else {
                    commands.extend(all.show(ui, Corner::Empty));
                    return;
                };
                let order = self.lanes_that_matter(room);
                let left_out = self.order.rows().len() - order.rows().len();
                let mut view = self.view.clone();
                (view.first_row, view.kept_row) = (0.0, None);
                let timeline = Timeline { order: &order, left_out, view: &view, ..all };
                commands.extend(timeline.show(ui, Corner::Empty));
            },
        );
    }

    /// The lanes that matter most on the open page, as many as there is room for: what its moment is about and its words name,
    /// then those of the other moments, then what stands near.
    pub(super) fn lanes_that_matter(&self, room: usize) -> LaneOrder {
        let (record, rows) = (self.record(), self.order.rows());
        let event = |index: EventIndex| record.log().get(index).map(|event| event.kind);
        let selected = self.selected.about(record);
        let at_cursor = self.point().index.checked_sub(1).and_then(event);
        let step = match self.lectern.as_ref().map(|lectern| lectern.deck().page()) {
            Some(Page::Look(_, step)) => self.words().look_for().into_iter().nth(step),
            _ => None,
        };
        let words = step.unwrap_or_default();
        let names: HashSet<&str> = words.split('`').skip(1).step_by(2).collect();
        let tasks = record.catalog().tasks().iter();
        let named = tasks.filter(|info| names.contains(&*info.name)).map(|info| info.task);
        let others = self.progress.steps().iter().filter_map(StepState::event).filter_map(event);
        let near = selected.and_then(|task| self.order.row_of(task)).unwrap_or(0);
        let beside = (1..rows.len()).flat_map(|by| [Some(near + by), near.checked_sub(by)]).flatten();
        let candidates = (selected.into_iter())
            .chain(at_cursor.iter().flat_map(|kind| tasks_of(record, kind)))
            .chain(named)
            .chain(rows.first().copied())
            .chain(others.flat_map(|kind| tasks_of(record, &kind)))
            .chain(rows.get(near).copied())
            .chain(beside.filter_map(|row| rows.get(row).copied()));
        let mut chosen = HashSet::new();
        for task in candidates.filter(|task| self.order.row_of(*task).is_some()) {
            if chosen.len() == room {
                break;
            }
            chosen.insert(task);
        }
        self.order.only(&chosen)
    }

    /// The bar of a lecture, for as long as it is seen. The pointer goes with it.
    pub(super) fn stage_bar(&self, ctx: &Context) -> Vec<Command> {
        let Some(lectern) = self.lectern.as_ref().filter(|_| self.is_on_deck()) else { return Vec::new() };
        let Some(stays) = self.bar_stays() else {
            ctx.set_cursor_icon(CursorIcon::None);
            return Vec::new();
        };
        ctx.request_repaint_after(Duration::from_secs_f64(stays));
        let deck = lectern.deck();
        let bar = StageBar {
            place: (deck.number(), deck.len()),
            has_run: deck.page().shows_run(),
            is_playing: self.is_running() || self.tools.playback.is_some(),
            axis: self.view.axis,
        };
        bar.show(ctx)
    }

    /// The words of the open page for a screen reader.
    pub(super) fn spoken_page(&self, ui: &Ui) -> Option<String> {
        Some(self.slide()?.spoken(Palette::of(ui)))
    }
}

/// The tasks that an event is about: who does something, or has it done to it, and who brought that about.
fn tasks_of(record: &Record, kind: &EventKind) -> impl Iterator<Item = TaskId> + use<> {
    let by = match kind {
        EventKind::Enqueued { cause, .. } => cause.by(),
        EventKind::TaskSpawned { parent, .. } => *parent,
        _ => None,
    };
    record.task_of(kind).into_iter().chain(by)
}
