//! How the end of a task looks, by how it ended: the same wherever it is drawn.

use super::Palette;
use crate::trace::Ending;
use egui::Color32;

impl Palette {
    /// The sign for an end, and its colour: green is for a task that returned, and red for one that failed or panicked.
    pub(crate) fn ending(&self, ending: Ending) -> (&'static str, Color32) {
        match ending {
            Ending::Returned => ("✓", self.good),
            Ending::Failed | Ending::Panicked => ("!", self.bad),
            Ending::Cancelled | Ending::CutOff | Ending::Dropped => ("×", self.weak),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Palette;
    use crate::app::looks::Contrast;
    use crate::trace::Ending;
    use egui::Theme;

    #[test]
    fn only_an_error_is_red_and_only_a_return_is_green() {
        for (theme, contrast) in [(Theme::Dark, Contrast::default()), (Theme::Light, Contrast::default())] {
            let palette = Palette::of_theme(theme, contrast);
            for ending in Ending::ALL {
                let (sign, color) = palette.ending(ending);
                assert_eq!(ending.is_error(), color == palette.bad && sign == "!", "{ending:?}");
                assert_eq!(ending == Ending::Returned, color == palette.good && sign == "✓", "{ending:?}");
            }
        }
    }
}
