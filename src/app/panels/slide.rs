//! The words of a page of a lecture, as large as fits: what one reads from the last row.
//!
//! It says what the lesson and its run say, and nothing else. Where it stands on the screen is in `stage`.

use super::markdown::marked_up;
use super::question::Question;
use crate::app::command::Command;
use crate::app::deck::{Ballot, Page, Reached, Round};
use crate::app::present::TalkCommand;
use crate::app::theme::{Palette, bold, strong, text};
use crate::event::Nanos;
use crate::scenarios::{Answer, NOT_HERE, Params, Told};
use crate::session::Plan;
use crate::trace::text::count;
use egui::text::LayoutJob;
use egui::{Align, Button, Color32, FontId, Label, Layout, RichText, Role, TextStyle, Ui, Vec2, WidgetInfo, vec2};

/// A page with all that it speaks of.
pub(crate) struct Slide<'a> {
    pub(crate) title: &'static str,
    /// What the lesson says of the run.
    pub(crate) lesson: Told<'a>,
    pub(crate) page: Page,
    /// Its number, from 1, and how many there are.
    pub(crate) place: (usize, usize),
    /// The parameters of the first round and, where there is one, of the next.
    pub(crate) rounds: (&'a Params, Option<&'a Params>),
    pub(crate) question: Question<'a>,
    pub(crate) ballot: &'a Ballot,
    /// Whether the run has come to what the page speaks of.
    pub(crate) reached: Reached,
    /// Why it does not come to that, where it does not; or that it came to it out of order.
    pub(crate) remark: Option<String>,
    pub(crate) run: Under,
    /// What the run of the first round answered, on a page about the next.
    pub(crate) first_answer: Option<&'a str>,
    /// The lesson after this one.
    pub(crate) next: Option<Plan>,
}

/// How far the run of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Under {
    /// There is none yet.
    Nothing,
    /// On its way, at this time of its clock.
    Way(Nanos),
    /// On its way, and waits for what the user types.
    Question,
    Over,
}

/// The sizes of a page's words, in points. The code within words is a little smaller.
const LEAST: f32 = 11.4;
const MOST: f32 = 21.0;
/// Less than that is for what stands at the side.
const SMALL: f32 = 11.4;
/// The room between two paragraphs, in sizes of their words.
const BETWEEN: f32 = 0.55;

/// A paragraph of a page.
struct Part {
    words: String,
    color: Color32,
    /// How much larger than the others.
    larger: f32,
    is_strong: bool,
}

impl Part {
    fn new(words: impl Into<String>, palette: &Palette) -> Self {
        Self { words: words.into(), color: palette.text, larger: 1.0, is_strong: false }
    }

    fn strong(self, larger: f32) -> Self {
        Self { larger, is_strong: true, ..self }
    }

    fn color(self, color: Color32) -> Self {
        Self { color, ..self }
    }

    fn job(&self, width: f32, size: f32) -> LayoutJob {
        let mut job = marked_up(&self.words, self.color, width, size * self.larger);
        if self.is_strong {
            for section in &mut job.sections {
                let font = &mut section.format.font_id;
                if font.family == egui::FontFamily::Proportional {
                    *font = FontId::new(font.size, strong());
                }
            }
        }
        job
    }
}

