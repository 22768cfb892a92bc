//! How full a shared thing is: in words, and as a number of places of which some are taken.

use crate::app::theme::Palette;
use crate::app::timeline::paint_place;
use crate::event::{ResourceId, ResourceKind, ResourceState, TaskId};
use crate::trace::text;
use crate::trace::{Record, State};
use egui::{Painter, Rect, Stroke, StrokeKind, pos2, vec2};

/// What a shared thing holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Level {
    /// In words: `0 of 3 permits free`, `held by writer`.
    pub(crate) words: String,
    /// How much of it there is, where it can be counted.
    pub(crate) count: Option<Count>,
    /// The task that holds it, where one does.
    pub(crate) holder: Option<TaskId>,
    /// Of what counts the permits that are free: who has the others, once for each; who was handed one comes last.
    pub(crate) permits: Option<Vec<TaskId>>,
}

/// A number of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) now: u32,
    /// How many there is room for; none where there is no bound.
    pub(crate) of: Option<u32>,
}

/// More places than this are drawn as a bar.
const MOST_PIPS: u32 = 12;
/// Side of a pip, and its distance to the next, in points.
const PIP: f32 = 8.0;
const STEP: f32 = 10.0;

impl Level {
    /// What a shared thing holds at the state's point.
    pub(crate) fn of(record: &Record, state: &State, resource: ResourceId) -> Option<Self> {
        let kind = record.catalog().resource(resource)?.kind;
        let now = state.resources.get(&resource).copied().flatten();
        let mut level = Self::read(record, kind, now);
        if matches!(kind, ResourceKind::Semaphore { .. }) {
            let times = |task, count: u32| std::iter::repeat_n(task, count.min(MOST_PIPS) as usize);
            let held = state.holders(resource).flat_map(|holder| times(holder.task, holder.held));
            let handed = state.holders(resource).flat_map(|holder| times(holder.task, holder.handed));
            level.permits = Some(held.chain(handed).take(MOST_PIPS as usize).collect());
        }
        Some(level)
    }

    /// What it holds after a change; before the first one, what it begins with.
    pub(crate) fn read(record: &Record, kind: ResourceKind, now: Option<ResourceState>) -> Self {
        let plain = |words: &str| Self { words: words.to_owned(), count: None, holder: None, permits: None };
        let counted = |words: String, now, of| Self { count: Some(Count { now, of }), ..plain(&words) };
        match (kind, now) {
            (ResourceKind::Queue { capacity, .. }, now) => {
                let length = if let Some(ResourceState::Queue { length }) = now { length } else { 0 };
                let words = match capacity {
                    Some(capacity) => format!("{length} of {capacity}"),
                    None => text::count(length, "item", "items"),
                };
                counted(words, length, capacity)
            }
            (ResourceKind::Semaphore { permits }, now) => {
                let free = if let Some(ResourceState::Semaphore { free }) = now { free } else { permits };
                let words = format!("{free} of {permits} free");
                Self { permits: Some(Vec::new()), ..counted(words, free, Some(permits)) }
            }
            (ResourceKind::Lock, Some(ResourceState::Lock { holder: Some(holder) })) => {
                let words = format!("held by {}", record.catalog().task_name(holder));
                Self { holder: Some(holder), ..plain(&words) }
            }
            (ResourceKind::Lock, _) => plain("free"),
            (ResourceKind::Event, Some(ResourceState::Event { is_set: true })) => plain("set"),
            (ResourceKind::Event, _) => plain("not set"),
            (ResourceKind::Condition, Some(ResourceState::Condition { waiting })) if waiting > 0 => {
                plain(&format!("{waiting} waiting"))
            }
            (ResourceKind::Condition, _) => plain("no one waiting"),
            (ResourceKind::Barrier { parties }, now) => {
                let come = if let Some(ResourceState::Barrier { waiting }) = now { waiting } else { 0 };
                counted(format!("{come} of {parties} have arrived"), come, Some(parties))
            }
            (ResourceKind::OneShot, Some(ResourceState::OneShot { is_sent: true })) => plain("holds a value"),
            (ResourceKind::OneShot, _) => plain("empty"),
            (ResourceKind::Broadcast { capacity }, now) => {
                let length = if let Some(ResourceState::Broadcast { length }) = now { length } else { 0 };
                counted(format!("{length} of {capacity}"), length, Some(capacity))
            }
            (ResourceKind::Held, Some(ResourceState::Held { is_open: true })) => plain("open"),
            (ResourceKind::Held, _) => plain("closed"),
        }
    }

    /// Width of its drawing, in points; nothing where there is nothing to count.
    pub(crate) fn width(&self) -> f32 {
        match self.count {
            None => 0.0,
            Some(Count { of: Some(of), .. }) if of <= MOST_PIPS => of as f32 * STEP,
            Some(Count { now, of: None }) if now <= MOST_PIPS => now as f32 * STEP,
            Some(_) => MOST_PIPS as f32 * STEP / 2.0,
        }
    }

    /// Draws it from a corner on: a place is filled where there is something in it.
    pub(crate) fn paint(&self, painter: &Painter, left: f32, middle: f32, palette: &Palette) {
        let Some(Count { now, of }) = self.count else { return };
        let places = of.unwrap_or(now);
        // As everywhere, a place is filled where something is in it: of permits those that are taken.
        let now = if self.permits.is_some() { places.saturating_sub(now) } else { now };
        if places <= MOST_PIPS {
            for place in 0..places {
                let corner = pos2(left + place as f32 * STEP, middle - PIP / 2.0);
                let pip = Rect::from_min_size(corner, vec2(PIP, PIP));
                let holder = self.permits.as_ref().and_then(|holders| holders.get(place as usize));
                let color = holder.map_or(palette.text, |holder| palette.task(*holder));
                paint_place(painter, pip, Some(color).filter(|_| place < now), palette);
            }
            return;
        }
        let bar = Rect::from_min_size(pos2(left, middle - PIP / 2.0), vec2(self.width(), PIP));
        let share = of.map_or(1.0, |of| now as f32 / of.max(1) as f32).clamp(0.0, 1.0);
        painter.rect_filled(bar.with_max_x(bar.left() + bar.width() * share), 2.0, palette.text);
        painter.rect_stroke(bar, 2.0, Stroke::new(1.0, palette.weak), StrokeKind::Inside);
    }
}
