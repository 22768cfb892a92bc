//! How a place in the source is named to a reader, and which language's words advice uses.
//!
//! A record names the lines of the program that ran. A lesson shows its program in two languages, and a reader may look at
//! the other one. Code that names a line of the source in a sentence, a label or a list asks a [`Wording`].
//!
//! It never guesses: a line without a counterpart is named by its file alone.

use crate::model::facts::Site;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The languages that a reader looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Languages {
    /// The Rust that runs.
    Rust,
    /// The same program in Python. Learners come from there.
    #[default]
    Python,
    /// Both, one beside the other.
    Both,
}

impl Languages {
    /// Each choice, in the order in which it is offered.
    pub const ALL: [Self; 3] = [Self::Rust, Self::Python, Self::Both];

    /// What the choice is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::Both => "Both",
        }
    }
}

/// The lines of one program in its two languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TwinLines {
    /// The name of the Rust file, without its folders.
    pub rust_file: String,
    /// Whether there is the same program in Python.
    pub has_python: bool,
    /// For each line of the Rust file that has one, the line of the Python file that does the same.
    pub python: BTreeMap<u32, u32>,
    /// The exception that the Python file raises, where it raises one kind only.
    pub exception: Option<String>,
}

/// Names places for a reader. The default is for Rust, and knows of no program: a sentence names every line with its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    languages: Languages,
    programs: Vec<TwinLines>,
}

impl Default for Wording {
    fn default() -> Self {
        Self { languages: Languages::Rust, programs: Vec::new() }
    }
}

