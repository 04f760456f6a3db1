//! The picture of a captcha: bent characters with noise, as PNG.

use captcha::Captcha;
use captcha::filters::{Dots, Noise, Wave};
use keystead_model::{Code, Error, Result};
use tokio::sync::Semaphore;

/// Characters that are not taken for each other; the picture's font has them all.
pub(super) const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Width and height in pixels.
pub const SIZE: (u32, u32) = (220, 100);

/// Pictures that are drawn at the same time: a flood of requests waits here, not on every core.
static DRAWING: Semaphore = Semaphore::const_new(2);

/// Draws these characters, off the threads that answer requests.
///
/// # Errors
/// `internal` when the picture cannot be made.
pub(super) async fn draw(text: String) -> Result<Vec<u8>> {
    let permit = DRAWING.acquire().await.map_err(|e| fault(e.to_string()))?;
    let drawn = tokio::task::spawn_blocking(move || png(&text)).await;
    drop(permit);
    drawn.ok().flatten().ok_or_else(|| fault("the picture was not drawn".to_owned()))
}

fn png(text: &str) -> Option<Vec<u8>> {
    let mut picture = Captcha::new();
    for character in text.chars() {
        picture.set_chars(&[character]).add_char();
    }
    if picture.chars_as_string() != text {
        return None;
    }
    let (width, height) = SIZE;
    picture
        .apply_filter(Noise::new(0.15))
        .apply_filter(Wave::new(2.0, 14.0).horizontal())
        .apply_filter(Wave::new(2.0, 14.0).vertical())
        .view(width, height)
        .apply_filter(Dots::new(10).min_radius(3).max_radius(6));
    picture.as_png()
}

#[track_caller]
fn fault(cause: String) -> Error {
    Error::new(Code::Internal).caused_by(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_drawn() {
        let alphabet = String::from_utf8(ALPHABET.to_vec()).unwrap();
        for start in (0..alphabet.len()).step_by(4) {
            let text: String = alphabet.chars().cycle().skip(start).take(4).collect();
            let png = png(&text).unwrap();
            assert!(png.starts_with(b"\x89PNG"), "{text}");
            let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
            assert_eq!((number(16), number(20)), SIZE);
        }
        assert!(png("0O").is_none(), "the font lacks what is not in the alphabet");
    }
}
