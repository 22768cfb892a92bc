//! Two runs on one axis, with one cursor through both: what each did, where each ends, and what is different.
//!
//! It holds the two runs, or their records, while it is open. It runs nothing but the built-in pairs, each run of which is
//! instant where its clock is virtual, and finds no difference itself: that is what [`Comparison`] does.

mod cursor;
mod lanes;
mod lines;
mod menu;
mod open;
mod pairs;
mod show;
mod titles;
mod words;

pub(crate) use menu::{Choices, menu_ui};
pub(crate) use pairs::PAIRS;

use super::asked::{Asked, Patience};
use super::command::{Command, Stride};
use super::cursor::Cursor;
use super::explained::Explained;
use super::patterns::Patterns;
use super::timeline::{Activity, LaneOrder, Playback, ToolCommand, Tools};
use super::view::{Around, Axis, Hand, Scale, View};
use super::wake;
use crate::event::{Nanos, TaskId};
use crate::runtime::Speed;
use crate::session::{Plan, Session, wording};
use crate::trace::{Comparison, EventIndex, Languages, Record, State, Wording};
use egui::Context;
use pairs::Pair;
use std::path::Path;
use std::sync::Arc;

/// What is asked for about comparing.
#[derive(Debug, Clone)]
pub(crate) enum Ask {
    /// Compare what fits best, or go back to the run.
    Toggle,
    /// Compare a built-in pair.
    Pair(&'static Pair),
    /// Compare the run that is shown with the one before it.
    WithLast,
    /// What was asked for in the lanes of one of the runs.
    In(Which, Box<Command>),
}

/// One of the two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    First,
    Second,
}

impl Which {
    const BOTH: [Self; 2] = [Self::First, Self::Second];

    fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// A run that is over.
#[derive(Debug, Clone)]
pub(crate) struct PastRun {
    plan: Plan,
    record: Arc<Record>,
}

/// Where a compared run comes from.
enum Run {
    /// It was begun or opened for this.
    Own(Box<Session>),
    /// It was there before.
    Past(PastRun),
}

impl Run {
    fn plan(&self) -> &Plan {
        match self {
            Self::Own(session) => session.plan(),
            Self::Past(kept) => &kept.plan,
        }
    }

    fn record(&self) -> &Record {
        match self {
            Self::Own(session) => session.record(),
            Self::Past(kept) => &kept.record,
        }
    }

    /// The record, to read it on another thread.
    fn share(&self) -> Arc<Record> {
        match self {
            Self::Own(session) => session.share(),
            Self::Past(kept) => Arc::clone(&kept.record),
        }
    }

    fn now(&self) -> Nanos {
        match self {
            Self::Own(session) => session.now(),
            Self::Past(kept) => kept.record.log().end(),
        }
    }

    /// Whether all of it is there.
    fn is_there(&self) -> bool {
        match self {
            Self::Own(session) => session.has_all(),
            Self::Past(_) => true,
        }
    }

    /// Takes what it has sent; whether there was anything.
    fn pump(&mut self) -> bool {
        let Self::Own(session) = self else { return false };
        if !session.questions().is_empty() {
            session.end_input(); // nobody is there to answer
        }
        session.pump()
    }
}

/// One of the two runs, and how it is looked at.
struct Side {
    run: Run,
    order: LaneOrder,
    first_row: f32,
    selected: Option<TaskId>,
    /// Tools for one run are not used here: they stay empty, but for what was explained.
    tools: Tools,
    /// The state at the cursor, where that is not the end.
    past: Option<(EventIndex, State)>,
    patterns: Patterns,
}

impl Side {
    fn new(run: Run, ctx: &Context) -> Self {
        if let Run::Own(session) = &run {
            wake(ctx, session);
        }
        Self {
            run,
            order: LaneOrder::default(),
            first_row: 0.0,
            selected: None,
            tools: Tools::default(),
            past: None,
            patterns: Patterns::new(ctx),
        }
    }

    fn scale(&self, axis: Axis) -> Scale<'_> {
        Scale { axis, record: self.run.record(), now: self.run.now() }
    }

    fn state(&self) -> &State {
        self.past.as_ref().map_or_else(|| self.run.record().edge(), |(_, state)| state)
    }
}

/// Two runs side by side.
pub(crate) struct Compare {
    sides: [Side; 2],
    view: View,
    /// The run that the cursor belongs to: the one that was clicked last.
    lead: Which,
    cursor: Cursor,
    /// What is different: asked once both runs are there.
    found: Asked<Option<Found>>,
    /// The cursor that runs through both; none while it stands.
    playback: Option<Playback>,
    /// How fast it runs.
    speed: Speed,
    /// Charts are not shown here: it stays empty.
    activity: Activity,
    /// How places in both programs are named.
    wording: Wording,
    /// Whether the run that the window shows was going on and is to go on afterwards.
    is_to_go_on: bool,
}

