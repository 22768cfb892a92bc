//! Every colour, size and font of the window. Nothing else in the program names a colour.
//!
//! A state is told by colour, by pattern and by letter. `sight` tests that the fills of the states can be told apart in
//! every palette, in grey as well, and by eyes that see fewer colours; `tables` holds the palettes themselves.

mod ends;
mod glyphs;
mod palette;
#[cfg(test)]
mod sight;
mod tables;

pub(crate) use palette::{AS_IS, Palette};

use super::looks::{Contrast, Motion};
use egui::style::ScrollAnimation;
use egui::{Color32, FontData, FontDefinitions, FontFamily, FontId, TextStyle, Theme, Visuals};
use std::sync::Arc;

/// Least and greatest height of a lane with the gap below it, in points: few lanes are given more room.
pub(crate) const ROW: std::ops::RangeInclusive<f32> = 25.0..=64.0;
/// The same for an audience: the lanes fill the height there is.
pub(crate) const PRESENTED_ROW: std::ops::RangeInclusive<f32> = 15.0..=110.0;
/// How much of it the lane's bar takes.
pub(crate) const BAR: f32 = 0.78;
/// The least width at which a state is drawn, in points.
pub(crate) const MARK: f32 = 3.0;
/// Width of a bar's edge that tells where a task began to run, in points.
pub(crate) const TICK: f32 = 4.0;

/// A screen on which nothing is to be seen.
pub(crate) const BLACK: Color32 = Color32::BLACK;

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

/// A font as a picture names it that is shown elsewhere: ours first, then what stands in for it.
pub(crate) struct WebFont {
    pub(crate) families: &'static str,
    pub(crate) weight: u16,
}

/// The weight of a font that is not bold.
pub(crate) const NORMAL: u16 = 400;

/// The name and weight of one of our fonts elsewhere.
pub(crate) fn web_font(family: &FontFamily) -> WebFont {
    const TEXT: &str = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";
    const MONO: &str = "'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";
    match family {
        FontFamily::Monospace => WebFont { families: MONO, weight: NORMAL },
        family if *family == strong() => WebFont { families: TEXT, weight: 600 },
        _ => WebFont { families: TEXT, weight: NORMAL },
    }
}

/// Sets fonts, sizes and the colours of both themes.
pub(crate) fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    ctx.options_mut(|options| options.zoom_with_keyboard = false); // our own keys, with our own bounds
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
        style.spacing.scroll.floating_allocated_width = 8.0; // a bar that is there covers no field
        style.animation_time = 0.0;
        style.interaction.selectable_labels = false;
    });
    apply(ctx, Contrast::default(), Motion::default());
}

/// Sets the colours of both themes to this contrast, and how what egui itself moves comes to its place.
pub(crate) fn apply(ctx: &egui::Context, contrast: Contrast, motion: Motion) {
    Palette::choose(ctx, contrast);
    for (theme, visuals) in [(Theme::Dark, Visuals::dark()), (Theme::Light, Visuals::light())] {
        ctx.set_visuals_of(theme, Palette::of_theme(theme, contrast).visuals(visuals));
    }
    ctx.all_styles_mut(|style| {
        style.scroll_animation = match motion {
            Motion::Usual => ScrollAnimation::default(),
            Motion::Reduced => ScrollAnimation::none(),
        };
    });
}

/// Our fonts. They live in a context's memory. If you replace that memory, set them again.
pub(crate) fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let own: [(&str, &[u8]); 3] = [
        ("Inter", include_bytes!("../../../assets/fonts/Inter-Regular.otf")),
        ("Inter strong", include_bytes!("../../../assets/fonts/Inter-SemiBold.otf")),
        ("JetBrains Mono", include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf")),
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
