//! Answers to what a run asks, from standard input.

use loopscope::session::Session;
use loopscope::trace::text;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;

/// Reads standard input, from the first question on.
#[derive(Debug, Default)]
pub(super) struct Answers {
    is_reading: bool,
    /// What was asked at the last look.
    asked: Vec<Arc<str>>,
}

impl Answers {
    /// Looks whether the run asks something. Each line of standard input answers one question; at its end the program
    /// goes on without an answer. Bytes that are not UTF-8 are read as `�`.
    pub(super) fn see(&mut self, session: &Session) {
        let questions = session.questions();
        if questions.is_empty() && self.asked.is_empty() {
            return;
        }
        // Somebody at a terminal has to see what is asked. It is no line of the run: it is not for scripts.
        if io::stdin().is_terminal() {
            let is_new = |question: &&Arc<str>| !self.asked.iter().any(|asked| Arc::ptr_eq(asked, question));
            for question in questions.iter().filter(is_new) {
                drop(write!(io::stderr(), "{} ", text::terminal(question)));
            }
        }
        self.asked = questions;
        if std::mem::replace(&mut self.is_reading, true) {
            return;
        }
        // Nobody waits for this thread: it may be reading when the run is over.
        let control = session.control();
        let thread = std::thread::Builder::new().name("answers".into()).spawn(move || {
            let (mut input, mut line) = (io::stdin().lock(), Vec::new());
            while input.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                let end = line.strip_suffix(b"\n").map_or(&line[..], |line| line.strip_suffix(b"\r").unwrap_or(line));
                control.answer(String::from_utf8_lossy(end));
                line.clear();
            }
            control.end_input();
        });
        if thread.is_err() {
            session.end_input();
        }
    }
}
