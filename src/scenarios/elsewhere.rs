//! Programs that are not part of the course: what a window shows of one that it watches, or of a saved record.
//!
//! Nothing here starts them: they run, or ran, where they are.

use super::{Home, Lesson, Program, Scenario, Source};
use crate::event::ClockKind;

const MARKDOWN: &str = "+++\npromise = \"a program of your own\"\n+++\n\nThis program is not part of the course. It was started elsewhere; this window shows what its \
executors record.\n\nA lane is a task: hatched while it waits, dotted while it is ready, solid while it runs. Where it waits \
for something that Loopscope does not know, the line shown is the one that spawned it.\n\nPause holds each of its threads before the \
next poll, while time and the world go on. If you close the window, the program runs on.\n";

/// What the id of a program elsewhere begins with, and that of no lesson.
const ELSEWHERE: &str = "program-";

impl Scenario {
    /// A program that was started elsewhere, by its name; `rust` is what stands beside its lanes. It is kept as long as
    /// this process lives.
    #[must_use]
    pub fn elsewhere(title: &str, rust: Source) -> &'static Self {
        let title: &'static str = Box::leak(title.into());
        // Whatever its title is, it is no lesson of the course.
        let id: &'static str = Box::leak(format!("{ELSEWHERE}{title}").into());
        Box::leak(Box::new(Self {
            lesson: Lesson::of(MARKDOWN),
            clock: ClockKind::Real,
            rust,
            home: Home::Elsewhere,
            ..Self::new(id, title, |_| Program::Elsewhere)
        }))
    }

    /// Whether it runs, or ran, elsewhere, so that it cannot be started here.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        self.home == Home::Elsewhere
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

    #[test]
    fn no_title_makes_a_program_elsewhere_a_lesson() {
        for lesson in scenarios::all() {
            assert!(!lesson.id.starts_with(ELSEWHERE), "{}", lesson.id);
            let mine = Scenario::elsewhere(lesson.id, Source::rust("", ""));
            assert!(scenarios::find(mine.id).is_err() && mine.title == lesson.id, "{}", mine.id);
        }
    }

    #[test]
    fn asking_where_a_program_runs_does_not_make_it() {
        let scenario = Scenario::new("mine", "Mine", |_| panic!("nobody starts it"));
        assert!(!scenario.is_elsewhere());
    }
}
