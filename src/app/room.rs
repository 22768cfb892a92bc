//! How much room each panel gets: what comes of the window's size, of what the user has put away, and of the sizes that
//! the user has given to panels.
//!
//! Where there is too little room for all, panels give way: first down to their least size, then they are folded. The
//! window says which. This module draws nothing.

use super::panes::{Edge, Pane, Panes};
use egui::Vec2;

/// What is left for the panels: a window without its bars at the top and at the bottom, in points.
const BARS: f32 = 46.0 + 26.0;
/// The least width of what is between the panels at the sides.
const LEAST_CENTER: f32 = 340.0;
/// The share of the width that the middle keeps before the code gets more; and what it gives up so that no line of the code
/// has to be broken.
const CENTER: f32 = 0.49;
const LEAST_SHARE: f32 = 0.42;
/// The least height of the lanes, with their axis.
const LEAST_LANES: f32 = 150.0;
/// The usual shares of the height that the loop and the story get.
const LOOP: f32 = 0.28;
const STORY: f32 = 0.22;
/// The greatest shares that they get of what the lanes do not need.
const MOST_LOOP: f32 = 0.36;
const MOST_STORY: f32 = 0.4;
/// The usual share of the width that the lessons get, and their usual size in a small and in a large window.
const LESSONS: f32 = 0.2225;
const LESSONS_RANGE: [f32; 2] = [210.0, 400.0];

/// How wide and how high the panels in the window are. What has no size is not shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Room {
    pub(crate) lessons: Option<f32>,
    pub(crate) code: Option<f32>,
    pub(crate) loop_view: Option<f32>,
    pub(crate) story: Option<f32>,
    /// The panel that takes all the room between the bars, as there is not enough for it and the lanes.
    pub(crate) alone: Option<Pane>,
    /// The panels that there is no room for.
    pub(crate) folded: Vec<Pane>,
}

/// What panels need for what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Needs {
    /// The widths that the code needs to show its longest line, in points: in its usual letters, and in its smallest.
    pub(crate) code: [f32; 2],
    /// The height that the lanes can fill, in points; none while there are none.
    pub(crate) lanes: Option<f32>,
}

/// A panel beside the lanes, or above or below them.
#[derive(Debug, Clone, Copy)]
struct Seat {
    pane: Pane,
    /// What it would like to have; none where it is put away.
    size: Option<f32>,
    least: f32,
}

impl Seat {
    fn new(pane: Pane, edge: Edge, panes: &Panes, usual: f32) -> Self {
        let size = panes.is_docked(pane).then(|| panes.size(edge).unwrap_or(usual));
        Self { pane, size, least: *edge.range().start() }
    }
}

impl Room {
    /// The room in a window of that size, in points, for what `needs` says. A panel that was asked for last comes first.
    pub(crate) fn of(window: Vec2, panes: &Panes, needs: Needs, asked: Option<Pane>) -> Self {
        let (width, height) = (window.x, (window.y - BARS).max(0.0));
        let asked = asked.filter(|pane| panes.is_docked(*pane));
        let lessons =
            Seat::new(Pane::Lessons, Edge::Lessons, panes, (width * LESSONS).clamp(LESSONS_RANGE[0], LESSONS_RANGE[1]));
        let beside = |center: f32| width - lessons.size.unwrap_or_default() - (width * center).max(LEAST_CENTER);
        let [usual, small] = needs.code;
        let [left, most] = [CENTER, LEAST_SHARE].map(beside);
        let code = if usual <= left { usual } else { small.clamp(left, most.max(left)) };
        let code = Seat::new(Pane::Code, Edge::Code, panes, code.max(*Edge::Code.range().start()));
        let [story, loop_view] = Self::heights(height, needs);
        let loop_view = Seat::new(Pane::Loop, Edge::Loop, panes, loop_view);
        let story = Seat::new(Pane::Story, Edge::Story, panes, story);
        let mut room = Self::default();
        // The lessons lead through all the rest: they give way last.
        [room.code, room.lessons] = room.fit([code, lessons], width, LEAST_CENTER, asked);
        [room.story, room.loop_view] = room.fit([story, loop_view], height, LEAST_LANES, asked);
        if let Some(alone) = room.alone {
            let is_other = |pane: &Pane| *pane != alone && panes.is_docked(*pane);
            room.folded = Pane::ALL.into_iter().filter(is_other).collect();
            for pane in &room.folded.clone() {
                *room.size_mut(*pane) = None;
            }
        }
        room
    }

    /// The usual heights of the story and the loop: what the lanes cannot fill goes to them, first to the story.
    fn heights(height: f32, needs: Needs) -> [f32; 2] {
        let [story, loop_view] = [(height * STORY).clamp(90.0, 240.0), (height * LOOP).clamp(100.0, 300.0)];
        let spare = (height - story - loop_view - needs.lanes.unwrap_or(f32::INFINITY)).max(0.0);
        let more = spare.min((height * MOST_STORY - story).max(0.0));
        [story + more, loop_view + (spare - more).min((height * MOST_LOOP - loop_view).max(0.0))]
    }

    fn size_mut(&mut self, pane: Pane) -> &mut Option<f32> {
        match pane {
            Pane::Lessons => &mut self.lessons,
            Pane::Code => &mut self.code,
            Pane::Story => &mut self.story,
            Pane::Loop => &mut self.loop_view,
        }
    }

