//! Where in its code a task is: the named functions that it is in, and its open waits, each with its line.
//!
//! It is a part of the [state](crate::State), and is folded from the same events. It keeps numbers alone: what they are
//! called the [`Catalog`](crate::Catalog) knows.

use super::catalog::Catalog;
use crate::event::{FrameId, SiteId, WaitId};
use crate::store::near_an_end::remove_near_an_end;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What a task is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trail {
    /// The function that the task's code was in when it told something last.
    frame: FrameId,
    /// What has begun and not ended, in the order of beginning.
    open: VecDeque<Open>,
}

/// A function, or a wait, that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Open {
    what: What,
    /// The `.await` that it is for,
    site: SiteId,
    /// and the function that this stands in.
    frame: FrameId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum What {
    Frame(FrameId),
    Wait(WaitId),
}

impl Default for Trail {
    fn default() -> Self {
        Self { frame: FrameId::TASK, open: VecDeque::new() }
    }
}

impl Trail {
    /// The function that the task is in.
    pub(crate) fn frame(&self) -> FrameId {
        self.frame
    }

    /// The task enters a function from an `.await` in another.
    pub(crate) fn enters(&mut self, frame: FrameId, from: FrameId, site: SiteId) {
        self.open.push_back(Open { what: What::Frame(frame), site, frame: from });
        self.frame = frame;
    }

    /// The task begins to wait.
    pub(crate) fn waits(&mut self, wait: WaitId, frame: FrameId, site: SiteId) {
        self.open.push_back(Open { what: What::Wait(wait), site, frame });
        self.frame = frame;
    }

    /// A function was left: the `.await` where the task goes on.
    pub(crate) fn left(&mut self, frame: FrameId) -> Option<SiteId> {
        // Whatever began inside the function ends with it.
        self.open.retain(|open| open.frame != frame);
        self.end(What::Frame(frame))
    }

    /// A wait is over: its `.await`, from which the task goes on.
    pub(crate) fn waited(&mut self, wait: WaitId) -> Option<SiteId> {
        self.end(What::Wait(wait))
    }

    fn end(&mut self, what: What) -> Option<SiteId> {
        let Open { site, frame, .. } = remove_near_an_end(&mut self.open, |open| open.what == what)?;
        self.frame = frame;
        Some(site)
    }

    /// The task tells something that is no wait. A function at a wait does nothing, so a function around it did this: the one
    /// that gave up what it polled.
    pub(super) fn acts(&mut self) {
        let stands = |frame| self.open.iter().any(|open| open.frame == frame && matches!(open.what, What::Wait(_)));
        let mut frame = self.frame;
        while frame != FrameId::TASK && stands(frame) {
            let around = self.open.iter().find(|open| open.what == What::Frame(frame)).map(|open| open.frame);
            frame = around.filter(|around| *around < frame).unwrap_or(FrameId::TASK);
        }
        self.frame = frame;
    }

    /// The function and the line of the wait that began last.
    pub(super) fn last_wait(&self) -> Option<(FrameId, SiteId)> {
        let last = self.open.iter().rev().find(|open| matches!(open.what, What::Wait(_)))?;
        Some((last.frame, last.site))
    }
}

/// A function that a task is in, or the task itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// The function's name; none for what the task itself runs.
    pub function: Option<&'a str>,
    /// The line that it is at; none where it has only been entered and no line is known yet.
    pub site: Option<SiteId>,
}

/// The functions around a place, from the innermost out; the task itself last.
pub(crate) fn outwards(catalog: &Catalog, frame: FrameId, site: Option<SiteId>) -> impl Iterator<Item = Step<'_>> {
    let mut next = Some((frame, site));
    std::iter::from_fn(move || {
        let (frame, site) = next?;
        let info = catalog.frame(frame);
        next = info.map(|info| {
            // A frame is entered after the one around it; a damaged record must not make this go round in a circle.
            let outer = if info.parent < frame { info.parent } else { FrameId::TASK };
            (outer, Some(info.site))
        });
        Some(Step { function: info.map(|info| &*info.name), site })
    })
}