/// Where a recorded line is found in what the reader looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found<'a> {
    /// In a program that is shown, on the lines with these numbers.
    Shown { rust: Option<u32>, python: Option<u32> },
    /// Elsewhere: in a file that is not shown.
    File(&'a str, u32),
    /// Elsewhere, and the reader does not look at that language.
    OtherLanguage(&'a str),
}

impl Wording {
    /// A wording for somebody who looks at these languages of these programs. Where none of them is in Python, it is for Rust.
    #[must_use]
    pub fn new(languages: Languages, programs: Vec<TwinLines>) -> Self {
        let has_python = programs.iter().any(|program| program.has_python);
        Self { languages: if has_python { languages } else { Languages::Rust }, programs }
    }

    /// The languages that it is for.
    #[must_use]
    pub fn languages(&self) -> Languages {
        self.languages
    }

    fn find<'a>(&self, file: &'a str, line: u32) -> Found<'a> {
        let program = self.programs.iter().find(|program| program.rust_file == file);
        let python = program.and_then(|program| program.python.get(&line).copied());
        let has_python = program.is_some_and(|program| program.has_python);
        match self.languages {
            Languages::Python if python.is_some() => Found::Shown { rust: None, python },
            // A program of which there is no Python is read in Rust.
            Languages::Python if has_python || program.is_none() => Found::OtherLanguage(file),
            Languages::Both => match program {
                Some(_) => Found::Shown { rust: Some(line), python },
                None => Found::File(file, line),
            },
            Languages::Rust | Languages::Python => match program {
                Some(_) => Found::Shown { rust: Some(line), python: None },
                None => Found::File(file, line),
            },
        }
    }

    /// The place in a sentence: `line 10`, `Rust line 10, Python line 6`, `web_site.rs:45`.
    #[must_use]
    pub fn line(&self, site: &Site) -> String {
        self.line_of(site.file_name(), site.line)
    }

    /// The same of a line that is known by the name of its file and its number.
    #[must_use]
    pub fn line_of(&self, file: &str, line: u32) -> String {
        match self.find(file, line) {
            Found::Shown { rust: Some(rust), python: Some(python) } => {
                format!("Rust line {rust}, Python line {python}")
            }
            Found::Shown { rust: Some(rust), .. } if self.languages == Languages::Both => format!("Rust line {rust}"),
            Found::Shown { rust, python } => format!("line {}", rust.or(python).unwrap_or(line)),
            Found::File(file, line) => format!("{file}:{line}"),
            Found::OtherLanguage(file) => file.to_owned(),
        }
    }

    /// The place on a label: `:10`, `rs 10, py 6`, `web_site.rs:45`.
    #[must_use]
    pub fn short(&self, site: &Site) -> String {
        match self.find(site.file_name(), site.line) {
            Found::Shown { rust: Some(rust), python: Some(python) } => format!("rs {rust}, py {python}"),
            Found::Shown { rust: Some(rust), .. } if self.languages == Languages::Both => format!("rs {rust}"),
            Found::Shown { rust, python } => format!(":{}", rust.or(python).unwrap_or(site.line)),
            // Without a program that is shown there is none to take it for.
            Found::File(_, line) if self.programs.is_empty() => format!(":{line}"),
            Found::File(file, line) => format!("{file}:{line}"),
            Found::OtherLanguage(file) => file.to_owned(),
        }
    }

    /// The place after the name of the function or task that is there: `main:10`, `main (rs 10, py 6)`.
    #[must_use]
    pub fn named(&self, name: &str, site: &Site) -> String {
        let place = self.short(site);
        if place.starts_with(':') { format!("{name}{place}") } else { format!("{name} ({place})") }
    }

    /// What a reader calls an error that has this type in Rust: `String`, `LookupError`. In Python it has no name where the
    /// program is not known to raise one; then this is none.
    #[must_use]
    pub fn error<'a>(&'a self, rust: &'a str) -> Option<Cow<'a, str>> {
        match (self.languages, self.exception()) {
            (Languages::Rust, _) | (Languages::Both, None) => Some(rust.into()),
            (Languages::Python, python) => python.map(Cow::from),
            (Languages::Both, Some(python)) => Some(format!("{rust} ({python} in Python)").into()),
        }
    }

    /// The exception that the Python programs raise, where it is one kind.
    #[must_use]
    pub fn exception(&self) -> Option<&str> {
        self.programs.iter().find_map(|program| program.exception.as_deref())
    }

    /// One of three ways to say something, for whichever languages are shown.
    #[must_use]
    pub fn say(&self, rust: &'static str, python: &'static str, both: &'static str) -> &'static str {
        match self.languages {
            Languages::Rust => rust,
            Languages::Python => python,
            Languages::Both => both,
        }
    }

    /// The word for what each language has a word of its own for. Where both are shown, both are said.
    #[must_use]
    pub fn pick(&self, rust: &'static str, python: &'static str) -> Cow<'static, str> {
        match self.languages {
            Languages::Rust => rust.into(),
            Languages::Python => python.into(),
            Languages::Both => format!("{rust} ({python} in Python)").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wording(languages: Languages) -> Wording {
        let python = BTreeMap::from([(10, 6)]);
        let exception = Some("LookupError".into());
        Wording::new(
            languages,
            vec![TwinLines { rust_file: "semaphore.rs".into(), has_python: true, python, exception }],
        )
    }

    fn site(file: &str, line: u32) -> Site {
        Site { file: format!("src/{file}").into(), line, column: 1 }
    }

    #[test]
    fn a_line_has_the_numbers_of_the_languages_that_are_shown() {
        let known = site("semaphore.rs", 10);
        let told = Languages::ALL.map(|languages| {
            let wording = wording(languages);
            [wording.line(&known), wording.short(&known), wording.named("main", &known)]
        });
        assert_eq!(told[0], ["line 10", ":10", "main:10"]);
        assert_eq!(told[1], ["line 6", ":6", "main:6"]);
        assert_eq!(told[2], ["Rust line 10, Python line 6", "rs 10, py 6", "main (rs 10, py 6)"]);
    }

    #[test]
    fn a_line_that_the_chosen_language_does_not_have_gets_no_number_of_it() {
        let (foreign, alone) = (site("web_site.rs", 45), site("semaphore.rs", 12));
        let told = Languages::ALL.map(|languages| {
            let wording = wording(languages);
            [wording.line(&foreign), wording.named("serve", &foreign), wording.line(&alone), wording.short(&alone)]
        });
        assert_eq!(told[0], ["web_site.rs:45", "serve (web_site.rs:45)", "line 12", ":12"]);
        assert_eq!(told[1], ["web_site.rs", "serve (web_site.rs)", "semaphore.rs", "semaphore.rs"]);
        assert_eq!(told[2], ["web_site.rs:45", "serve (web_site.rs:45)", "Rust line 12", "rs 12"]);
    }

    #[test]
    fn an_error_has_its_name_in_the_languages_that_are_shown() {
        let told = Languages::ALL.map(|languages| wording(languages).error("String").map(Cow::into_owned));
        let told = told.map(Option::unwrap_or_default);
        assert_eq!(told, ["String", "LookupError", "String (LookupError in Python)"]);
        let unnamed = TwinLines { rust_file: "own.rs".into(), has_python: true, ..TwinLines::default() };
        let told = |languages| Wording::new(languages, vec![unnamed.clone()]).error("NoPage").map(Cow::into_owned);
        assert_eq!(Languages::ALL.map(told), [Some("NoPage".into()), None, Some("NoPage".into())]);
    }

    #[test]
    fn a_program_without_python_is_told_of_in_rust() {
        let own = TwinLines { rust_file: "own.rs".into(), ..TwinLines::default() };
        for languages in Languages::ALL {
            let wording = Wording::new(languages, vec![own.clone()]);
            assert_eq!(wording.line(&site("own.rs", 3)), "line 3");
            assert_eq!(wording.pick("panicked", "raised"), "panicked");
        }
        assert_eq!(Wording::default().line(&site("own.rs", 3)), "own.rs:3");
    }
}