/// What is different, and how it is told.
struct Found {
    comparison: Comparison,
    sentences: Vec<String>,
    /// How the sentences name places.
    wording: Wording,
}

impl Found {
    fn between(first: &Record, second: &Record, wording: Wording) -> Self {
        let comparison = Comparison::new(first, second);
        Self { sentences: comparison.sentences(&wording), comparison, wording }
    }

    /// Names places in these words from now on.
    fn read_in(&mut self, wording: &Wording) {
        if self.wording != *wording {
            self.sentences = self.comparison.sentences(wording);
            self.wording = wording.clone();
        }
    }
}

impl Compare {
    /// The files that the compared runs were opened from.
    pub(in crate::app) fn files(&self) -> impl Iterator<Item = &Path> {
        self.sides.iter().filter_map(|side| match &side.run {
            Run::Own(session) => session.file(),
            Run::Past(_) => None,
        })
    }

    fn new(first: Side, second: Side) -> Self {
        Self {
            sides: [first, second],
            view: View::on(Axis::Time),
            lead: Which::Second,
            cursor: Cursor::Live,
            found: Asked::default(),
            playback: None,
            speed: Speed::default(),
            activity: Activity::default(),
            wording: Wording::default(),
            is_to_go_on: false,
        }
    }

    /// Names places in both programs for somebody who looks at these languages.
    fn read_in(&mut self, languages: Languages) {
        let wording = wording(languages, self.sides.iter().map(|side| side.run.plan().scenario));
        if self.wording == wording {
            return;
        }
        for side in &mut self.sides {
            side.tools.explained = Explained::default();
        }
        self.wording = wording;
    }

    fn side(&self, which: Which) -> &Side {
        &self.sides[which as usize]
    }

    fn side_mut(&mut self, which: Which) -> &mut Side {
        &mut self.sides[which as usize]
    }

    /// What is different, once that is known.
    fn found(&self) -> Option<&Found> {
        self.found.known()?.as_ref()
    }

    /// Whether both runs are over and compared.
    pub(crate) fn is_ready(&self) -> bool {
        self.found().is_some()
    }

    /// Draws with these from now on; gives back what it drew with.
    pub(super) fn draw_with(&mut self, patterns: [Patterns; 2]) -> [Patterns; 2] {
        let mut patterns = patterns;
        for (side, patterns) in self.sides.iter_mut().zip(&mut patterns) {
            std::mem::swap(&mut side.patterns, patterns);
        }
        patterns
    }

    /// The run that reaches farther on the axis.
    fn longer(&self) -> Which {
        let [first, second] = self.sides.each_ref().map(|side| side.scale(self.view.axis).edge());
        if first > second { Which::First } else { Which::Second }
    }

    /// Takes what the runs have sent; once they are over, compares them, and finds the states at the cursor. Where both are
    /// played, the cursor moves on at this speed.
    pub(super) fn look(&mut self, ctx: &Context, patience: Patience, speed: Speed, languages: Languages) {
        self.speed = speed;
        self.read_in(languages);
        self.play_on(ctx);
        for side in &mut self.sides {
            if !side.run.is_there() && side.run.pump() {
                ctx.request_repaint();
            }
            let file = side.run.plan().scenario.rust.file;
            if side.order.update(side.run.record(), file, side.run.is_there()) {
                ctx.request_repaint();
            }
        }
        if self.sides.iter().all(|side| side.run.is_there()) {
            if let Asked::NotYet = self.found {
                let [first, second] = self.sides.each_ref().map(|side| side.run.record());
                // Where times cannot be laid beside each other, the order of the steps can.
                let is_timed = [first, second].iter().any(|run| run.log().end() > Nanos::ZERO);
                if first.clock() != second.clock() || !is_timed {
                    self.view.axis = Axis::Steps;
                }
            }
            let patience = patience.with(self.sides.iter().map(|side| side.run.record()));
            self.found.ask(ctx, patience, || {
                let [first, second] = self.sides.each_ref().map(|side| side.run.share());
                let wording = self.wording.clone();
                move || Some(Found::between(&first, &second, wording))
            });
            if let Some(Some(found)) = self.found.known_mut() {
                found.read_in(&self.wording);
            }
        }
        for which in Which::BOTH {
            let point = self.point(which);
            let side = self.side_mut(which);
            let record = side.run.record();
            if point.index == record.log().len() {
                side.past = None;
            } else if side.past.as_ref().is_none_or(|(index, _)| *index != point.index) {
                side.past = Some((point.index, record.state_at(point.index)));
            }
        }
    }