    /// The sizes of two panels that share `all` with what is between them, which keeps `least`. The first gives way first,
    /// unless it was asked for.
    fn fit(&mut self, mut seats: [Seat; 2], all: f32, least: f32, asked: Option<Pane>) -> [Option<f32>; 2] {
        let over = |seats: &[Seat; 2]| seats.iter().filter_map(|seat| seat.size).sum::<f32>() + least - all;
        for place in 0..2 {
            let over = over(&seats).max(0.0);
            let Seat { size, least, .. } = &mut seats[place];
            *size = size.map(|size| (size - over).max(least.min(size)));
        }
        let order = if asked == Some(seats[0].pane) { [1, 0] } else { [0, 1] };
        for place in order {
            if over(&seats) <= 0.0 {
                break;
            }
            let seat = &mut seats[place];
            if seat.size.is_some() && asked == Some(seat.pane) {
                seat.size = Some(all);
                self.alone = asked;
            } else if seat.size.take().is_some() {
                self.folded.push(seat.pane);
            }
        }
        seats.map(|seat| seat.size)
    }
}

#[cfg(test)]
mod tests {
    use super::super::panes::Place;
    use super::*;
    use egui::vec2;

    /// Windows in points: from 800 × 500 enlarged twice to a very large screen.
    const WINDOWS: [Vec2; 10] = [
        vec2(400.0, 250.0),
        vec2(512.0, 320.0),
        vec2(640.0, 400.0),
        vec2(720.0, 450.0),
        vec2(800.0, 500.0),
        vec2(1024.0, 640.0),
        vec2(1280.0, 720.0),
        vec2(1440.0, 900.0),
        vec2(1920.0, 1080.0),
        vec2(3840.0, 2160.0),
    ];

    /// Code of 65 letters, and more lanes than there is room for.
    const NEEDS: Needs = Needs { code: [560.0, 521.0], lanes: Some(5000.0) };

    fn is_shown(room: &Room, pane: Pane) -> bool {
        let size = match pane {
            Pane::Lessons => room.lessons,
            Pane::Code => room.code,
            Pane::Story => room.story,
            Pane::Loop => room.loop_view,
        };
        size.is_some()
    }

    #[test]
    fn each_panel_is_shown_or_told_to_be_folded_and_the_middle_keeps_its_least() {
        for window in WINDOWS {
            for asked in Pane::ALL.map(Some).into_iter().chain([None]) {
                let room = Room::of(window, &Panes::default(), NEEDS, asked);
                for pane in Pane::ALL {
                    assert_ne!(is_shown(&room, pane), room.folded.contains(&pane), "{pane:?} in {window}: {room:?}");
                }
                assert!(asked.is_none_or(|pane| is_shown(&room, pane)), "{asked:?} in {window}: {room:?}");
                if room.alone.is_none() {
                    let sides = room.lessons.unwrap_or_default() + room.code.unwrap_or_default();
                    assert!(window.x - sides >= LEAST_CENTER - 0.5, "{window}: {room:?}");
                    let stacked = room.loop_view.unwrap_or_default() + room.story.unwrap_or_default();
                    assert!(window.y - BARS - stacked >= LEAST_LANES.min(window.y - BARS) - 0.5, "{window}: {room:?}");
                }
            }
        }
    }

    #[test]
    fn the_lesson_is_readable_on_a_laptop_and_the_code_gets_what_it_needs_where_there_is_room() {
        let at = |width: f32, height: f32| Room::of(vec2(width, height), &Panes::default(), NEEDS, None);
        assert!(at(1440.0, 900.0).lessons.unwrap() >= 320.0);
        assert!(at(1440.0, 900.0).code.unwrap() >= 510.0);
        assert_eq!(at(1920.0, 1080.0).code, Some(560.0));
        assert!(at(1024.0, 640.0).folded.is_empty());
    }

    #[test]
    fn what_few_lanes_cannot_fill_goes_to_the_story_and_then_to_the_loop() {
        let at = |lanes: Option<f32>| {
            let room = Room::of(vec2(1440.0, 900.0), &Panes::default(), Needs { lanes, ..NEEDS }, None);
            (room.story.unwrap(), room.loop_view.unwrap())
        };
        let usual = at(None);
        assert_eq!(at(Some(5000.0)), usual);
        let few = at(Some(350.0));
        assert!(few.0 > usual.0 + 30.0 && (few.1 - usual.1).abs() < 0.5, "{few:?} {usual:?}");
        let fewest = at(Some(200.0));
        assert!(fewest.0 > few.0 && fewest.1 > usual.1, "{fewest:?} {usual:?}");
    }

    #[test]
    fn what_gave_way_to_a_small_window_has_its_size_back_in_a_large_one() {
        let mut panes = Panes::default();
        panes.resize(Edge::Lessons, 400.0);
        panes.resize(Edge::Code, 700.0);
        let small = Room::of(vec2(1024.0, 640.0), &panes, NEEDS, None);
        assert!(small.lessons.unwrap() + small.code.unwrap() <= 1024.0 - LEAST_CENTER + 0.5);
        let large = Room::of(vec2(1920.0, 1080.0), &panes, NEEDS, None);
        assert_eq!((large.lessons, large.code), (Some(400.0), Some(700.0)));
    }

    #[test]
    fn what_was_put_away_takes_no_room_and_is_not_told_to_be_folded() {
        let mut panes = Panes::default();
        for pane in Pane::ALL {
            panes.put(pane, Place::Hidden);
        }
        for window in WINDOWS {
            assert_eq!(Room::of(window, &panes, NEEDS, Some(Pane::Code)), Room::default());
        }
    }
}
