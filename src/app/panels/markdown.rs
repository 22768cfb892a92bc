//! The words of a lesson, laid out: paragraphs with bold, italic and code. It knows no other markup.

use crate::app::theme::{Palette, bold, mono, text};
use egui::text::LayoutJob;
use egui::{Color32, TextFormat, Ui};

pub(super) fn paragraphs(ui: &mut Ui, words: &str, palette: &Palette) {
    for paragraph in words.split("\n\n") {
        ui.label(marked_up(paragraph.trim(), palette.text, ui.available_width(), 13.0));
    }
}

/// Words of `size` points, in lines of `width`.
pub(crate) fn marked_up(words: &str, color: Color32, width: f32, size: f32) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    for (style, part) in parts(words) {
        let font = match style {
            Style::Plain | Style::Italic => text(size),
            Style::Bold => bold(size),
            // It looks larger than the words around it in the same size.
            Style::Code => mono(size * 0.93),
        };
        let mut format = TextFormat::simple(font, color);
        format.italics = style == Style::Italic;
        format.line_height = Some(size * 1.42);
        job.append(part, 0.0, format);
    }
    job
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Bold,
    Italic,
    Code,
}

/// The words without their markup, each part with its style. What stands in code is no markup.
fn parts(words: &str) -> Vec<(Style, &str)> {
    let (mut parts, mut style, mut rest) = (Vec::new(), Style::Plain, words);
    loop {
        let mark = match style {
            Style::Code => rest.find('`'),
            _ => rest.find(['`', '*']),
        };
        let (part, after) = rest.split_at(mark.unwrap_or(rest.len()));
        if !part.is_empty() {
            parts.push((style, part));
        }
        let (sign, toggled) = match after {
            "" => return parts,
            after if after.starts_with("**") => ("**", Style::Bold),
            after if after.starts_with('*') => ("*", Style::Italic),
            _ => ("`", Style::Code),
        };
        style = if style == toggled { Style::Plain } else { toggled };
        rest = &after[sign.len()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios;

    #[test]
    fn what_stands_in_code_is_no_markup() {
        let found = parts("*so*: **apart** with `except*`, `a**b`. *Not* more");
        let expected = [
            (Style::Italic, "so"),
            (Style::Plain, ": "),
            (Style::Bold, "apart"),
            (Style::Plain, " with "),
            (Style::Code, "except*"),
            (Style::Plain, ", "),
            (Style::Code, "a**b"),
            (Style::Plain, ". "),
            (Style::Italic, "Not"),
            (Style::Plain, " more"),
        ];
        assert_eq!(found, expected);
    }

    /// The lines of a lesson's file with words to read: in its head, a star in a moment or a sum stands for anything.
    fn read_lines(markdown: &str) -> impl Iterator<Item = &str> {
        let (mut is_long, mut is_asked) = (false, false);
        markdown.split('\n').filter(move |line| {
            if !is_long {
                let key = line.split_once(" = ").map(|(key, _)| key);
                is_asked = key.is_some_and(|key| ["answer", "moment", "if"].contains(&key));
            }
            let quotes = line.matches("\"\"\"").count() + line.matches("'''").count();
            is_long ^= quotes % 2 == 1;
            !is_asked
        })
    }

    /// A text without what stands in braces, where a star multiplies.
    fn without_expressions(text: &str) -> String {
        let mut depth = 0_usize;
        let is_words = |c: &char| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        };
        text.chars().filter(is_words).collect()
    }

    #[test]
    fn no_lesson_leaves_its_markup_open() {
        for scenario in scenarios::all() {
            for paragraph in read_lines(scenario.lesson.markdown) {
                let paragraph = without_expressions(paragraph);
                let code_and_words: Vec<&str> = paragraph.split('`').collect();
                let stars: usize = code_and_words.iter().step_by(2).map(|words| words.matches('*').count()).sum();
                assert!(
                    !code_and_words.len().is_multiple_of(2) && stars.is_multiple_of(2),
                    "{}: {paragraph}",
                    scenario.id
                );
            }
        }
    }
}
