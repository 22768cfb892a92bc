//! Opening the window, and saying plainly why it cannot be opened.

use super::planned::PlanCommand;
use super::settings::Store;
use super::{App, Show, Stage};
use crate::session::CoursePlan;
use crate::trace::Languages;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

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
        "the window's libraries are missing ({0}); on Debian or Ubuntu: sudo apt install libx11-6 libx11-xcb1 libxcursor1 libxi6 \
         libxkbcommon-x11-0 libgl1, and on Wayland libwayland-client0 libwayland-egl1 libxkbcommon0 libegl1"
    )]
    Library(String),
    /// No OpenGL.
    #[error(
        "no usable OpenGL: install a graphics driver, or Mesa's software one (on Debian or Ubuntu: sudo apt install libgl1 libegl1 \
         libgl1-mesa-dri) and set LIBGL_ALWAYS_SOFTWARE=1"
    )]
    NoOpenGl,
    /// The window was there, and its display is not any more.
    #[error("the display went away: the connection to it is lost ({0}); runs and settings that were saved are there")]
    Gone(String),
    /// Something else.
    #[error("the window cannot be opened: {0}; `loopscope run` works without one")]
    Other(String),
}

/// What the window shows first, and how.
#[derive(Debug)]
pub struct Opening {
    /// What it shows.
    pub show: Show,
    /// The languages in which code is shown and lines are named; as they were left unless given.
    pub languages: Option<Languages>,
    /// Who looks at it.
    pub stage: Stage,
    /// A course plan that is presented from its first lesson on, and what is to be said about it.
    pub course: Option<(CoursePlan, Vec<String>)>,
}

impl From<Show> for Opening {
    fn from(show: Show) -> Self {
        Self { show, languages: None, stage: Stage::Desk, course: None }
    }
}

/// The window's size at first, in points.
const SIZE: [f32; 2] = [1440.0, 900.0];
/// Below this, panels would leave no room for the lanes.
const LEAST_SIZE: [f32; 2] = [800.0, 500.0];

/// Opens the window, and returns when it is closed.
///
/// # Errors
/// If there is no display, no OpenGL, or a library is missing, or if the display goes away.
pub fn run(opening: impl Into<Opening>) -> Result<(), OpenError> {
    open(opening.into(), || {})
}

/// Opens the window, says so to `opened`, and returns when it is closed.
pub(super) fn open(
    Opening { show, languages, stage, course }: Opening,
    opened: impl FnOnce(),
) -> Result<(), OpenError> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
        return Err(OpenError::NoDisplay);
    }
    let mut store = Store::of_user();
    let loaded = store.load();
    let viewport = egui::ViewportBuilder::default()
        .with_title("Loopscope")
        .with_app_id("loopscope")
        .with_icon(icon())
        .with_inner_size(SIZE)
        .with_min_inner_size(LEAST_SIZE);
    let viewport = match loaded.0.window {
        Some(place) => place.of(viewport, LEAST_SIZE, 1.0),
        None => viewport,
    };
    // A dependency that enables wgpu would otherwise turn the program into a wgpu one.
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    // winit panics where libxkbcommon is missing; its message is part of the error, not of standard error.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let (mut report, mut show, mut kept, mut course) = (Some(report), Some(show), Some((store, loaded)), course);
    let mut opened = Some(opened);
    let closed = catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native(
            "Loopscope",
            options,
            Box::new(|cc| {
                // From here on, a panic is ours and is reported; but for winit's own, which knows no other way to say that
                // the display went away. Unwinding would ask the display once more, and end in Xlib's own message.
                if let Some(report) = report.take() {
                    // A program that is watched may use these crates, too, on threads of its own.
                    let window = std::thread::current().id();
                    let lost = move |panic: &PanicHookInfo<'_>| {
                        lost_display(panic).filter(|_| std::thread::current().id() == window)
                    };
                    std::panic::set_hook(Box::new(move |panic| match lost(panic) {
                        Some(gone) => {
                            eprintln!("loopscope: {gone}");
                            std::process::exit(1);
                        }
                        None => report(panic),
                    }));
                }
                if let Some(opened) = opened.take() {
                    opened();
                }
                let show = show.take().unwrap_or(Show::Nothing);
                let is_asked_for = !matches!(show, Show::Nothing) || course.is_some();
                let app = App::new(&cc.egui_ctx, show);
                let mut app = match kept.take() {
                    Some((store, loaded)) => app.remembering(store, loaded, is_asked_for),
                    None => app,
                };
                app.languages = languages.unwrap_or(app.languages);
                if let Some(course) = course.take() {
                    let words = course.1.clone();
                    app.show_plan(course);
                    app.obey(PlanCommand::Present.into());
                    let now = app.window_time();
                    words.into_iter().for_each(|word| app.messages.news(word, now));
                }
                if stage == Stage::Talk && app.presents.is_none() {
                    app.present();
                }
                Ok(Box::new(app))
            }),
        )
    }));
    match closed {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) if report.is_none() => Err(OpenError::Gone(said(&error.to_string()))),
        Ok(Err(error)) => Err(explain(&error.to_string())),
        Err(payload) if report.is_some() => {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            Err(explain(text.or(payload.downcast_ref::<&str>().copied()).unwrap_or("it gives no reason")))
        }
        Err(payload) => std::panic::resume_unwind(payload),
    }
}

