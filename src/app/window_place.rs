//! Where the windows were on the screen, for the next start; and whether such a place is still to be seen.

use egui::{Context, Rect, ViewportBuilder, ViewportCommand, pos2, vec2};
use serde::{Deserialize, Serialize};

/// The window's place, in the desktop's points: those of the program, before it enlarges anything.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct WindowPlace {
    size: [f32; 2],
    /// Of its upper left corner; none where the desktop does not tell.
    #[serde(default)]
    corner: Option<[f32; 2]>,
    #[serde(default)]
    is_maximized: bool,
}

/// No screen is larger: what lies beyond was never a place of a window.
const FARTHEST: f32 = 20_000.0;

impl WindowPlace {
    /// Where the window is now; where it was, while it fills the screen or is put away.
    pub(crate) fn now(ctx: &Context, before: Option<Self>) -> Option<Self> {
        ctx.input(|input| {
            let (viewport, scale) = (input.viewport(), ctx_zoom(input));
            let is = |state: Option<bool>| state.unwrap_or(false);
            if is(viewport.minimized) || is(viewport.fullscreen) {
                return before;
            }
            if is(viewport.maximized) {
                return before.map(|before| Self { is_maximized: true, ..before });
            }
            let size = input.content_rect().size() * scale;
            // Whole points: a place does not change by a rounding.
            let corner = viewport.outer_rect.map(|rect| [rect.left() * scale, rect.top() * scale].map(f32::round));
            Some(Self { size: [size.x, size.y].map(f32::round), corner, is_maximized: false })
        })
    }

    /// A window of this size, wherever the desktop puts it.
    pub(crate) fn of_size(size: [f32; 2]) -> Self {
        Self { size, corner: None, is_maximized: false }
    }

    /// A window at this place, no smaller than `least`, where everything is drawn so many times as large as usual.
    pub(crate) fn of(self, builder: ViewportBuilder, least: [f32; 2], zoom: f32) -> ViewportBuilder {
        let side = |which: usize| (self.size[which] / zoom).clamp(least[which], FARTHEST);
        let builder = builder.with_inner_size(vec2(side(0), side(1))).with_maximized(self.is_maximized);
        match self.corner {
            Some([x, y]) if (-FARTHEST..FARTHEST).contains(&x) && (-FARTHEST..FARTHEST).contains(&y) => {
                builder.with_position(pos2(x, y) / zoom)
            }
            _ => builder,
        }
    }
}

/// The screens of the desktop, in its points; nothing where it does not tell, or was not asked yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Screens(Option<Vec<Rect>>);

/// So much of the upper edge of a window has to be seen, in points, that one can take hold of it.
const GRIP: egui::Vec2 = vec2(100.0, 16.0);

impl Screens {
    /// Asks the desktop, once for as long as they are needed: later they may be others.
    pub(crate) fn look(&mut self, frame: &eframe::Frame, are_needed: bool) {
        if !are_needed {
            self.0 = None;
        } else if self.0.is_none() {
            self.0 = Self::ask(frame);
        }
    }

    fn ask(frame: &eframe::Frame) -> Option<Vec<Rect>> {
        frame.winit_window().map(|window| {
            let screens = window.available_monitors().map(|screen| {
                let (corner, size, scale) = (screen.position(), screen.size(), screen.scale_factor() as f32);
                let [x, y, width, height] = [corner.x as f32, corner.y as f32, size.width as f32, size.height as f32];
                Rect::from_min_size(pos2(x, y) / scale, vec2(width, height) / scale)
            });
            screens.collect()
        })
    }

    /// A place that can be seen, no larger than the largest screen; the desktop chooses where, if it was off all screens.
    pub(crate) fn admit_whole(&self, place: WindowPlace) -> WindowPlace {
        let largest = self.0.iter().flatten().map(Rect::size).max_by(|one, other| one.x.total_cmp(&other.x));
        let [width, height] = place.size;
        let size = largest.map_or(place.size, |most| [width.min(most.x), height.min(most.y)]);
        self.admit(WindowPlace { size, ..place })
    }

    /// A place that can be seen and is not on the screen of another window, which lies at `other`: as it was if it is that,
    /// else in the middle of the first screen that has room for both. As `admit_whole` has it where there is no such screen.
    pub(crate) fn apart(&self, place: WindowPlace, other: Option<Rect>) -> WindowPlace {
        let admitted = self.admit_whole(place);
        let Some(other) = other.filter(|other| other.is_finite()) else { return admitted };
        // Screens that show the same lie at the same place.
        let is_free = |screen: &&Rect| !screen.contains(other.center());
        let mut free = self.0.iter().flatten().filter(is_free);
        let middle = |[x, y]: [f32; 2]| pos2(x, y) + vec2(admitted.size[0], admitted.size[1]) / 2.0;
        let is_apart = |screen: &Rect| admitted.corner.is_some_and(|corner| screen.contains(middle(corner)));
        if free.clone().any(is_apart) {
            return admitted;
        }
        let Some(screen) = free.next() else { return admitted };
        let size = vec2(admitted.size[0], admitted.size[1]).min(screen.size());
        let corner = screen.center() - size / 2.0;
        WindowPlace { size: size.into(), corner: Some([corner.x, corner.y].map(f32::round)), ..admitted }
    }

