//! Lessons of the course that a build may lack. Those on real I/O run on libraries that nothing else here needs, and are in
//! the feature `real-io`.

/// A lesson that this build cannot run: it was built without the feature that the lesson needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// The name on the command line.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// The feature of the package that brings it.
    pub feature: &'static str,
}

impl LeftOut {
    /// What is said of each, beside its title.
    pub const WORDS: &str = "not in this build";

    #[cfg(any(test, not(feature = "real-io")))]
    const fn real_io(id: &'static str, title: &'static str) -> Self {
        Self { id, title, feature: "real-io" }
    }
}

/// The lessons on real I/O.
#[cfg(any(test, not(feature = "real-io")))]
pub(super) static REAL_IO: &[LeftOut] = &[
    LeftOut::real_io("http-client", "Fetch real pages"),
    LeftOut::real_io("scrape", "Follow the links (crawler)"),
    LeftOut::real_io("http-server", "A server under load"),
    LeftOut::real_io("file-read", "Read files (threads)"),
    LeftOut::real_io("database", "A connection pool"),
    LeftOut::real_io("user-input", "A question to you (input)"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios::{self, CHAPTERS};

    #[test]
    fn the_lessons_that_may_be_left_out_are_those_on_real_io() {
        let chapter = CHAPTERS.iter().find(|chapter| chapter.title == "Real I/O").expect("the course has it");
        let lessons: Vec<_> = chapter.scenarios.iter().map(|scenario| (scenario.id, scenario.title)).collect();
        let left_out: Vec<_> = scenarios::left_out().map(|lesson| (lesson.id, lesson.title)).collect();
        let (here, not_here) = if cfg!(feature = "real-io") { (lessons, left_out) } else { (left_out, lessons) };
        assert_eq!(here, REAL_IO.iter().map(|lesson| (lesson.id, lesson.title)).collect::<Vec<_>>());
        assert_eq!(not_here, []);
    }

    #[test]
    fn a_lesson_that_is_left_out_says_what_brings_it() {
        for lesson in scenarios::left_out() {
            let error = scenarios::find(lesson.id).expect_err(lesson.id).to_string();
            assert!(error.contains(LeftOut::WORDS) && error.contains(lesson.feature), "{error}");
        }
    }
}
