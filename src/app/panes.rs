//! Which panels are there, where, and how large: what the user made of the window, which is remembered.
//!
//! It knows nothing of what the panels show, and draws nothing; `layout` reads it.

use super::window_place::WindowPlace;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A panel that can be put away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Pane {
    /// The course and the lesson.
    Lessons,
    /// The code and the inspector.
    Code,
    /// The story and what is printed.
    Story,
    /// The loop view.
    Loop,
}

impl Pane {
    /// All, in the order of their keys.
    pub(crate) const ALL: [Self; 4] = [Self::Lessons, Self::Code, Self::Story, Self::Loop];

    /// What it is called.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Lessons => "Lessons",
            Self::Code => "Code",
            Self::Story => "Story",
            Self::Loop => "Loop",
        }
    }
}

/// Where a panel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Place {
    /// In the window.
    #[default]
    Docked,
    /// Nowhere.
    Hidden,
    /// In a window of its own.
    Apart,
}

/// A border that can be dragged, named by the panel that it makes larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Edge {
    Lessons,
    /// Within the lessons: between the list and the lesson.
    Course,
    Code,
    /// Within the code: between it and the inspector.
    Inspector,
    Loop,
    Story,
}

impl Edge {
    /// What it is called where sizes are looked up.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lessons => "lessons",
            Self::Course => "course",
            Self::Code => "code",
            Self::Inspector => "inspector",
            Self::Loop => "loop",
            Self::Story => "story",
        }
    }

    /// The least and the greatest size, in points.
    pub(crate) fn range(self) -> RangeInclusive<f32> {
        match self {
            Self::Lessons => 180.0..=420.0,
            Self::Course => 60.0..=900.0,
            Self::Code => 240.0..=900.0,
            Self::Inspector => 60.0..=600.0,
            Self::Loop => 90.0..=420.0,
            Self::Story => 80.0..=480.0,
        }
    }
}

/// How the window is divided. What is not named is as usual.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Panes {
    places: BTreeMap<Pane, Place>,
    /// In points, where the user has changed them.
    sizes: BTreeMap<Edge, f32>,
    /// Where the windows were that panels had of their own.
    windows: BTreeMap<Pane, WindowPlace>,
    /// The panel that was asked for last: where there is no room for all, it comes first.
    #[serde(skip)]
    asked: Option<Pane>,
}

impl Panes {
    pub(crate) fn place(&self, pane: Pane) -> Place {
        self.places.get(&pane).copied().unwrap_or_default()
    }

    /// Whether a panel is in the window.
    pub(crate) fn is_docked(&self, pane: Pane) -> bool {
        self.place(pane) == Place::Docked
    }

    pub(crate) fn put(&mut self, pane: Pane, place: Place) {
        self.places.insert(pane, place);
    }

    /// Puts a panel away, or back into the window.
    pub(crate) fn toggle(&mut self, pane: Pane) {
        let is_docked = self.is_docked(pane);
        self.put(pane, if is_docked { Place::Hidden } else { Place::Docked });
        self.asked = Some(pane).filter(|_| !is_docked);
    }

    /// Which panel comes first where there is no room for all.
    pub(crate) fn ask_for(&mut self, pane: Option<Pane>) {
        self.asked = pane;
    }

    pub(crate) fn asked(&self) -> Option<Pane> {
        self.asked
    }

    /// Whether a panel has a window of its own.
    pub(crate) fn has_window(&self) -> bool {
        self.places.values().any(|place| *place == Place::Apart)
    }

    /// Where a panel's own window was last.
    pub(crate) fn window(&self, pane: Pane) -> Option<WindowPlace> {
        self.windows.get(&pane).copied()
    }

    pub(crate) fn move_window(&mut self, pane: Pane, place: WindowPlace) {
        self.windows.insert(pane, place);
    }

    /// The size that the user gave to a panel.
    pub(crate) fn size(&self, edge: Edge) -> Option<f32> {
        self.sizes.get(&edge).copied()
    }

    pub(crate) fn resize(&mut self, edge: Edge, size: f32) {
        self.sizes.insert(edge, size);
    }
}
