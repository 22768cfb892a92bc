//! A program's text as a lesson shows it.

use super::Params;
use super::values::{self, Names, SetValue};
use crate::event::Language;
use crate::moment::Marks;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A program's text.
#[derive(Debug)]
pub struct Source {
    /// The language.
    pub language: Language,
    /// The file's name for people.
    pub file: &'static str,
    /// The whole file.
    pub text: &'static str,
    /// What it calls the parameters that it does not call by their names.
    pub(super) names: Names,
}

/// A line that a lesson shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: u32,
    /// What is shown: without the mark, and without `frame!` around a call, which only names it for the record.
    pub text: Cow<'static, str>,
    /// The name it shares with the line of the other language that does the same.
    pub mark: Option<&'static str>,
    /// What stands in it because of the run, and not in the file.
    pub values: Vec<SetValue>,
}

/// The line with the calls that stand in [`frame!`](crate::frame) alone.
fn without_frame(line: &'static str) -> Cow<'static, str> {
    let Some((before, call)) = line.split_once("frame!(") else { return line.into() };
    let mut depth = 1_usize;
    let end = call.char_indices().find_map(|(place, sign)| {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(place)
    });
    end.map_or(line.into(), |end| format!("{before}{}{}", &call[..end], &call[end + 1..]).into())
}

/// What follows this line in a Rust file registers the lesson; it is not shown.
const END: &str = "// --- end of the lesson's code ---";

impl Source {
    /// A program in Rust.
    #[must_use]
    pub const fn rust(file: &'static str, text: &'static str) -> Self {
        Self { language: Language::Rust, file, text, names: &[] }
    }

    /// A program in Python.
    #[must_use]
    pub const fn python(file: &'static str, text: &'static str) -> Self {
        Self { language: Language::Python, file, text, names: &[] }
    }

    /// The same, where it calls some parameters by other names: each parameter with what it is called there.
    #[must_use]
    pub(super) const fn naming(self, names: Names) -> Self {
        Self { names, ..self }
    }

    /// The lines that a lesson shows, with the values of a run.
    #[must_use]
    pub fn lines_of(&self, params: &Params) -> Vec<Line> {
        let mut lines: Vec<Line> = self.lines().collect();
        if let Some(main) = lines.iter_mut().find(|line| values::begins_main(&line.text)) {
            values::put(self.language, self.names, main, params);
        }
        lines
    }

    /// The lines that a lesson shows: without the file's documentation, imports and registration.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        self.parsed().iter().cloned()
    }

    /// The same. A text is parsed once for each process, and kept: the window asks for its lines in every frame.
    fn parsed(&self) -> &'static [Line] {
        type Parsed = HashMap<(usize, usize), &'static [Line]>;
        static PARSED: Mutex<Option<Parsed>> = Mutex::new(None);
        let place = (self.text.as_ptr().addr(), self.text.len());
        let mut parsed = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
        parsed.get_or_insert_default().entry(place).or_insert_with(|| self.parse().leak())
    }

    fn parse(&self) -> Vec<Line> {
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
                Line { number, text: without_frame(text.trim_end()), mark, values: Vec::new() }
            })
            .collect();
        while lines.pop_if(|line| line.text.is_empty()).is_some() {}
        lines
    }

    /// The mark of the line of that number in the file; none for a line without one, or one that is not shown.
    #[must_use]
    pub fn mark_of(&self, number: u32) -> Option<&'static str> {
        let lines = self.parsed();
        let place = lines.binary_search_by_key(&number, |line| line.number).ok()?;
        lines[place].mark
    }

    /// The marks of its lines, by which a moment may name them.
    #[must_use]
    pub fn marks(&self) -> Marks {
        let lines: Vec<Line> = self.lines().collect();
        Marks::new(self.file, lines.iter().filter_map(|line| Some((line.number, line.mark?))))
    }

    /// The line with that mark.
    #[must_use]
    pub fn marked(&self, mark: &str) -> Option<Line> {
        self.parsed().iter().find(|line| line.mark == Some(mark)).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_shows_the_program_alone_with_the_numbers_of_the_file() {
        let text = "//! About.\n\nuse x;\n\nasync fn f() {\n    frame!(g(1, (2))).await; //~ call\n}\n\n// --- end of the lesson's code ---\nhidden";
        let source = Source::rust("f.rs", text);
        let lines: Vec<Line> = source.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0], Line { number: 5, text: "async fn f() {".into(), mark: None, values: vec![] });
        assert_eq!(
            lines[1],
            Line { number: 6, text: "    g(1, (2)).await;".into(), mark: Some("call"), values: vec![] }
        );
        assert_eq!(source.marked("call").map(|line| line.number), Some(6));
        assert_eq!((source.mark_of(6), source.mark_of(5), source.mark_of(1)), (Some("call"), None, None));
    }

    #[test]
    fn a_text_is_parsed_once() {
        let source = Source::rust("f.rs", "async fn f() {}");
        assert!(std::ptr::eq(source.parsed(), source.parsed()));
    }
}
