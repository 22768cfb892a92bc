//! Tests of presenting, over all lessons.
#![cfg(test)]

use super::*;
use crate::app::Show;
use crate::app::command::Command;
use crate::app::cursor::Point;
use crate::app::timeline::ToolCommand;
use crate::app::view::{Axis, Scale};
use crate::event::{EventKind, TaskId};
use crate::scenarios::{self, Scenario};
use egui::{Context, Pos2, RawInput, Rect, vec2};
use std::ops::RangeInclusive;

fn presented(scenario: &'static Scenario) -> App {
    let mut app = App::new(&Context::default(), Show::Scenario(scenario));
    app.obey(Command::Present);
    app
}

/// Takes what the run sends until it is over.
fn settle(app: &mut App) {
    app.look();
    if let Some(session) = app.session.as_mut().filter(|session| !session.has_all()) {
        while session.pump_wait() {
            if !session.questions().is_empty() {
                session.answer("Ada");
            }
        }
    }
    app.look();
}

fn page(app: &App) -> Page {
    app.lectern.as_ref().unwrap().deck().page()
}

type Shown = (Page, Point, Axis, RangeInclusive<f64>, Option<TaskId>, bool, String);

/// All that a page shows.
fn shown(app: &App) -> Shown {
    let scale = Scale { axis: app.view.axis, record: app.record(), now: app.now() };
    let range = app.view.range(&scale);
    let run = app.record().title().to_owned();
    let code = app.is_presented(Pane::Code);
    (page(app), app.point(), app.view.axis, range, app.selected.about(app.record()), code, run)
}

/// Turns pages by Page down alone, to the last page of the lesson; what each shows.
fn all_pages(app: &mut App) -> Vec<Shown> {
    let mut all = Vec::new();
    loop {
        settle(app);
        all.push(shown(app));
        if page(app) == Page::Next {
            return all;
        }
        app.obey(TalkCommand::Turn(Turn::Forward).into());
    }
}

#[test]
fn page_down_alone_leads_through_every_lesson_and_page_up_shows_again_what_was_there() {
    for scenario in scenarios::all() {
        let mut app = presented(scenario);
        let mut there = all_pages(&mut app);
        let looks = there.iter().filter(|(page, ..)| matches!(page, Page::Look(..))).count();
        assert_eq!(looks, 2 * scenario.step_count(), "{}: in both rounds", scenario.id);
        let mut back = vec![shown(&app)];
        while page(&app) != Page::Title {
            app.obey(TalkCommand::Turn(Turn::Back).into());
            settle(&mut app);
            back.push(shown(&app));
        }
        back.reverse();
        // A page before any run shows the one that was made since, from its start.
        let strip = |pages: &mut Vec<Shown>| pages.retain(|(page, ..)| page.shows_run());
        strip(&mut there);
        strip(&mut back);
        assert_eq!(there, back, "{}", scenario.id);
    }
}

#[test]
fn on_every_thing_to_look_for_the_cursor_is_at_its_event_and_in_view() {
    for scenario in scenarios::all() {
        let mut app = presented(scenario);
        let mut seen = 0;
        loop {
            settle(&mut app);
            if let Page::Look(_, step) = page(&app) {
                let (point, id) = (app.point(), scenario.id);
                match app.steps_reached()[step] {
                    Reached::At(event) => {
                        let between = (event + 1..point.index).filter_map(|index| app.record().log().get(index));
                        let is_silent = |kind: &EventKind| matches!(kind, EventKind::SiteDefined { .. });
                        assert!(
                            point.index > event && between.into_iter().all(|event| is_silent(&event.kind)),
                            "{id} {step}"
                        );
                        let scale = Scale { axis: app.view.axis, record: app.record(), now: app.now() };
                        let at = scale.point(point.index, point.at);
                        assert!(app.view.range(&scale).contains(&at), "{id}: step {step} at {at} is out of view");
                        seen += 1;
                    }
                    Reached::Never => assert!(point.is_at_end(app.record()), "{id} {step}"),
                    Reached::NotYet => panic!("{id}: step {step} is open, though the run is over"),
                }
            }
            if page(&app) == Page::Next {
                break;
            }
            app.obey(TalkCommand::Turn(Turn::Forward).into());
        }
        assert!(seen > 0, "{}", scenario.id);
    }
}

