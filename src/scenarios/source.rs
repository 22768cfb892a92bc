//! A program's text as a lesson shows it.

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// The program that runs.
    Rust,
    /// Its twin.
    Python,
}

/// A program's text.
#[derive(Debug)]
pub struct Source {
    /// The language.
    pub language: Language,
    /// The file's name for people.
    pub file: &'static str,
    /// The whole file.
    pub text: &'static str,
}

/// A line that a lesson shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: u32,
    /// What is shown: without the mark.
    pub text: &'static str,
    /// The name it shares with the line of the other language that does the same.
    pub mark: Option<&'static str>,
}

/// What follows this line in a Rust file registers the lesson; it is not shown.
const END: &str = "// --- end of the lesson's code ---";

impl Source {
    /// A program in Rust.
    #[must_use]
    pub const fn rust(file: &'static str, text: &'static str) -> Self {
        Self { language: Language::Rust, file, text }
    }

    /// A program in Python.
    #[must_use]
    pub const fn python(file: &'static str, text: &'static str) -> Self {
        Self { language: Language::Python, file, text }
    }

    /// The lines that a lesson shows: without the file's documentation, imports and registration.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        let marker = match self.language {
            Language::Rust => "//~ ",
            Language::Python => "#~ ",
        };
        let numbered = self.text.lines().zip(1..).take_while(|(line, _)| *line != END);
        let shown = numbered.skip_while(|(line, _)| {
            line.is_empty() || ["//!", "use ", "\"\"\"", "import ", "from "].iter().any(|start| line.starts_with(start))
        });
        let mut lines: Vec<Line> = shown
            .map(|(line, number)| {
                let (text, mark) =
                    line.split_once(marker).map_or((line, None), |(text, mark)| (text, Some(mark.trim())));
                Line { number, text: text.trim_end(), mark }
            })
            .collect();
        while lines.pop_if(|line| line.text.is_empty()).is_some() {}
        lines.into_iter()
    }

    /// The mark of the line of that number in the file; none for a line without one, or one that is not shown.
    #[must_use]
    pub fn mark_of(&self, number: u32) -> Option<&'static str> {
        self.lines().find(|line| line.number == number)?.mark
    }

    /// The line with that mark.
    #[must_use]
    pub fn marked(&self, mark: &str) -> Option<Line> {
        self.lines().find(|line| line.mark == Some(mark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_shows_the_program_alone_with_the_numbers_of_the_file() {
        let text = "//! About.\n\nuse x;\n\nasync fn f() {\n    g().await; //~ call\n}\n\n// --- end of the lesson's code ---\nhidden";
        let source = Source { language: Language::Rust, file: "f.rs", text };
        let lines: Vec<Line> = source.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0], Line { number: 5, text: "async fn f() {", mark: None });
        assert_eq!(lines[1], Line { number: 6, text: "    g().await;", mark: Some("call") });
        assert_eq!(source.marked("call").map(|line| line.number), Some(6));
    }
}