    /// Does what is about the two runs; gives back what is the app's.
    pub(super) fn obey(&mut self, command: Command) -> Option<Command> {
        match command {
            Command::Compare(Ask::In(which, command)) => self.obey_in(which, *command),
            Command::RunOrPause => self.play_or_halt(),
            Command::MoveCursor(cursor) => self.move_cursor(self.lead, cursor),
            Command::StepForward(stride) => self.step(stride, Self::next),
            Command::StepBack(stride) => self.step(stride, Self::previous),
            Command::SelectBy(by) => {
                let side = self.side(self.lead);
                self.select(self.lead, side.order.beside(side.selected, by));
            }
            Command::SwitchAxis => {
                let point = self.point(self.lead());
                self.view.axis = self.view.axis.other();
                if self.cursor != Cursor::Live {
                    (self.lead, self.cursor) = (self.lead(), Cursor::After(point.index));
                }
                self.reveal_cursor();
            }
            Command::Pan(share, hand) => self.change_view(|view, scale| view.pan(share, hand, scale)),
            Command::Zoom(factor, around, hand) => self.zoom(factor, around, hand),
            Command::Fit => {
                self.sides.iter_mut().for_each(|side| side.first_row = 0.0);
                self.change_view(|view, scale| view.fit(None, scale));
            }
            Command::UndoView => self.view.undo(),
            Command::Tool(ToolCommand::FoldAll) => self.sides.iter_mut().for_each(|side| side.order.fold_all()),
            Command::Tool(ToolCommand::FoldSelected) => {
                let side = self.side_mut(self.lead);
                if let Some(task) = side.selected {
                    side.order.fold(task);
                }
            }
            // The other tools are for one run, and there is none to work on here.
            Command::Restart | Command::Stop | Command::SetClock(_) | Command::Tool(_) => {}
            other => return Some(other),
        }
        None
    }

    /// Does what was asked for in the lanes of one of the runs; the rest of what they offer is not for two runs.
    fn obey_in(&mut self, which: Which, command: Command) {
        match command {
            Command::MoveCursor(cursor) => self.move_cursor(which, cursor),
            Command::Select(selection) => {
                let task = selection.about(self.side(which).run.record());
                self.select(which, task);
            }
            Command::ScrollTo(row) => self.side_mut(which).first_row = row.max(0.0),
            Command::Tool(ToolCommand::Fold(task)) => self.side_mut(which).order.fold(task),
            Command::Tool(ToolCommand::ShowRange(from, to, hand)) => {
                self.change_view(|view, scale| view.show(from, to, hand, scale));
            }
            Command::Pan(..) | Command::Zoom(..) => drop(self.obey(command)),
            _ => {}
        }
    }

    /// Selects a task, and in the other run the one of its name.
    fn select(&mut self, which: Which, task: Option<TaskId>) {
        let pairs = self.found().into_iter().flat_map(|found| &found.comparison.pairs);
        let pairs = pairs.map(|pair| [pair.first.task, pair.second.task]);
        let partner = pairs.into_iter().find(|pair| Some(pair[which as usize]) == task);
        let partner = partner.map(|pair| pair[which.other() as usize]);
        self.side_mut(which).selected = task;
        self.side_mut(which.other()).selected = partner;
        self.lead = which;
    }

    fn zoom(&mut self, factor: f64, around: Option<f64>, hand: Hand) {
        let position = (self.cursor != Cursor::Live).then(|| self.position());
        self.change_view(|view, scale| {
            let around = around.or(position).map_or(Around::LiveEdge, Around::Position);
            view.zoom(factor, around, hand, scale);
        });
    }

    fn reveal_cursor(&mut self) {
        let position = self.position();
        self.change_view(|view, scale| view.reveal(position, scale));
    }

    fn change_view(&mut self, change: impl FnOnce(&mut View, &Scale<'_>)) {
        let longer = self.longer();
        let Self { sides, view, .. } = self;
        let scale = sides[longer as usize].scale(view.axis);
        change(view, &scale);
    }

    fn step(&mut self, stride: Stride, to: fn(&Self, Stride) -> (Which, Cursor)) {
        let (which, cursor) = to(self, stride);
        self.move_cursor(which, cursor);
    }

    fn move_cursor(&mut self, which: Which, cursor: Cursor) {
        self.playback = None;
        (self.lead, self.cursor) = (which, cursor);
        self.reveal_cursor();
    }
}