#[test]
fn no_key_throws_a_run_away() {
    let mut app = presented(scenarios::find("create-task").unwrap());
    while !matches!(page(&app), Page::Look(..)) {
        app.obey(TalkCommand::Turn(Turn::Forward).into());
    }
    settle(&mut app);
    let events = app.record().log().len();
    for binding in crate::app::bindings::BINDINGS {
        let command = (binding.command)();
        let leaves = matches!(
            command,
            Command::Present
                | Command::NextLesson
                | Command::Leave
                | Command::Close
                | Command::Compare(_)
                | Command::File(_)
                | Command::Tour(_)
                | Command::SetClock(_)
                | Command::Talk(TalkCommand::Turn(_))
        );
        if !leaves && !binding.keys.is_empty() {
            app.obey(command);
            app.look();
            assert_eq!(app.record().log().len(), events, "{}", binding.does);
            assert!(app.presents.is_some() && matches!(page(&app), Page::Look(..)), "{}", binding.does);
        }
    }
}

#[test]
fn the_talk_goes_on_with_the_next_lesson_and_page_up_comes_back_to_the_same_run() {
    let first = scenarios::find("create-task").unwrap();
    let mut app = presented(first);
    let there = all_pages(&mut app);
    app.obey(TalkCommand::Turn(Turn::Forward).into());
    settle(&mut app);
    assert_eq!(page(&app), Page::Title);
    assert_ne!(app.plan.scenario.id, first.id);
    app.obey(TalkCommand::Turn(Turn::Back).into());
    settle(&mut app);
    assert_eq!(there.last(), Some(&shown(&app)));
}

#[test]
fn code_that_is_shown_or_put_away_leaves_the_window_as_it_was() {
    let mut app = presented(scenarios::find("create-task").unwrap());
    let panes = app.panes.clone();
    for pane in Pane::ALL {
        let before = app.is_presented(pane);
        app.obey(Command::TogglePane(pane));
        assert_eq!(app.is_presented(pane), before != (pane != Pane::Lessons), "{pane:?}");
    }
    assert_eq!(app.panes, panes);
}

#[test]
fn a_step_has_its_code_beside_it_where_its_lesson_says_so_and_what_the_lecturer_shows_stays_on_its_page() {
    for scenario in scenarios::all().filter(|scenario| !scenario.is_elsewhere()) {
        let mut app = presented(scenario);
        while page(&app) != Page::Next {
            if let Page::Look(_, step) = page(&app) {
                let hinted = app.words().hints(step).code;
                assert_eq!(app.is_presented(Pane::Code), hinted, "{}, step {step}", scenario.id);
                app.obey(Command::TogglePane(Pane::Code));
                assert_eq!(app.is_presented(Pane::Code), !hinted, "{}, step {step}", scenario.id);
            }
            app.obey(TalkCommand::Turn(Turn::Forward).into());
        }
    }
}

#[test]
fn a_black_screen_comes_back_to_its_page_by_the_same_key_and_by_those_that_turn() {
    let mut app = presented(scenarios::find("create-task").unwrap());
    let is_black = |app: &App| app.presents.is_some_and(|presents| presents.is_black);
    app.obey(TalkCommand::Turn(Turn::Forward).into());
    let there = page(&app);
    for back in [TalkCommand::Blacken, TalkCommand::Turn(Turn::Forward), TalkCommand::Turn(Turn::Back)] {
        app.obey(TalkCommand::Blacken.into());
        assert!(is_black(&app));
        app.obey(back.into());
        assert!(!is_black(&app) && page(&app) == there);
    }
}

#[test]
fn who_leaves_a_talk_finds_the_page_again_and_the_window_as_it_was() {
    let mut app = presented(scenarios::find("create-task").unwrap());
    for _ in 0..3 {
        app.obey(TalkCommand::Turn(Turn::Forward).into());
    }
    settle(&mut app);
    let (there, axis) = (shown(&app), app.axis);
    app.obey(Command::SwitchAxis);
    app.obey(Command::Leave);
    assert!(app.presents.is_none());
    assert_eq!(app.axis, axis, "the axis that was chosen in the window");
    app.obey(Command::Present);
    settle(&mut app);
    assert_eq!(shown(&app), there);
}