impl Slide<'_> {
    /// The words, in all the width there is and in no more than `height`; and what can be done there.
    pub(crate) fn show(&self, ui: &mut Ui, height: f32) -> Option<Command> {
        let palette = Palette::of(ui);
        let corner = self.corner(ui, palette);
        let ballot = self.ballot_height();
        fitted(ui, &self.parts(palette), ui.available_width() - corner, height - ballot);
        match self.page {
            Page::Guess(_) => self.hands(ui, palette),
            Page::Answer(_) => {
                self.results(ui, palette);
                None
            }
            _ => None,
        }
    }

    /// All its words in one line, for who hears it.
    pub(crate) fn spoken(&self, palette: &Palette) -> String {
        let words: Vec<String> = self.parts(palette).into_iter().map(|part| part.words).collect();
        // The marks of markup are for the eye.
        let words = words.join(" ").replace(['*', '`'], "");
        format!("Page {} of {}. {words}", self.place.0, self.place.1)
    }

    /// Which page it is, at the right; the room that it takes.
    fn corner(&self, ui: &Ui, palette: &Palette) -> f32 {
        let words = format!("{} / {}", self.place.0, self.place.1);
        let galley = ui.painter().layout_no_wrap(words, text(SMALL), palette.weak);
        let place = ui.max_rect().right_top() - vec2(galley.size().x, 0.0);
        let width = galley.size().x;
        ui.painter().galley(place, galley, palette.weak);
        width + 10.0
    }

    fn parts(&self, palette: &Palette) -> Vec<Part> {
        let part = |words: &str| Part::new(words, palette);
        let weak = |words: &str| Part::new(words, palette).color(palette.weak);
        let lesson = self.lesson;
        match self.page {
            Page::Title => {
                let mut parts = vec![part(self.title).strong(1.45)];
                parts.extend(lesson.intro().split("\n\n").map(|words| part(words.trim())));
                parts.push(part(&lesson.question()).strong(1.0));
                parts
            }
            Page::Guess(Round::First) => vec![part(&lesson.question()).strong(1.2)],
            Page::Guess(Round::Again) => {
                let mut parts = vec![part(&format!("Now {}", self.difference())).strong(1.2)];
                if let Some(answer) = self.first_answer {
                    parts.push(weak(&format!("It was {answer} before.")));
                }
                parts.push(part(&lesson.question()).strong(1.0));
                parts
            }
            Page::Look(_, step) => {
                let looks = lesson.look_for();
                let (count, words) = (looks.len(), looks.get(step).map_or("", String::as_str));
                let color = if self.reached == Reached::Never { palette.weak } else { palette.text };
                let mut parts = vec![part(&format!("**{} of {count}**  {words}", step + 1)).color(color)];
                parts.extend(self.excuse().map(|words| weak(&words)));
                parts
            }
            Page::Answer(round) => {
                let mut parts = Vec::new();
                match self.question.verdict(palette) {
                    Some((words, color)) => parts.push(part(&words).strong(1.45).color(color)),
                    None => parts.push(weak(&self.on_its_way())),
                }
                if let (Round::Again, Some(answer)) = (round, self.first_answer) {
                    parts.push(weak(&format!("Now {}. It was {answer} before.", self.difference())));
                }
                if round == Round::First && !lesson.misconception().is_empty() {
                    parts.push(part(&format!("**A common mistake:** {}", lesson.misconception())));
                }
                parts
            }
            Page::Point => {
                let mut parts = vec![part("The point").strong(1.2)];
                parts.extend(lesson.so_what().split("\n\n").map(|words| part(words.trim())));
                parts
            }
            Page::Next => match &self.next {
                Some(next) => {
                    let set = difference(&Params::defaults(next.scenario.params), &next.params);
                    let with = if set.is_empty() { String::new() } else { format!(", with {set}") };
                    vec![
                        weak("Next"),
                        part(&format!("{}{with}", next.scenario.title)).strong(1.45),
                        weak("Page down begins it. Page up goes back."),
                    ]
                }
                None => vec![
                    part("That was the last lesson.").strong(1.45),
                    weak("Page up goes back, Esc leaves the presentation."),
                ],
            },
            Page::Run => vec![part(self.title).strong(1.0)],
        }
    }

    /// Why what the page speaks of cannot be seen, or is seen elsewhere than its place in the list says.
    fn excuse(&self) -> Option<String> {
        match (self.reached, self.run) {
            (Reached::At(_), _) => self.remark.as_deref().map(capital),
            (Reached::Never, _) => Some(capital(self.remark.as_deref().unwrap_or(NOT_HERE))),
            (Reached::NotYet, _) => Some(self.on_its_way()),
        }
    }

    /// That the run is not there yet.
    fn on_its_way(&self) -> String {
        match self.run {
            Under::Question => "The program waits for an answer: type one above.".to_owned(),
            Under::Way(at) => format!("The run is on its way, at {at}: it goes by the real clock."),
            Under::Nothing | Under::Over => "The run has not come to this.".to_owned(),
        }
    }

    /// What is tried in the second round, in words.
    fn difference(&self) -> String {
        let (first, again) = self.rounds;
        again.map_or_else(String::new, |again| difference(first, again))
    }

    /// The room that the guesses take below the words, in points.
    fn ballot_height(&self) -> f32 {
        let rows = self.ballot.votes().len() as f32;
        match self.page {
            Page::Guess(_) => (rows + if self.asks_for_words() { 1.2 } else { 0.2 }) * ROW + 18.0,
            Page::Answer(_) if self.ballot.hands() > 0 => rows * RESULT + 8.0,
            _ => 0.0,
        }
    }

    fn asks_for_words(&self) -> bool {
        !matches!(self.lesson.kind_of_answer(), Answer::Choice { .. })
    }

    /// The guesses, each with its hands, and a field for others where there are no choices.
    fn hands(&self, ui: &mut Ui, palette: &Palette) -> Option<Command> {
        let mut command = None;
        ui.add_space(8.0);
        ui.spacing_mut().item_spacing = vec2(6.0, 5.0);
        ui.spacing_mut().button_padding = vec2(10.0, 4.0);
        for vote in self.ballot.votes() {
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let fewer = ui.add_enabled(
                        vote.hands > 0,
                        Button::new(RichText::new("−").font(bold(15.0))).min_size(vec2(26.0, ROW - 5.0)),
                    );
                    fewer.widget_info(|| {
                        WidgetInfo::labeled(Role::Button, vote.hands > 0, format!("One hand fewer for {}", vote.guess))
                    });
                    if fewer.clicked() {
                        command = Some(TalkCommand::ShowHands(vote.guess.clone(), -1).into());
                    }
                    let hands = RichText::new(vote.hands.to_string()).font(bold(18.0)).color(palette.text);
                    ui.add_sized(vec2(34.0, ROW - 5.0), Label::new(hands));
                    let width = ui.available_width();
                    let name = RichText::new(&vote.guess).font(bold(16.0)).color(palette.text);
                    let button = Button::new(name).min_size(vec2(width, ROW - 5.0)).truncate();
                    let more = ui.add(button).on_hover_text("One hand more");
                    more.widget_info(|| {
                        let words = format!("{}, {}", vote.guess, count(vote.hands, "hand", "hands"));
                        WidgetInfo::labeled(Role::Button, true, words)
                    });
                    if more.clicked() {
                        command = Some(TalkCommand::ShowHands(vote.guess.clone(), 1).into());
                    }
                });
            });
        }
        if self.asks_for_words() && self.ballot.has_room() {
            let styles = &mut ui.style_mut().text_styles;
            for style in [TextStyle::Body, TextStyle::Button] {
                styles.insert(style, text(15.0));
            }
            command = command.or(self.question.guess_ui(ui));
        }
        command
    }

    /// What was guessed, and how many were right.
    fn results(&self, ui: &mut Ui, palette: &Palette) {
        if self.ballot.hands() == 0 {
            return;
        }
        ui.spacing_mut().item_spacing.y = 1.0;
        for vote in self.ballot.votes().iter().filter(|vote| vote.hands > 0) {
            let (sign, color) = match self.question.is_right(&vote.guess) {
                Some(true) => ("✓", palette.good),
                Some(false) => ("✗", palette.bad),
                None => ("·", palette.weak),
            };
            let hands = count(vote.hands, "hand", "hands");
            let words = format!("{sign}  {}: {hands}", vote.guess);
            ui.label(RichText::new(words).font(bold(13.0)).color(color));
        }
    }
}

