//! Every colour, size and font of the window. Nothing else in the program names a colour.
//!
//! The fills of the three task states differ from each other and from the background by a contrast of about 3:1, in
//! both themes; a state is told by pattern and letter as well.

use egui::{Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke, TextStyle, Theme, Visuals};
use std::sync::Arc;

/// The colours of one theme.
#[derive(Debug)]
pub(crate) struct Palette {
    /// Behind the timeline.
    pub(crate) base: Color32,
    /// Behind the panels.
    pub(crate) panel: Color32,
    /// Buttons and chips.
    pub(crate) raised: Color32,
    /// Buttons under the pointer.
    pub(crate) hovered: Color32,
    /// Lines between things.
    pub(crate) border: Color32,
    /// Lines of the timeline's grid.
    pub(crate) grid: Color32,
    pub(crate) text: Color32,
    pub(crate) weak: Color32,
    /// The running state, the cursor and the main button.
    pub(crate) running: Color32,
    /// Text on `running`.
    pub(crate) on_running: Color32,
    pub(crate) ready: Color32,
    /// Dots and text on `ready`.
    pub(crate) on_ready: Color32,
    pub(crate) waiting: Color32,
    /// The hatch on `waiting`.
    pub(crate) hatch: Color32,
    /// What is selected, and the line that runs.
    pub(crate) selection: Color32,
    pub(crate) good: Color32,
    pub(crate) bad: Color32,
    /// Over what lies after the cursor.
    pub(crate) veil: Color32,
    /// Source text.
    pub(crate) keyword: Color32,
    pub(crate) string: Color32,
    pub(crate) comment: Color32,
    /// The main task, then the others in turn.
    tasks: [Color32; 11],
}

/// For a texture that has its own colours.
pub(crate) const AS_IS: Color32 = Color32::WHITE;

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

static DARK: Palette = Palette {
    base: rgb(0x13151A),
    panel: rgb(0x191C22),
    raised: rgb(0x252A33),
    hovered: rgb(0x313845),
    border: rgb(0x2C323C),
    grid: rgb(0x242931),
    text: rgb(0xE6E9EF),
    weak: rgb(0x9CA5B4),
    running: rgb(0x7DD3FC),
    on_running: rgb(0x0A1620),
    ready: rgb(0xB45309),
    on_ready: rgb(0xFFEDD5),
    waiting: rgb(0x20262F),
    hatch: rgb(0x3A4454),
    selection: rgb(0x22323F),
    good: rgb(0x86D39A),
    bad: rgb(0xF87171),
    veil: Color32::from_rgba_premultiplied(0x0D, 0x0E, 0x11, 0xB0),
    keyword: rgb(0xC4B5FD),
    string: rgb(0x9BD5A5),
    comment: rgb(0x7F8A9B),
    tasks: [
        rgb(0x8B93A1),
        rgb(0xF28B82),
        rgb(0xFBBC04),
        rgb(0x81C995),
        rgb(0x78D9EC),
        rgb(0x8AB4F8),
        rgb(0xC58AF9),
        rgb(0xFF8BCB),
        rgb(0xE6C9A8),
        rgb(0xA8DAB5),
        rgb(0xD7AEFB),
    ],
};

static LIGHT: Palette = Palette {
    base: rgb(0xFFFFFF),
    panel: rgb(0xF6F8FC),
    raised: rgb(0xE9EDF4),
    hovered: rgb(0xDCE3EE),
    border: rgb(0xD3DAE5),
    grid: rgb(0xE6EAF1),
    text: rgb(0x1B2430),
    weak: rgb(0x566173),
    running: rgb(0x0C3866),
    on_running: rgb(0xFFFFFF),
    ready: rgb(0xC6730C),
    on_ready: rgb(0xFFF7ED),
    waiting: rgb(0xE9EEF6),
    hatch: rgb(0xB9C4D4),
    selection: rgb(0xDEE8F6),
    good: rgb(0x15803D),
    bad: rgb(0xB91C1C),
    veil: Color32::from_rgba_premultiplied(0xB0, 0xB0, 0xB0, 0xB0),
    keyword: rgb(0x6D28D9),
    string: rgb(0x166534),
    comment: rgb(0x64748B),
    tasks: [
        rgb(0x5F6B7A),
        rgb(0xB3261E),
        rgb(0x8A5A00),
        rgb(0x1E7B34),
        rgb(0x00707F),
        rgb(0x1A56C4),
        rgb(0x6A30B5),
        rgb(0xA8267A),
        rgb(0x7A4A1E),
        rgb(0x2E6B4F),
        rgb(0x5B3FA0),
    ],
};

