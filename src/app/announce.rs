//! What a screen reader says when one steps: what has just happened, and what its task does now.
//!
//! The words are a function of the cursor, so that they change when it moves and at no other time; while the run goes on
//! by itself they say only that. It shows nothing.

use super::cursor::Point;
use super::panels::describe;
use crate::event::{EventKind, PollOutcome};
use crate::trace::{Record, State, Wording, sentence_at};
use egui::accesskit::Live;
use egui::{Rect, Role, Sense, Ui, WidgetInfo, vec2};

/// Gives the words to the screen reader, if there is one.
pub(crate) fn announce(ui: &Ui, words: impl FnOnce() -> String) {
    let corner = Rect::from_min_size(ui.max_rect().left_top(), vec2(1.0, 1.0));
    let response = ui.interact(corner, ui.scope_id().with("announced"), Sense::hover());
    if ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite)).is_some() {
        let words = words();
        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &words));
    }
}

/// What has just happened at a point: "1.800 s: fetch-2 gives control back to the loop, waiting on sleep 3 s, 1.2 s left".
pub(crate) fn happened(record: &Record, state: &State, point: Point, wording: &Wording) -> String {
    let last = point.index.checked_sub(1).and_then(|index| Some((index, record.log().get(index)?)));
    let Some((index, event)) = last else { return "not started".to_owned() };
    let said = format!("{}: {}", point.at, sentence_at(record, index, &event, wording));
    let task = match event.kind {
        EventKind::PollEnded { task, outcome: PollOutcome::Pending } | EventKind::WaitBegan { task, .. } => task,
        _ => return said,
    };
    let spoken = describe(record, state, point.at, task, wording);
    match spoken.split_once(", ") {
        Some((_, now)) => format!("{said}, {now}"),
        None => said,
    }
}
