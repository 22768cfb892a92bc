//! Text from a record, a file name or a program, made fit for the place where it is shown.
//!
//! A record may come from a stranger, and a name in it may hold any character. Raw control characters steer a terminal,
//! break a row of a table, or make a file that no reader accepts. Everything that Loopscope prints, draws or exports goes
//! through one of these functions. An unfit character becomes visible, as Rust writes it: `\n`, `\t`, `\u{1b}`.
//!
//! | place | function |
//! |---|---|
//! | a name on a line, a lane, a chip, a label | [`name`]: one line, shortened |
//! | a sentence, a printed line in the story | [`line()`]: one line, shortened if very long |
//! | a message or several lines on a terminal | [`terminal`]: line breaks and tabs stay |
//! | XML and SVG | [`xml`] |
//! | a cell of a CSV file | [`csv_cell`] |
//!
//! The records themselves are never changed: what is saved is what was recorded.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};

/// A longer name is cut, in characters.
pub const LONGEST_NAME: usize = 80;
/// A longer line is cut, in characters.
pub const LONGEST_LINE: usize = 1000;

/// A number with its noun: `1 task`, `3 tasks`.
#[must_use]
pub fn count<N: Display + PartialEq + From<u8>>(number: N, one: &str, many: &str) -> String {
    let noun = if number == N::from(1) { one } else { many };
    format!("{number} {noun}")
}

/// A name: on one line, and no longer than [`LONGEST_NAME`]. What is cut off is marked by `…`.
///
/// ```
/// use loopscope_record::text::name;
///
/// assert_eq!(name("fetch-1"), "fetch-1");
/// assert_eq!(name("a\nb\u{1b}[2J"), r"a\nb\u{1b}[2J");
/// assert_eq!(name(&"x".repeat(300_000)).chars().count(), 80);
/// ```
#[must_use]
pub fn name(text: &str) -> Cow<'_, str> {
    cut(text, LONGEST_NAME, is_fit)
}

/// A line: no longer than [`LONGEST_LINE`]. What is cut off is marked by `…`.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    cut(text, LONGEST_LINE, is_fit)
}

/// All of a text, on one line.
#[must_use]
pub fn whole(text: &str) -> Cow<'_, str> {
    cut(text, usize::MAX, is_fit)
}

/// All of a text, for a terminal: it may have several lines and tabs, and steers nothing.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    cut(text, usize::MAX, |character| is_fit(character) || matches!(character, '\n' | '\t'))
}

/// All of a text, as character data or an attribute in quotes of an XML document.
///
/// ```
/// use loopscope_record::text::xml;
///
/// assert_eq!(xml("a < b & \u{0}\u{fffe}"), r"a &lt; b &amp; \u{0}\u{fffe}");
/// ```
#[must_use]
pub fn xml(text: &str) -> Cow<'_, str> {
    let text = whole(text);
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped.into()
}

/// All of a text, as a cell of a CSV file (RFC 4180): in quotes where it needs them.
///
/// A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. As OWASP advises on CSV injection, such a
/// cell gets a `'` in front. Their full-width forms count too.
///
/// ```
/// use loopscope_record::text::csv_cell;
///
/// assert_eq!(csv_cell("=1+2"), "'=1+2");
/// assert_eq!(csv_cell("queue, an item"), "\"queue, an item\"");
/// ```
#[must_use]
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    // The last four are the full-width forms of the first.
    let begins =
        ['=', '+', '-', '@', '\t', '\r', '\n'].map(u32::from).into_iter().chain([0xff1d, 0xff0b, 0xff0d, 0xff20]);
    let is_formula = text.chars().next().is_some_and(|first| begins.clone().any(|code| code == u32::from(first)));
    let text = whole(text);
    let text = if is_formula { Cow::Owned(format!("'{text}")) } else { text };
    if text.contains([',', '"', ';']) { format!("\"{}\"", text.replace('"', "\"\"")).into() } else { text }
}