    /// Where a window of the desktop's points has to go that came up at a place that cannot be seen, or is too large: onto
    /// the first screen. None where it is well where it is.
    fn rescue(&self, place: WindowPlace) -> Option<Rect> {
        let admitted = self.admit_whole(place);
        let first = self.0.iter().flatten().next().filter(|_| admitted != place)?;
        let size = vec2(admitted.size[0], admitted.size[1]).min(first.size());
        let corner = admitted.corner.filter(|_| size.x < first.width() && size.y < first.height());
        let corner = corner.map_or(first.center() - size / 2.0, |[x, y]| pos2(x, y));
        Some(Rect::from_min_size(corner, size))
    }

    /// A place as it was where it can be seen, else one that the desktop is to choose, of the same size.
    pub(crate) fn admit(&self, place: WindowPlace) -> WindowPlace {
        let (Some(screens), Some([x, y])) = (&self.0, place.corner) else { return place };
        let edge = Rect::from_min_size(pos2(x, y), vec2(place.size[0], 2.0 * GRIP.y));
        let is_seen = |screen: &Rect| edge.is_finite() && (screen.intersect(edge).size() - GRIP).min_elem() >= 0.0;
        if screens.iter().any(is_seen) { place } else { WindowPlace { corner: None, ..place } }
    }
}

impl super::App {
    /// Brings the first window to a place where it can be seen. The screens can only be asked once it is there.
    pub(super) fn arrive(&mut self, frame: &eframe::Frame) {
        let Some(place) = self.arrives.take() else { return };
        let Some(rescued) = Screens(Screens::ask(frame)).rescue(place) else { return };
        let zoom = self.ctx.zoom_factor();
        self.ctx.send_viewport_cmd(ViewportCommand::InnerSize(rescued.size() / zoom));
        self.ctx.send_viewport_cmd(ViewportCommand::OuterPosition(rescued.min / zoom));
    }
}

