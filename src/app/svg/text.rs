//! Text of an SVG: each row of each font and colour is one piece, at the place and width that egui gave it.

use super::paint::{Fill, Place, Turn, number};
use crate::app::theme;
use crate::trace::text::xml;
use egui::epaint::TextShape;
use egui::epaint::text::{Glyph, LayoutSection};
use egui::{Color32, FontFamily, Rect};
use std::io::{self, Write};

pub(super) fn write(out: &mut Vec<u8>, shape: &TextShape, clip: Rect) -> io::Result<()> {
    let job = &shape.galley.job;
    let turn = Turn(shape.angle, shape.pos);
    let mut sections = Sections { text: job.text.char_indices(), sections: &job.sections, at: 0 };
    for row in &shape.galley.rows {
        let origin = shape.pos + row.pos.to_vec2();
        let styles: Vec<usize> = row.glyphs.iter().map(|glyph| sections.of(glyph.chr)).collect();
        if shape.angle == 0.0 && !clip.intersects(row.rect().translate(shape.pos.to_vec2())) {
            continue;
        }
        let mut rest = row.glyphs.as_slice();
        for run in styles.chunk_by(|a, b| a == b) {
            let (glyphs, after) = rest.split_at(run.len());
            rest = after;
            let (Some(section), Some(glyphs)) = (job.sections.get(run[0]), trimmed(glyphs)) else { continue };
            piece(out, shape, section, origin, glyphs, &turn)?;
        }
    }
    Ok(())
}

/// Glyphs of one row in one style, the first and the last of which are seen.
fn piece(
    out: &mut Vec<u8>,
    shape: &TextShape,
    section: &LayoutSection,
    origin: egui::Pos2,
    glyphs: &[Glyph],
    turn: &Turn,
) -> io::Result<()> {
    let (Some(first), Some(last)) = (glyphs.first(), glyphs.last()) else { return Ok(()) };
    let format = &section.format;
    let known = |color: Color32| if color == Color32::PLACEHOLDER { shape.fallback_color } else { color };
    let faded = |color: Color32| known(color).gamma_multiply(shape.opacity_factor);
    if format.background != Color32::TRANSPARENT {
        let ground = first.logical_rect().union(last.logical_rect()).translate(origin.to_vec2());
        writeln!(out, "<rect{}{}{turn}/>", Place(ground.expand(format.expand_bg)), Fill(faded(format.background)))?;
    }
    let fill = Fill(faded(shape.override_text_color.unwrap_or(format.color)));
    let [x, y] = [origin.x + first.pos.x, origin.y + first.pos.y].map(number);
    let (width, size) = (number(last.max_x() - first.pos.x), number(format.font_id.size));
    write!(out, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"")?;
    let font = theme::web_font(&format.font_id.family);
    if format.font_id.family == FontFamily::Monospace {
        write!(out, " font-family=\"{}\"", font.families)?;
    }
    if font.weight != theme::NORMAL {
        write!(out, " font-weight=\"{}\"", font.weight)?;
    }
    if format.italics {
        write!(out, " font-style=\"italic\"")?;
    }
    let is_underlined = !shape.underline.is_empty() || !format.underline.is_empty();
    if is_underlined {
        write!(out, " text-decoration=\"underline\"")?;
    }
    if glyphs.len() > 1 {
        write!(out, " textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\"")?;
    }
    let text: String = glyphs.iter().map(|glyph| glyph.chr).collect();
    writeln!(out, "{fill}{turn}>{}</text>", xml(&text))
}

/// Without spaces at either end, which nobody sees; nothing where there is nothing else.
fn trimmed(glyphs: &[Glyph]) -> Option<&[Glyph]> {
    let is_seen = |glyph: &Glyph| !glyph.chr.is_whitespace();
    let (first, last) = (glyphs.iter().position(is_seen)?, glyphs.iter().rposition(is_seen)?);
    glyphs.get(first..=last)
}

/// Finds the section of one glyph after the other. egui does not keep it: the text tells, in its order.
struct Sections<'a> {
    text: std::str::CharIndices<'a>,
    sections: &'a [LayoutSection],
    /// The section of the glyph before.
    at: usize,
}

impl Sections<'_> {
    /// The section of the next glyph, which shows this character. One that stands for what was cut off is in no text: it
    /// belongs to what comes before it.
    fn of(&mut self, shown: char) -> usize {
        let mut ahead = self.text.clone();
        // Ends of lines have no glyph.
        let next = ahead.by_ref().find(|(_, character)| *character != '\n' || shown == '\n');
        if let Some((place, character)) = next
            && character == shown
        {
            self.text = ahead;
            let holds = |section: &LayoutSection| section.byte_range.end.0 > place;
            let ahead = self.sections.get(self.at..).unwrap_or_default();
            self.at += ahead.iter().position(holds).unwrap_or_default();
        }
        self.at
    }
}
