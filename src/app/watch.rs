//! Watching a program of one's own in a window of the same process.
//!
//! The window has the caller's thread, as some systems ask of it; the program gets one of its own.

use super::Show;
use super::open::{OpenError, open};
use crate::scenarios::Source;
use crate::session::Session;
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;

/// Opens a window, runs `program` on a thread of its own, and shows live what its executors do, [`crate::smol`]'s and those
/// of [`crate::executor`]. Returns what the program gives, when it is done and the window is closed; each may come first.
///
/// `title` names the program and its record. `code` is its text, for the panel beside its lanes: for a file `main.rs`,
/// `Source::rust("main.rs", include_str!("main.rs"))`. Call it on the main thread, once.
///
/// ```no_run
/// use loopscope::{app, scenarios::Source, smol};
///
/// async fn work() -> u32 {
///     smol::spawn(async { 6 * 7 }).await
/// }
///
/// let answer = app::watch("my program", Source::rust("", ""), || smol::block_on(work()))?;
/// assert_eq!(answer, 42);
/// # Ok::<(), app::OpenError>(())
/// ```
///
/// # Errors
/// If the window cannot be opened. Then the program has not run.
///
/// # Panics
/// With the program's own panic, once the window is closed.
pub fn watch<T: Send>(title: &str, code: Source, program: impl FnOnce() -> T + Send) -> Result<T, OpenError> {
    let (session, recording) = Session::watch(title, code);
    let (go, opened) = mpsc::channel();
    thread::scope(|scope| {
        let thread = thread::Builder::new().name(title.to_owned()).spawn_scoped(scope, move || {
            opened.recv().ok()?; // no window, no program
            let output = program();
            drop(recording);
            Some(output)
        });
        let thread = thread.map_err(|error| OpenError::Other(format!("no thread for the program: {error}")))?;
        let closed = open(Show::Run(Box::new(session)).into(), move || {
            let _ = go.send(()); // the thread waits for it
        });
        match thread.join() {
            // That the window went away in an unforeseen way is no reason to lose what the program gave.
            Ok(Some(output)) => Ok(output),
            Ok(None) => Err(closed.err().unwrap_or_else(|| OpenError::Other("it never came up".to_owned()))),
            Err(panic) => resume_unwind(panic),
        }
    })
}