/// What a panic says of the display, where it is one of the crates that speak with it.
fn lost_display(panic: &PanicHookInfo<'_>) -> Option<OpenError> {
    let is_theirs = speaks_with_the_display(panic.location()?.file());
    let said = panic.payload_as_str().unwrap_or("it gives no reason").lines().next().unwrap_or_default();
    is_theirs.then(|| OpenError::Gone(said.to_owned()))
}

/// Whether a source file is one of the crates that speak with the display: below the registry's sources each has a folder
/// with its name and its version.
fn speaks_with_the_display(file: &str) -> bool {
    let mut folders = file.split(['/', '\\']).skip_while(|folder| *folder != "registry").skip(3);
    let package = folders.next().unwrap_or_default();
    let is_version = |rest: &str| rest.starts_with(|sign: char| sign.is_ascii_digit());
    let names = ["winit-", "glutin-", "x11rb-", "wayland-client-", "wayland-backend-"];
    names.iter().any(|name| package.strip_prefix(name).is_some_and(is_version))
}

/// What task bars show for it; nothing of its own where the picture cannot be read.
fn icon() -> egui::IconData {
    let png = include_bytes!("../../assets/desktop/loopscope-128.png");
    let picture = image::load_from_memory_with_format(png, image::ImageFormat::Png).map(|picture| picture.to_rgba8());
    picture.map_or_else(
        |_| egui::IconData::default(),
        |picture| egui::IconData { width: picture.width(), height: picture.height(), rgba: picture.into_raw() },
    )
}

/// What a window system's message says, in one line.
fn said(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    // winit puts its own source path before what it has to say, glutin a whole structure after it.
    let said = line.rsplit(": ").find(|part| part.len() > 20 && !part.contains(" {")).unwrap_or(line);
    said.split(" (").next().unwrap_or(said).trim_end_matches('.').to_owned()
}

/// Sorts a window system's message into what the reader can do about it.
fn explain(message: &str) -> OpenError {
    let said = said(message);
    let has = |part: &str| message.lines().next().is_some_and(|line| line.contains(part));
    if has("LibraryOpenError") || has("could not be loaded") || has("shared librar") || has("shared object") {
        OpenError::Library(said)
    } else if has("glutin") || has("Glutin") || has("OpenGL") {
        OpenError::NoOpenGl
    } else if has("XOpenDisplayFailed")
        || has("connection to X server")
        || has("NoCompositor")
        || has("wayland compositor")
        || has("ConnectionError")
    {
        OpenError::Other(format!("the display does not answer; is DISPLAY or WAYLAND_DISPLAY right? ({said})"))
    } else {
        OpenError::Other(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_crates_that_speak_with_the_display_may_say_that_it_is_gone() {
        let registry = "/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f";
        for theirs in [
            format!("{registry}/winit-0.30.13/src/platform_impl/linux/x11/mod.rs"),
            format!("{registry}/x11rb-0.13.2/src/lib.rs"),
            r"C:\Users\a\.cargo\registry\src\index.crates.io-1949cf8c6b5b557f\winit-0.30.13\src\event_loop.rs"
                .to_owned(),
        ] {
            assert!(speaks_with_the_display(&theirs), "{theirs}");
        }
        for others in [
            "/home/a/winit-demo/src/main.rs".to_owned(),
            "/home/a/winit-0.30.13/src/lib.rs".to_owned(),
            format!("{registry}/winit-helper-1.0.0/src/lib.rs"),
            format!("{registry}/smol-2.0.2/src/winit-0.rs"),
            "src/app/mod.rs".to_owned(),
        ] {
            assert!(!speaks_with_the_display(&others), "{others}");
        }
    }

    #[test]
    fn what_is_missing_is_said_in_one_line_with_what_to_do() {
        // As winit 0.30 and glutin 0.32 say it, seen in a root without the libraries.
        let cases = [
            (
                "winit EventLoopError: os error at /home/a/winit/src/mod.rs:788: Failed to load one of xlib's shared libraries",
                "Failed to load one of xlib's shared libraries",
            ),
            ("Library libxkbcommon-x11.so could not be loaded.", "libxkbcommon-x11.so"),
            ("Found no glutin configs matching the template: ConfigTemplate { api: None }. Error: not found", "OpenGL"),
        ];
        for (message, part) in cases {
            let text = explain(message).to_string();
            assert!(text.contains(part) && text.contains("apt install"), "{text}");
            assert!(!text.contains('\n') && !text.contains("mod.rs") && !text.contains('{'), "{text}");
        }
    }
}
