//! Opening the window, and saying plainly why it cannot be opened.

use super::App;
use crate::scenarios::Scenario;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The window cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither X11 nor Wayland.
    #[error(
        "no display: neither DISPLAY nor WAYLAND_DISPLAY is set; start it in a desktop session, or use `loopscope run` \
         without a window"
    )]
    NoDisplay,
    /// A library that is loaded at run time is missing.
    #[error(
        "the window's libraries are missing ({0}); on Debian or Ubuntu: sudo apt install libx11-xcb1 libxcursor1 libxi6 \
         libxkbcommon-x11-0 libgl1"
    )]
    Library(String),
    /// No OpenGL.
    #[error("no usable OpenGL ({0}); install a graphics driver, or set LIBGL_ALWAYS_SOFTWARE=1 with Mesa installed")]
    NoOpenGl(String),
    /// Something else.
    #[error("the window cannot be opened: {0}; `loopscope run` works without one")]
    Other(String),
}

/// The window's size at first, in points.
const SIZE: [f32; 2] = [1440.0, 900.0];
/// Below this, panels would overlap.
const LEAST_SIZE: [f32; 2] = [960.0, 600.0];

/// Opens the window with a scenario loaded, and returns when it is closed.
///
/// # Errors
/// If there is no display, no OpenGL, or a library is missing.
pub fn run(scenario: Option<&'static Scenario>) -> Result<(), OpenError> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
        return Err(OpenError::NoDisplay);
    }
    let viewport = egui::ViewportBuilder::default()
        .with_title("Loopscope")
        .with_app_id("loopscope")
        .with_inner_size(SIZE)
        .with_min_inner_size(LEAST_SIZE);
    // A dependency that enables wgpu would otherwise turn the program into a wgpu one.
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    // winit panics where libxkbcommon is missing; its message is part of the error, not of standard error.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut report = Some(report);
    let opened = catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native(
            "Loopscope",
            options,
            Box::new(|cc| {
                if let Some(report) = report.take() {
                    std::panic::set_hook(report); // from here on, a panic is ours and is reported
                }
                Ok(Box::new(App::new(&cc.egui_ctx, scenario)))
            }),
        )
    }));
    match opened {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(explain(&error.to_string())),
        Err(payload) if report.is_some() => {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            Err(explain(text.or(payload.downcast_ref::<&str>().copied()).unwrap_or("it gives no reason")))
        }
        Err(payload) => std::panic::resume_unwind(payload),
    }
}

/// Sorts a window system's message into what the reader can do about it.
fn explain(message: &str) -> OpenError {
    let message = message.lines().next().unwrap_or_default().to_owned();
    let has = |part: &str| message.contains(part);
    if has("LibraryOpenError") || has("could not be loaded") || has("cannot open shared object") {
        OpenError::Library(message)
    } else if has("NoGlutinConfigs") || has("Glutin") || has("glutin") || has("OpenGL") {
        OpenError::NoOpenGl(message)
    } else if has("XOpenDisplayFailed") || has("NoCompositor") || has("ConnectionError") {
        OpenError::Other(format!("the display does not answer ({message})"))
    } else {
        OpenError::Other(message)
    }
}