/// Whether a character can stand in a line as it is: it steers no terminal, ends no line, turns no text round, and every
/// format accepts it.
fn is_fit(character: char) -> bool {
    let code = u32::from(character);
    let is_noncharacter = code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
    let steers = matches!(code,
        0x2028 | 0x2029           // line and paragraph separators
        | 0x202a..=0x202e         // bidirectional embeddings and overrides
        | 0x2066..=0x2069         // bidirectional isolates
        | 0xfeff                  // byte order mark
        | 0xfff9..=0xfffb         // interlinear annotations
        | 0xe0000..=0xe007f       // tags
    );
    !character.is_control() && !is_noncharacter && !steers
}

/// A text with its unfit characters made visible, cut to `most` characters. Reads no more of the text than it gives back.
fn cut(text: &str, most: usize, is_fit: impl Fn(char) -> bool) -> Cow<'_, str> {
    // Most texts are short ASCII: they are fit without a look at each character's kind.
    let is_plain = text.len() <= most && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if is_plain || (text.chars().nth(most).is_none() && text.chars().all(&is_fit)) {
        return text.into();
    }
    let (mut fit, mut count) = (String::new(), 0);
    // Where a text is cut, its last character gives way to the mark.
    let mut room = 0;
    for character in text.chars() {
        let start = fit.len();
        match character {
            fine if is_fit(fine) => fit.push(fine),
            '\n' => fit.push_str("\\n"),
            '\r' => fit.push_str("\\r"),
            '\t' => fit.push_str("\\t"),
            // Writing into a string does not fail.
            other => drop(write!(fit, "\\u{{{:x}}}", u32::from(other))),
        }
        count += fit[start..].chars().count();
        if count > most {
            fit.truncate(room);
            fit.push('…');
            break;
        }
        if count < most {
            room = fit.len();
        }
    }
    fit.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every character that some place cannot take.
    fn nasty() -> Vec<char> {
        let codes = (0..0x20).chain(0x7f..0xa0).chain(0x202a..=0x202e).chain(0x2066..=0x2069);
        let codes = codes.chain([0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff, 0xfdd0, 0x1fffe, 0x10_ffff, 0xe0001]);
        codes.filter_map(char::from_u32).collect()
    }

    #[test]
    fn no_unfit_character_passes() {
        for character in nasty() {
            for text in [character.to_string(), format!("a{character}b"), format!("{character}{character}")] {
                for fit in [name(&text), line(&text), whole(&text), xml(&text), csv_cell(&text)] {
                    assert!(fit.chars().all(is_fit), "{text:?} gives {fit:?}");
                    assert!(fit.contains('\\'), "{text:?} gives {fit:?}");
                }
                let fit = terminal(&text);
                assert!(fit.chars().all(|character| is_fit(character) || matches!(character, '\n' | '\t')), "{fit:?}");
            }
        }
    }

    #[test]
    fn fit_text_stays_as_it_is() {
        for text in ["", "fetch-1", "größer", "数据", "שלום", "👩‍👩‍👧 family", "C:\\new\\table", "a  b"]
        {
            assert!(matches!(name(text), Cow::Borrowed(same) if same == text), "{text}");
            assert!(matches!(csv_cell(text), Cow::Borrowed(same) if same == text), "{text}");
        }
        assert_eq!(terminal("one\n\ttwo"), "one\n\ttwo");
    }

    #[test]
    fn a_long_name_is_cut_at_a_character_and_says_so() {
        for letter in ["x", "ä", "数", "\n", "\u{1b}"] {
            for length in [78, 79, 80, 81, 300_000] {
                let text = letter.repeat(length);
                let fit = name(&text);
                let whole = whole(&text);
                assert!(fit.chars().count() <= LONGEST_NAME, "{letter:?} {length}: {fit}");
                assert_eq!(fit.ends_with('…'), whole.chars().count() > LONGEST_NAME, "{letter:?} {length}: {fit}");
                assert!(whole.starts_with(fit.trim_end_matches('…')), "no half of an escape: {fit}");
            }
        }
    }

    #[test]
    fn a_cell_is_no_formula_and_one_field() {
        for (text, cell) in [
            ("plain", "plain"),
            ("=1+2", "'=1+2"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\\tx"),
            ("\rx", "'\\rx"),
            ("＝1", "'＝1"),
            ("a=b", "a=b"),
            ("=a,\"b\"", "\"'=a,\"\"b\"\"\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("a;b", "\"a;b\""),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }
}
