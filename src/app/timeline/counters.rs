//! What can be counted, as a curve below the lanes: the items in a queue, free permits, tasks at a barrier; on both axes.

use super::charts::Charts;
use crate::app::theme::text;
use crate::event::{EventKind, Nanos, ResourceId, ResourceKind};
use crate::trace::{EventIndex, Record};
use egui::{Align2, Mesh, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2};
use egui_plot::PlotTransform;

/// Events read at each frame: a few milliseconds' worth.
const AT_ONCE: usize = 100_000;
/// With more changes than this in view, each column shows what holds at its end.
const MOST_NEAR: usize = 4_000;
/// Width of such a column, and the least of a step, in points.
const COLUMN: f32 = 2.0;

/// A change of what is counted.
#[derive(Debug, Clone, Copy)]
struct Change {
    index: EventIndex,
    at: Nanos,
    level: u32,
    /// The most up to here.
    most: u32,
}

/// Every change of a shared thing so far.
#[derive(Debug)]
pub(super) struct Counter {
    pub(super) resource: ResourceId,
    read: EventIndex,
    changes: Vec<Change>,
}

impl Counter {
    pub(super) fn new(resource: ResourceId) -> Self {
        Self { resource, read: 0, changes: Vec::new() }
    }

    /// Reads what was added to the record; whether there is more.
    pub(super) fn look(&mut self, record: &Record) -> bool {
        let start = self.read.max(record.first());
        for (offset, event) in record.log().iter_from(start).take(AT_ONCE).enumerate() {
            self.read = start + offset + 1;
            if let EventKind::ResourceChanged { resource, state, .. } = event.kind
                && resource == self.resource
            {
                let level = state.level();
                let before = self.changes.last().map_or_else(|| begins(record, resource), |last| last.most);
                let most = before.max(level);
                self.changes.push(Change { index: start + offset, at: event.at, level, most });
            }
        }
        self.read < record.log().len()
    }

    /// What holds after the first `index` events, and the most so far.
    fn at(&self, index: EventIndex, begins: u32) -> (u32, u32) {
        let count = self.changes.partition_point(|change| change.index < index);
        let last = count.checked_sub(1).and_then(|last| self.changes.get(last));
        last.map_or((begins, begins), |last| (last.level, last.most))
    }
}

/// What is counted, in words: `items in jobs`.
pub(super) fn name(record: &Record, resource: ResourceId) -> String {
    let catalog = record.catalog();
    let name = catalog.resource_name(resource);
    match catalog.resource(resource).map(|info| info.kind) {
        Some(ResourceKind::Queue { .. }) => format!("items in {name}"),
        Some(ResourceKind::Semaphore { .. }) => format!("free permits of {name}"),
        Some(ResourceKind::Lock) => format!("{name} is held"),
        Some(ResourceKind::Event) => format!("{name} is set"),
        Some(ResourceKind::Condition) => format!("tasks waiting at {name}"),
        Some(ResourceKind::Barrier { .. }) => format!("tasks at {name}"),
        Some(ResourceKind::OneShot) => format!("{name} has a value"),
        Some(ResourceKind::Broadcast { .. }) => format!("values in {name}"),
        Some(ResourceKind::Held) => format!("{name} is open"),
        None => name.to_owned(),
    }
}

/// What there is before the first change.
fn begins(record: &Record, resource: ResourceId) -> u32 {
    match record.catalog().resource(resource).map(|info| info.kind) {
        Some(ResourceKind::Semaphore { permits }) => permits,
        _ => 0,
    }
}

/// The most that there can be, where there is a bound.
fn bound(record: &Record, resource: ResourceId) -> Option<u32> {
    match record.catalog().resource(resource)?.kind {
        ResourceKind::Queue { capacity, .. } => capacity,
        ResourceKind::Semaphore { permits } => Some(permits),
        ResourceKind::Barrier { parties } => Some(parties),
        ResourceKind::Broadcast { capacity } => Some(capacity),
        ResourceKind::Condition => None,
        ResourceKind::Lock | ResourceKind::Event | ResourceKind::OneShot | ResourceKind::Held => Some(1),
    }
}

impl Charts<'_> {
    /// One counter: a curve of steps, with its name, what it is at the cursor and the most so far.
    pub(super) fn counter(&self, ui: &Ui, row: Rect, counter: &Counter, transform: &PlotTransform) {
        let frame = transform.frame().x_range();
        let begins = begins(self.record, counter.resource);
        let (now, most) = counter.at(self.point.index, begins);
        let of = bound(self.record, counter.resource);
        let top = of.or(counter.changes.last().map(|last| last.most)).unwrap_or(begins).max(1);
        let name = name(self.record, counter.resource);
        let value = of.filter(|of| *of > 1).map_or_else(|| now.to_string(), |of| format!("{now} of {of}"));
        let figures = if self.goes_on() {
            format!("now {value}, most {most}")
        } else {
            format!("{value} at {}, most {most}", self.point.at)
        };
        let response = ui.interact(row, ui.scope_id().with(("counter", counter.resource)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("chart: {name}, {figures}")));
        self.two_lines(ui, row, &name, &figures);

        let left = self.scale.edge();
        let edge = frame.clamp(transform.position_from_point_x(left));
        let start = frame.clamp(transform.position_from_point_x(0.0));
        let (from, to) = self.scale.events_in(transform.bounds().range_x());
        let first = counter.changes.partition_point(|change| change.index < from);
        let last = counter.changes.partition_point(|change| change.index <= to);
        let before =
            first.checked_sub(1).and_then(|place| counter.changes.get(place)).map_or(begins, |last| last.level);
        let in_view = counter.changes.get(first..last).unwrap_or_default();
        let mut curve = Curve { mesh: Mesh::default(), row, top, color: self.palette.ready };
        if in_view.len() <= MOST_NEAR {
            let (mut x, mut level) = (start, before);
            for change in in_view {
                let next = frame.clamp(transform.position_from_point_x(self.scale.event(change.index, change.at)));
                curve.add(x, next, level);
                (x, level) = (next, change.level);
            }
            curve.add(x, edge, level);
        } else {
            let mut x = start;
            while x < edge {
                let position = transform.value_from_position(pos2(x + COLUMN, row.top())).x;
                let (_, index) = self.scale.events_in(position..=position);
                curve.add(x, x + COLUMN, counter.at(index, begins).0);
                x += COLUMN;
            }
        }
        ui.painter().add(Shape::mesh(curve.mesh));
        ui.painter().hline(frame, row.top(), Stroke::new(1.0, self.palette.grid));
        ui.painter().text(pos2(frame.max - 2.0, row.top()), Align2::RIGHT_TOP, top, text(10.0), self.palette.weak);
    }
}

/// A curve of steps, filled.
struct Curve {
    mesh: Mesh,
    row: Rect,
    top: u32,
    color: egui::Color32,
}

impl Curve {
    fn add(&mut self, from: f32, to: f32, level: u32) {
        let height = level as f32 / self.top as f32 * self.row.height();
        if level > 0 {
            // What lasted no time is seen all the same.
            let x = from..=to.max(from + 1.0);
            let rect = Rect::from_x_y_ranges(x, self.row.bottom() - height..=self.row.bottom());
            self.mesh.add_colored_rect(rect, self.color);
        }
    }
}
