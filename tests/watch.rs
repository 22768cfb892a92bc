//! A program of this process that is watched, without a window. The record of a process's executors is one: the tests take
//! turns.

use loopscope::event::Outcome;
use loopscope::executor::Recording;
use loopscope::scenarios::Source;
use loopscope::session::Session;
use loopscope::trace::{RunPhase, Stats, check, file};
use loopscope::{executor, smol};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

static TURN: Mutex<()> = Mutex::new(());

/// The program: two tasks that pass a number to and fro.
async fn work(rounds: u32) -> u32 {
    let (there, here) = smol::channel::bounded(1);
    let (back, home) = smol::channel::bounded(1);
    let adds = smol::spawn(async move {
        while let Ok(number) = here.recv().await {
            back.send(number + 1).await.expect("the other waits for it");
        }
    });
    let asks = smol::spawn(async move {
        let mut number = 0;
        for _ in 0..rounds {
            there.send(number).await.expect("the other is there");
            number = home.recv().await.expect("it answers each");
        }
        number
    });
    let number = asks.await;
    adds.await;
    number
}

/// Runs the program on a thread of its own.
fn start(rounds: u32, recording: Recording) -> JoinHandle<u32> {
    let program = move || {
        let number = smol::block_on(work(rounds));
        drop(recording);
        number
    };
    thread::Builder::new().name("program".into()).spawn(program).unwrap()
}

#[test]
fn a_watched_program_is_seen_whole_and_its_record_opens_again() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut session, recording) = Session::watch("to and fro", Source::rust("", ""));
    let program = start(500, recording);
    while session.pump_wait() {}
    assert_eq!(program.join().unwrap(), 500);
    let record = session.record();
    assert!(session.is_over() && session.has_all());
    assert_eq!(record.edge().phase, RunPhase::Ended(Outcome::Detached));
    assert_eq!(check(record.log().iter_from(0)), []);
    assert_eq!(Stats::of(record).ended(loopscope::trace::Ending::Returned), 2);
    assert!(session.plan().scenario.is_elsewhere());

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("watched.loopscope");
    file::save(record, &path).unwrap();
    let mut opened = Session::open(&path).unwrap();
    while opened.pump_wait() {}
    assert_eq!(opened.plan().scenario.title, "to and fro");
    assert!(opened.record().log().iter_from(0).eq(record.log().iter_from(0)));
}

#[test]
fn a_program_that_was_paused_goes_on_when_nobody_watches_any_more() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut session, recording) = Session::watch("paused", Source::rust("", ""));
    session.pause();
    let program = start(20, recording);
    // Both tasks are there and neither has been polled.
    while session.record().lanes().len() < 2 {
        session.pump_wait();
    }
    assert_eq!(Stats::of(session.record()).polls, 0);
    session.stop(); // which is not for who only watches to do: it lets it go on
    session.pause();
    drop(session);
    assert_eq!(program.join().unwrap(), 20);
    // And the next is recorded from its own beginning.
    let recording = executor::record("next", |_: &mut Vec<_>| {});
    drop(recording);
}