#[test]
fn every_lesson_has_a_few_short_notes_for_the_lecturer() {
    for scenario in scenarios::all() {
        let facts = scenario.facts(&crate::scenarios::Params::defaults(scenario.params));
        let notes = scenario.told(&facts).notes();
        let words = notes.split_whitespace().count();
        assert!((20..=110).contains(&words), "{}: {words} words", scenario.id);
    }
}

/// All that one sees of the run in the window, and what one did there.
fn window(app: &App) -> impl PartialEq + std::fmt::Debug + use<> {
    let scale = Scale { axis: app.view.axis, record: app.record(), now: app.now() };
    let look = (app.point(), app.view.axis, app.view.range(&scale), app.view.first_row, app.selected);
    let run = (app.plan.params.to_string(), app.record().title().to_owned(), app.record().log().len());
    (look, run, app.guess.clone(), app.tools.bookmarks.list().to_vec(), app.panes.clone(), app.axis, app.plan.speed)
}

/// A lesson in the window that was guessed at, run, and looked at somewhere in the middle, where something is marked.
fn studied(scenario: &'static Scenario) -> App {
    let mut app = App::new(&Context::default(), Show::Scenario(scenario));
    let guess = match scenario.kind_of_answer(&app.plan.params) {
        crate::scenarios::Answer::Choice { of, .. } => of[0].clone(),
        _ => "4".to_owned(),
    };
    app.obey(Command::Guess(guess));
    app.obey(Command::SetSpeed(Speed::MAX));
    app.obey(Command::RunOrPause);
    settle(&mut app);
    app.obey(Command::MoveCursor(Cursor::After(app.record().log().len() / 2)));
    app.obey(Command::Select(TaskId(0).into()));
    app.obey(Command::SwitchAxis);
    app.obey(Command::Zoom(2.0, None, crate::app::view::Hand::Key));
    app.obey(ToolCommand::Bookmark.into());
    app.look();
    app
}

#[test]
fn whoever_presents_and_leaves_finds_guess_cursor_run_and_panels_as_they_were() {
    for scenario in scenarios::all() {
        let mut app = studied(scenario);
        let before = window(&app);
        for clicks in [0, 1, 3] {
            app.obey(Command::Present);
            settle(&mut app);
            for _ in 0..clicks {
                app.obey(TalkCommand::Turn(Turn::Forward).into());
                settle(&mut app);
            }
            app.obey(Command::Leave);
            settle(&mut app);
            assert_eq!(before, window(&app), "{} after {clicks} pages", scenario.id);
        }
    }
}

#[test]
fn a_run_of_other_parameters_is_there_again_after_a_talk_that_ran_nothing() {
    let semaphore = scenarios::find("semaphore").unwrap();
    let permits = semaphore.params.iter().find(|param| param.name == "permits").unwrap();
    let mut app = studied(semaphore);
    app.obey(Command::SetParam(permits, crate::scenarios::Value::Count(5)));
    app.obey(Command::SwitchAxis);
    let before = window(&app);
    app.obey(Command::Present);
    settle(&mut app);
    assert!(app.session.is_none(), "the page is about the parameters that are set now");
    app.obey(Command::Leave);
    settle(&mut app);
    assert_eq!(before, window(&app));
    app.obey(Command::Present);
    while !matches!(page(&app), Page::Look(..)) {
        app.obey(TalkCommand::Turn(Turn::Forward).into());
        settle(&mut app);
    }
    app.obey(Command::Leave);
    settle(&mut app);
    assert!(
        app.record().title().contains("permits=5") && app.can_compare_last(),
        "the run before it is kept beside it"
    );
}