/// Words as a sentence.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let end = if words.ends_with('.') { "" } else { "." };
    first.chain(letters).collect::<String>() + end
}

/// Height of a row of guesses, and of a result, in points.
const ROW: f32 = 33.0;
const RESULT: f32 = 20.0;

/// Shows paragraphs in the largest size at which they fit into the height.
fn fitted(ui: &mut Ui, parts: &[Part], width: f32, height: f32) {
    let needs = |ui: &Ui, size: f32| {
        let heights = parts.iter().map(|part| ui.fonts_mut(|fonts| fonts.layout_job(part.job(width, size)).size().y));
        heights.sum::<f32>() + parts.len().saturating_sub(1) as f32 * size * BETWEEN
    };
    let mut size = MOST;
    while size > LEAST && needs(ui, size) > height {
        size = (size - 0.5).max(LEAST);
    }
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            ui.add_space(size * BETWEEN);
        }
        // A label would take all the width there is.
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(part.job(width, size)));
        ui.label(galley);
    }
}

/// What is set otherwise, as people say it: `permits: 5, delay: 1 s`.
fn difference(from: &Params, to: &Params) -> String {
    let changed = from.iter().zip(to.iter()).filter(|((_, before), (_, after))| before != after);
    changed.map(|(_, (param, value))| format!("{}: {value}", param.label)).collect::<Vec<_>>().join(", ")
}
