//! Textures as data within an SVG.

use egui::{Color32, ColorImage, Rect};
use image::{ImageFormat, Rgba, RgbaImage};
use std::io::{self, Cursor};

/// A texture in a colour, as the address of a PNG that holds all of it.
pub(super) fn image(texture: &ColorImage, color: Color32) -> io::Result<String> {
    let [width, height] = texture.size.map(|side| side as u32);
    let mut picture = RgbaImage::new(width, height);
    for (pixel, texel) in picture.pixels_mut().zip(&texture.pixels) {
        *pixel = Rgba((*texel * color).to_srgba_unmultiplied());
    }
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).map_err(io::Error::other)?;
    Ok(format!("data:image/png;base64,{}", base64(png.get_ref())))
}

/// The part of a texture that lies between two of its points.
pub(super) fn part(texture: &ColorImage, uv: Rect) -> ColorImage {
    let [width, height] = texture.size;
    let place = |share: f32, side: usize| ((share * side as f32).round().max(0.0) as usize).min(side);
    let (left, right) = (place(uv.min.x, width), place(uv.max.x, width));
    let (top, bottom) = (place(uv.min.y, height), place(uv.max.y, height));
    let rows = (top..bottom).map(|row| row * width..(row + 1) * width);
    let rows = rows.filter_map(|row| texture.pixels.get(row)?.get(left..right));
    let pixels: Vec<Color32> = rows.flatten().copied().collect();
    ColorImage::new([right.saturating_sub(left), bottom.saturating_sub(top)], pixels)
}

/// Bytes as RFC 4648 writes them.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() { char::from(sign) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn bytes_are_written_as_the_rfc_writes_them() {
        let cases = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        assert_eq!(cases.map(|text| base64(text.as_bytes())), expected);
    }
}