impl Palette {
    /// The palette of the theme in use.
    pub(crate) fn of(ui: &egui::Ui) -> &'static Self {
        Self::of_theme(if ui.visuals().dark_mode { Theme::Dark } else { Theme::Light })
    }

    pub(crate) fn of_theme(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }

    /// A task's own colour, by its number.
    pub(crate) fn task(&self, task: crate::event::TaskId) -> Color32 {
        match task.index().checked_sub(1) {
            None => self.tasks[0],
            Some(child) => self.tasks[1 + child % (self.tasks.len() - 1)],
        }
    }

    fn visuals(&self, mut visuals: Visuals) -> Visuals {
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.panel;
        visuals.window_stroke = Stroke::new(1.0, self.border);
        visuals.extreme_bg_color = self.base;
        visuals.faint_bg_color = self.raised;
        visuals.code_bg_color = self.raised;
        visuals.weak_text_color = Some(self.weak);
        visuals.hyperlink_color = self.running;
        visuals.warn_fg_color = self.ready;
        visuals.error_fg_color = self.bad;
        visuals.selection.bg_fill = self.selection;
        visuals.selection.stroke = Stroke::new(1.0, self.text);
        let widgets = &mut visuals.widgets;
        let states = [
            (&mut widgets.noninteractive, self.panel, self.border),
            (&mut widgets.inactive, self.raised, self.raised),
            (&mut widgets.hovered, self.hovered, self.weak),
            (&mut widgets.active, self.hovered, self.text),
            (&mut widgets.open, self.raised, self.border),
        ];
        for (state, fill, stroke) in states {
            state.bg_fill = fill;
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::new(1.0, stroke);
            state.fg_stroke = Stroke::new(1.0, self.text);
            state.corner_radius = CornerRadius::same(5);
            state.expansion = 0.0;
        }
        visuals
    }
}

/// Least and greatest height of a lane with the gap below it, in points: few lanes are given more room.
pub(crate) const ROW: std::ops::RangeInclusive<f32> = 27.0..=38.0;
/// How much of it the lane's bar takes.
pub(crate) const BAR: f32 = 0.78;
/// The least width at which a state is drawn, in points.
pub(crate) const MARK: f32 = 3.0;
/// Width of a bar's edge that tells where a task began to run, in points.
pub(crate) const TICK: f32 = 4.0;

/// The bold text family.
pub(crate) fn strong() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// Text of `size` points.
pub(crate) fn text(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Bold text of `size` points.
pub(crate) fn bold(size: f32) -> FontId {
    FontId::new(size, strong())
}

/// Source text and numbers of `size` points.
pub(crate) fn mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// Sets fonts, sizes and the colours of both themes.
pub(crate) fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Dark, Theme::Light] {
        let visuals = if theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
        ctx.set_visuals_of(theme, Palette::of_theme(theme).visuals(visuals));
    }
    ctx.all_styles_mut(|style| {
        style.text_styles = [
            (TextStyle::Small, text(11.0)),
            (TextStyle::Body, text(13.0)),
            (TextStyle::Button, text(13.0)),
            (TextStyle::Heading, bold(15.0)),
            (TextStyle::Monospace, mono(12.5)),
        ]
        .into();
        style.spacing.item_spacing = egui::vec2(8.0, 5.0);
        style.spacing.button_padding = egui::vec2(10.0, 5.0);
        style.spacing.interact_size.y = 26.0;
        style.animation_time = 0.0;
        style.interaction.selectable_labels = false;
    });
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let own: [(&str, &[u8]); 3] = [
        ("Inter", include_bytes!("../../assets/fonts/Inter-Regular.otf")),
        ("Inter strong", include_bytes!("../../assets/fonts/Inter-SemiBold.otf")),
        ("JetBrains Mono", include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf")),
    ];
    for (name, data) in own {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(data)));
    }
    // egui's own fonts stay behind ours, for symbols.
    let behind = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let mut family = |family, first: &str| {
        let names = std::iter::once(first.to_owned()).chain(behind.iter().cloned()).collect();
        fonts.families.insert(family, names);
    };
    family(FontFamily::Proportional, "Inter");
    family(strong(), "Inter strong");
    family(FontFamily::Monospace, "JetBrains Mono");
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as in WCAG 2.2.
    fn luminance(color: Color32) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    }

    /// Contrast ratio, as in WCAG 2.2: 1 to 21.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn the_states_are_told_apart_by_contrast() {
        for palette in [&DARK, &LIGHT] {
            let pairs = [
                (palette.running, palette.ready),
                (palette.running, palette.waiting),
                (palette.ready, palette.waiting),
                (palette.running, palette.base),
                (palette.ready, palette.base),
            ];
            for (a, b) in pairs {
                let ratio = contrast(a, b);
                assert!(ratio >= 2.9, "{a:?} on {b:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn text_can_be_read() {
        for palette in [&DARK, &LIGHT] {
            for background in [palette.base, palette.panel, palette.raised, palette.selection, palette.waiting] {
                assert!(contrast(palette.text, background) >= 7.0);
                assert!(contrast(palette.weak, background) >= 4.5, "weak on {background:?}");
            }
            assert!(contrast(palette.on_running, palette.running) >= 4.5);
            assert!(contrast(palette.on_ready, palette.ready) >= 3.0);
            for task in palette.tasks {
                assert!(contrast(task, palette.panel) >= 3.0, "{task:?}");
            }
        }
    }
}