/// How much larger than the desktop asks for everything is drawn.
fn ctx_zoom(input: &egui::InputState) -> f32 {
    input.pixels_per_point() / input.viewport().native_pixels_per_point.unwrap_or(input.pixels_per_point())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_makes_no_sense_is_not_taken() {
        let least = [1024.0, 640.0];
        let of =
            |size, corner| WindowPlace { size, corner, is_maximized: false }.of(ViewportBuilder::default(), least, 1.0);
        let usual = of([1300.0, 800.0], Some([40.0, 30.0]));
        assert_eq!((usual.inner_size, usual.position), (Some(vec2(1300.0, 800.0)), Some(pos2(40.0, 30.0))));
        for size in [[0.0, 0.0], [-5.0, f32::NEG_INFINITY]] {
            assert_eq!(of(size, None).inner_size, Some(vec2(1024.0, 640.0)));
        }
        for corner in [[f32::NAN, 0.0], [0.0, 1e9], [f32::NEG_INFINITY, 3.0]] {
            assert_eq!(of([1300.0, 800.0], Some(corner)).position, None);
        }
    }

    #[test]
    fn a_place_off_all_screens_is_left_to_the_desktop_and_its_size_stays() {
        let screen = |x: f32, width: f32| Rect::from_min_size(pos2(x, 0.0), vec2(width, 1080.0));
        let both = Screens(Some(vec![screen(0.0, 1920.0), screen(1920.0, 1280.0)]));
        let one = Screens(Some(vec![screen(0.0, 1920.0)]));
        let place = |x, y| WindowPlace { size: [620.0, 760.0], corner: Some([x, y]), is_maximized: false };
        let is_kept = |screens: &Screens, x, y| screens.admit(place(x, y)) == place(x, y);
        assert!(is_kept(&both, 2500.0, 40.0) && !is_kept(&one, 2500.0, 40.0), "that screen has gone");
        assert!(is_kept(&one, 40.0, 40.0) && is_kept(&one, -500.0, 0.0) && is_kept(&one, 1800.0, 1000.0));
        for (x, y) in [(-580.0, 40.0), (1880.0, 40.0), (40.0, -30.0), (40.0, 1075.0), (f32::NAN, 0.0)] {
            assert!(!is_kept(&one, x, y), "{x}, {y}");
        }
        assert_eq!(one.admit(place(2500.0, 40.0)).size, [620.0, 760.0]);
        assert!(is_kept(&Screens::default(), 9000.0, 9000.0), "where nobody tells, it is believed");
    }

    #[test]
    fn a_window_that_cannot_be_seen_comes_onto_the_first_screen() {
        let screen = Rect::from_min_size(pos2(100.0, 0.0), vec2(1440.0, 900.0));
        let screens = Screens(Some(vec![screen]));
        let place = |size, corner| WindowPlace { size, corner: Some(corner), is_maximized: false };
        for (size, corner) in [
            ([900.0, 600.0], [5000.0, 5000.0]),
            ([900.0, 600.0], [-5000.0, 0.0]),
            ([900.0, 600.0], [200.0, -700.0]),
            ([900.0, 600.0], [f32::NAN, 0.0]),
            ([9000.0, 600.0], [200.0, 100.0]),
            ([900.0, 9000.0], [200.0, 100.0]),
            ([20_000.0, 20_000.0], [-9000.0, -9000.0]),
        ] {
            let rescued = screens.rescue(place(size, corner)).unwrap();
            assert!(screen.contains_rect(rescued), "{size:?} at {corner:?}: {rescued}");
        }
        assert_eq!(screens.rescue(place([900.0, 600.0], [200.0, 100.0])), None);
        assert_eq!(Screens(Some(Vec::new())).rescue(place([900.0, 600.0], [5000.0, 0.0])), None);
        let apart = screens.admit_whole(place([9000.0, 9000.0], [5000.0, 5000.0]));
        assert_eq!((apart.size, apart.corner), ([1440.0, 900.0], None));
    }

    #[test]
    fn a_second_window_goes_to_the_screen_where_the_first_is_not() {
        let screen = |x: f32, y: f32, width: f32, height: f32| Rect::from_min_size(pos2(x, y), vec2(width, height));
        let [laptop, projector] = [screen(0.0, 0.0, 1440.0, 900.0), screen(1440.0, 0.0, 1920.0, 1080.0)];
        let both = Screens(Some(vec![laptop, projector]));
        let place = |x, y| WindowPlace { size: [560.0, 700.0], corner: Some([x, y]), is_maximized: false };
        let new = WindowPlace::of_size([560.0, 700.0]);
        let at = |screens: &Screens, place: WindowPlace, other: Rect| {
            let place = screens.apart(place, Some(other));
            place.corner.map(|[x, y]| Rect::from_min_size(pos2(x, y), vec2(place.size[0], place.size[1])))
        };
        for (deck, other) in [(projector, laptop), (laptop, projector)] {
            assert!(other.contains_rect(at(&both, new, deck).unwrap()), "it was never open");
            for corner in [(deck.left() + 40.0, 40.0), (9000.0, 9000.0), (-3000.0, 0.0)] {
                let place = at(&both, place(corner.0, corner.1), deck).unwrap();
                assert!(other.contains_rect(place), "{corner:?}: {place} beside {deck}");
            }
            let moved = place(other.left() + 30.0, 20.0);
            assert_eq!(both.apart(moved, Some(deck)), moved, "where it was moved to it stays");
        }
        let small = Screens(Some(vec![projector, screen(0.0, 0.0, 480.0, 320.0)]));
        assert!(small.0.as_ref().unwrap()[1].contains_rect(at(&small, new, projector).unwrap()), "no larger than it");
        // One screen, two that show the same, none that is known, or a first window in an unknown place: nothing changes.
        let mirrored = Screens(Some(vec![laptop, laptop]));
        let one = Screens(Some(vec![laptop]));
        for screens in [&one, &mirrored, &Screens::default()] {
            for place in [place(40.0, 40.0), new] {
                assert_eq!(screens.apart(place, Some(laptop)), screens.admit_whole(place));
            }
        }
        assert_eq!(both.apart(place(40.0, 40.0), None), place(40.0, 40.0));
        let gone = one.apart(place(2000.0, 40.0), Some(laptop));
        assert_eq!((gone.corner, gone.size), (None, [560.0, 700.0]), "its screen is gone: the desktop chooses");
    }

    #[test]
    fn a_place_is_in_points_of_the_desktop_however_large_everything_is() {
        let place = WindowPlace { size: [900.0, 600.0], corner: Some([300.0, 60.0]), is_maximized: false };
        let builder = place.of(ViewportBuilder::default(), [320.0, 240.0], 1.5);
        assert_eq!((builder.inner_size, builder.position), (Some(vec2(600.0, 400.0)), Some(pos2(200.0, 40.0))));
    }
}
