//! Programs that are none of the course: what a window shows of one that it watches, or of a record that was saved.
//!
//! Nothing here starts them: they run, or ran, where they are.

use super::{Lesson, Params, Program, Scenario, Source};
use crate::event::ClockKind;

const MARKDOWN: &str = "This program is none of the course. It was started outside of this window, which shows what its \
executors tell.\n\nA lane is a task: hatched while it waits, dotted while it is ready, solid while it runs. Where it waits \
for something that is not Loopscope's own, the line is that of its spawn.\n\nPause holds each of its threads before the \
next poll; time and the world go on. Closing the window lets it go on by itself.\n";

impl Scenario {
    /// A program that was started elsewhere, by its name; `rust` is what stands beside its lanes. It is kept as long as
    /// this process lives.
    #[must_use]
    pub fn elsewhere(title: &str, rust: Source) -> &'static Self {
        let title: &'static str = Box::leak(title.into());
        Box::leak(Box::new(Self {
            promise: "a program of your own",
            lesson: Lesson { markdown: MARKDOWN, steps: &[] },
            clock: ClockKind::Real,
            rust,
            ..Self::new(title, title, |_| Program::Elsewhere)
        }))
    }

    /// Whether it runs, or ran, elsewhere, so that it cannot be started here.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        matches!((self.program)(&Params::defaults(self.params)), Program::Elsewhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios;

    #[test]
    fn a_program_of_the_course_is_not_elsewhere() {
        assert!(scenarios::all().all(|scenario| !scenario.is_elsewhere()));
        let mine = Scenario::elsewhere("mine", Source::rust("", ""));
        assert!(mine.is_elsewhere() && mine.chapter().is_none());
    }
}
