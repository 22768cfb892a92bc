//! Pictures for the tests of the window, drawn as `loopscope render` draws them.

use egui::TexturesDelta;
use image::RgbaImage;

#[derive(Default)]
pub(crate) struct Raster(loopscope::app::Raster);

impl egui_kittest::TestRenderer for Raster {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.take_textures(delta);
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<RgbaImage, String> {
        Ok(self.0.picture(ctx, output))
    }
}
