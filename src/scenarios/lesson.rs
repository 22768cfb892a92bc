//! A lesson's text, part by part.

use super::seen::Moment;

/// A lesson.
#[derive(Debug)]
pub struct Lesson {
    /// The Markdown file: what is said before the run, then the parts under the headings *Predict*, *You may think*,
    /// *Look for* and *So what*.
    pub markdown: &'static str,
    /// When the run reaches each entry under *Look for*.
    pub steps: &'static [Moment],
}

impl Lesson {
    /// What the lesson says first.
    #[must_use]
    pub fn intro(&self) -> &'static str {
        self.markdown.split("\n## ").next().unwrap_or_default().trim()
    }

    /// The question to answer before the run.
    #[must_use]
    pub fn question(&self) -> &'static str {
        self.part("Predict")
    }

    /// What many believe, and the lesson puts right.
    #[must_use]
    pub fn misconception(&self) -> &'static str {
        self.part("You may think")
    }

    /// What to look for, in the order in which the run reaches it.
    pub fn look_for(&self) -> impl Iterator<Item = &'static str> {
        self.part("Look for").lines().filter_map(|line| line.split_once(". ").map(|(_, text)| text.trim()))
    }

    /// What follows from it.
    #[must_use]
    pub fn so_what(&self) -> &'static str {
        self.part("So what")
    }

    fn part(&self, heading: &str) -> &'static str {
        let parts = self.markdown.split("\n## ").skip(1);
        let mut texts = parts.filter_map(|part| part.split_once('\n').filter(|(title, _)| title.trim() == heading));
        texts.next().map_or("", |(_, text)| text.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_found_by_their_headings() {
        let lesson = Lesson {
            markdown: "First.\n\nSecond.\n\n## Predict\n\nHow long?\n\n## Look for\n\n1. One.\n2. Two. Really.\n",
            steps: &[],
        };
        assert_eq!(lesson.intro(), "First.\n\nSecond.");
        assert_eq!(lesson.question(), "How long?");
        assert_eq!(lesson.look_for().collect::<Vec<_>>(), ["One.", "Two. Really."]);
        assert_eq!(lesson.so_what(), "");
    }
}
