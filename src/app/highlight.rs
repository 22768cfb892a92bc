//! Source text in colours: keywords, strings and comments, a line at a time. Enough for the course's own programs;
//! it knows no syntax beyond that.

use super::theme::{Palette, mono};
use crate::scenarios::Language;
use egui::{Color32, Stroke, TextFormat, text::LayoutJob};
use std::ops::Range;

const RUST: &[&str] = &[
    "as", "async", "await", "else", "fn", "for", "if", "in", "let", "loop", "match", "move", "mut", "return", "while",
    "Some", "None",
];
const PYTHON: &[&str] = &[
    "and", "as", "async", "await", "def", "else", "except", "finally", "for", "from", "global", "if", "import", "in",
    "is", "not", "or", "return", "try", "while", "with", "None", "True", "False",
];
/// Size of source text, in points.
pub(crate) const SIZE: f32 = 12.0;
/// And where a line would not fit otherwise.
pub(crate) const LEAST_SIZE: f32 = 11.0;

/// Space before a sign, in points: none that is seen, but parts without any are put together again.
const APART: f32 = f32::MIN_POSITIVE;

/// A line of source as text to lay out, in letters of that size. What the run has set in it is underlined.
pub(crate) fn highlight(
    language: Language,
    line: &str,
    set: &[Range<usize>],
    size: f32,
    palette: &Palette,
) -> LayoutJob {
    let mut job = LayoutJob::default();
    let underline = Stroke::new(1.5, palette.running);
    for (piece, kind) in pieces(language, line) {
        let color: Color32 = match kind {
            Kind::Keyword => palette.keyword,
            Kind::Text => palette.string,
            Kind::Comment => palette.comment,
            Kind::Plain => palette.text,
        };
        // Each sign by itself: the font would draw `==` and `=>` as one sign, which nobody finds on a keyboard.
        for part in piece.split_inclusive(|sign: char| sign.is_ascii_punctuation() && sign != '_') {
            let mut rest = part;
            while !rest.is_empty() {
                let at = job.text.len();
                let value = set.iter().find(|value| value.contains(&at));
                let end = value
                    .map(|value| value.end)
                    .or_else(|| set.iter().map(|value| value.start).filter(|next| *next > at).min());
                let (piece, after) = end.and_then(|end| rest.split_at_checked(end - at)).unwrap_or((rest, ""));
                let format = TextFormat::simple(mono(size), color);
                let format = match value {
                    Some(_) => TextFormat { underline, color: palette.text, ..format },
                    None => format,
                };
                job.append(piece, APART, format);
                rest = after;
            }
        }
    }
    job
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Keyword,
    Text,
    Comment,
}

fn pieces(language: Language, line: &str) -> Vec<(&str, Kind)> {
    let (comment, keywords) = match language {
        Language::Rust => ("//", RUST),
        Language::Python => ("#", PYTHON),
    };
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let (length, kind) = if rest.starts_with(comment) {
            (rest.len(), Kind::Comment)
        } else if first == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
            (end, Kind::Text)
        } else if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            (end, if keywords.contains(&&rest[..end]) { Kind::Keyword } else { Kind::Plain })
        } else {
            let end = rest.find(|c| is_word(c) || c == '"').unwrap_or(rest.len());
            let end = rest.find(comment).map_or(end, |start| end.min(start));
            (end, Kind::Plain)
        };
        let (piece, after) = rest.split_at(length);
        pieces.push((piece, kind));
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::text::LayoutSection;

    #[test]
    fn every_line_of_the_course_is_shown_whole() {
        for scenario in crate::scenarios::all() {
            for source in [&scenario.rust, &scenario.python] {
                for line in source.lines() {
                    let pieces = pieces(source.language, &line.text);
                    assert_eq!(pieces.iter().map(|(piece, _)| *piece).collect::<String>(), line.text);
                }
            }
        }
    }

    #[test]
    fn signs_are_laid_out_one_by_one() {
        egui::__run_test_ui(|ui| {
            let job = highlight(Language::Python, "if a == b:", &[], SIZE, Palette::of(ui));
            let part = |part: &LayoutSection| &job.text[part.byte_range.start.0..part.byte_range.end.0];
            assert_eq!(job.sections.iter().map(part).collect::<Vec<_>>(), ["if", " ", "a", " =", "=", " ", "b", ":"]);
        });
    }

    #[test]
    fn exactly_what_the_run_has_set_is_underlined() {
        egui::__run_test_ui(|ui| {
            let line = "main(a=1.5, b=\"x-y\"): # c = 1.5 s, d = 2";
            let set = ["1.5", "\"x-y\"", "1.5 s", "2"].map(|value| {
                let at = line.rfind(value).filter(|_| value != "1.5").or(line.find(value)).unwrap();
                at..at + value.len()
            });
            let job = highlight(Language::Python, line, &set, SIZE, Palette::of(ui));
            assert_eq!(job.text, line);
            for section in &job.sections {
                let part = section.byte_range.start.0..section.byte_range.end.0;
                let is_set = set.iter().any(|value| value.start <= part.start && part.end <= value.end);
                assert_eq!(!section.format.underline.is_empty(), is_set, "{}", &line[part]);
            }
        });
    }

    #[test]
    fn words_strings_and_comments_are_told_apart() {
        let kinds = |line| pieces(Language::Rust, line).into_iter().map(|(_, kind)| kind).collect::<Vec<_>>();
        assert_eq!(kinds("let"), [Kind::Keyword]);
        assert_eq!(kinds("letter"), [Kind::Plain]);
        assert_eq!(kinds("\"let\" // x"), [Kind::Text, Kind::Plain, Kind::Comment]);
    }
}