#[test]
fn a_run_that_stood_still_is_looked_at_where_it_stood() {
    let mut app = App::new(&Context::default(), Show::Scenario(scenarios::find("create-task").unwrap()));
    app.obey(Command::StepForward(Stride::Poll));
    let waits =
        |app: &App| app.session.as_ref().is_some_and(|session| session.phase() != crate::runtime::Phase::Paused);
    while app.record().log().is_empty() || waits(&app) {
        app.look();
    }
    let (events, speed) = (app.record().log().len(), app.plan.speed);
    app.obey(Command::Present);
    while !matches!(page(&app), Page::Look(..)) {
        app.obey(TalkCommand::Turn(Turn::Forward).into());
    }
    settle(&mut app);
    assert!(app.record().log().len() > events);
    app.obey(Command::Leave);
    app.look();
    assert_eq!((app.cursor, app.plan.speed), (Cursor::After(events), speed));
}

#[test]
fn what_is_marked_in_a_round_is_there_again_when_its_pages_are() {
    let mut app = presented(scenarios::find("semaphore").unwrap());
    let mark_next = |app: &mut App, round: Round| {
        while !matches!(page(app), Page::Look(of, _) if of == round) {
            app.obey(TalkCommand::Turn(Turn::Forward).into());
            settle(app);
        }
        app.obey(ToolCommand::Bookmark.into());
        app.look();
        assert_eq!(app.tools.bookmarks.list().len(), 1, "{round:?} has its own");
        app.tools.bookmarks.list().to_vec()
    };
    let first = mark_next(&mut app, Round::First);
    let again = mark_next(&mut app, Round::Again);
    for (turn, round, marks) in [(Turn::Back, Round::First, first), (Turn::Forward, Round::Again, again)] {
        while !matches!(page(&app), Page::Look(of, _) if of == round) {
            app.obey(TalkCommand::Turn(turn).into());
            settle(&mut app);
        }
        assert_eq!(app.tools.bookmarks.list(), marks);
    }
}

#[test]
fn where_lanes_are_many_those_of_the_moment_are_shown_on_every_page_of_every_lesson() {
    for scenario in scenarios::all() {
        let mut app = presented(scenario);
        while page(&app) != Page::Next {
            app.obey(TalkCommand::Turn(Turn::Forward).into());
            settle(&mut app);
            let Page::Look(_, step) = page(&app) else { continue };
            let Reached::At(event) = app.steps_reached()[step] else { continue };
            let kind = app.record().log().get(event).unwrap().kind;
            let about = app.record().task_of(&kind);
            let rows = app.order.rows();
            for room in 1..=rows.len() {
                let chosen = app.lanes_that_matter(room);
                assert_eq!(chosen.rows().len(), room, "{}, step {step}", scenario.id);
                let in_order: Vec<TaskId> = rows.iter().copied().filter(|task| chosen.rows().contains(task)).collect();
                assert_eq!(chosen.rows(), in_order, "{}, step {step}", scenario.id);
                assert!(about.is_none_or(|task| chosen.rows().contains(&task)), "{}, step {step}", scenario.id);
            }
        }
    }
}

#[test]
fn presenting_and_back_faster_than_a_frame_leaves_everything_as_large_as_it_was() {
    for scenario in scenarios::all() {
        let mut app = App::new(&Context::default(), Show::Scenario(scenario));
        let ctx = app.ctx.clone();
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0)));
        let frame = |app: &mut App| {
            ctx.run_ui(RawInput { screen_rect, ..RawInput::default() }, |ui| app.frame(ui)).textures_delta.clear();
        };
        app.obey(Command::Resize(Resize::Larger));
        let size = app.settings().size;
        frame(&mut app);
        app.obey(Command::Present);
        frame(&mut app);
        frame(&mut app);
        assert!(app.ctx.zoom_factor() > 1.5, "a page is large: {}", app.ctx.zoom_factor());
        // egui takes over a size in the next frame, and these two keys come in one.
        app.obey(Command::Present);
        app.obey(Command::Present);
        frame(&mut app);
        app.obey(Command::Present);
        frame(&mut app);
        frame(&mut app);
        assert!(app.presents.is_none());
        assert_eq!((app.settings().size, app.ctx.zoom_factor()), (size, size.factor()), "{}", scenario.id);
    }
}
