//! The built program in a real window on a virtual display, worked by real keys and mouse events.

#[path = "support/display.rs"]
mod display;
#[path = "support/outside.rs"]
mod outside;

use display::Display;
use image::RgbaImage;
use libtest_mimic::Failed;
use std::path::Path;
use std::process::{Child, Command, ExitCode};
use tempfile::TempDir;

fn main() -> ExitCode {
    let needs: &[&str] = &["Xvfb", "xdotool", "import"];
    outside::main(vec![
        outside::test("a lesson is run, paused, stepped and closed in a real window", needs, lesson),
        outside::test("a run is saved, opened again and exported by keys and clicks", needs, files),
        outside::test("a picture that is copied is in the clipboard", &[needs, &["xclip"][..]].concat(), copied),
        outside::test("the window is arranged as it was left", needs, arranged),
        outside::test("the code goes into a window of its own and comes back", needs, apart),
        outside::test("the window of the code comes back where it was left, and nowhere unseen", needs, apart_again),
        outside::test("a window that was left where no screen is comes up on one", needs, rescued),
        outside::test("a window in which nothing moves uses no processor time", needs, idle),
    ])
}

/// How often a condition is looked at before the test gives up. Each look takes a picture, some 100 ms.
const LOOKS: usize = 300;

/// The program in its window.
struct Window {
    program: Child,
    id: String,
    display: Display,
    /// Where its settings are kept.
    home: TempDir,
}

impl Window {
    fn open(args: &[&str]) -> Result<Self, Failed> {
        Self::open_at(tempfile::tempdir()?, args)
    }

    /// Opens it where settings were kept before.
    fn open_at(home: TempDir, args: &[&str]) -> Result<Self, Failed> {
        let display = Display::start()?;
        let program = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .args(args)
            .env("DISPLAY", &display.name)
            .env_remove("WAYLAND_DISPLAY")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("XDG_CONFIG_HOME", home.path())
            // Here nobody but the program itself asks for files.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("PATH", home.path())
            .current_dir(home.path())
            .spawn()?;
        // `--sync` waits until the window is there.
        let found = display.tool("xdotool", &["search", "--sync", "--onlyvisible", "--name", "^Loopscope$"])?;
        let id = String::from_utf8(found)?.lines().next().ok_or("no window")?.to_owned();
        display.tool("xdotool", &["windowfocus", "--sync", &id])?;
        let window = Self { program, id, display, home };
        window.until("the window is painted", |picture| count(picture, RUNNING) > 1000)?;
        Ok(window)
    }

    fn keys(&self, keys: &[&str]) -> Result<(), Failed> {
        self.display.tool("xdotool", &[&["key", "--clearmodifiers"], keys].concat()).map(drop)
    }

    /// Types a text, as it is.
    fn text(&self, text: &str) -> Result<(), Failed> {
        self.display.tool("xdotool", &["type", "--delay", "4", text]).map(drop)
    }

    /// Gives a path to the dialog that is open.
    fn path(&self, path: &Path) -> Result<(), Failed> {
        self.at_rest()?;
        self.keys(&["ctrl+a"])?;
        self.text(&path.display().to_string())?;
        self.keys(&["Return"])
    }

    /// Waits until a file is there, whole: it is written aside.
    fn file(&self, path: &Path) -> Result<Vec<u8>, Failed> {
        let there = |_: &RgbaImage| path.exists();
        self.until(&format!("{} is there", path.display()), there)?;
        Ok(std::fs::read(path)?)
    }

    fn click(&self, x: u32, y: u32) -> Result<(), Failed> {
        let (x, y) = (x.to_string(), y.to_string());
        let args = ["mousemove", "--window", &self.id, "--sync", &x, &y, "click", "1"];
        self.display.tool("xdotool", &args).map(drop)
    }

    fn picture(&self) -> Result<RgbaImage, Failed> {
        let png = self.display.tool("import", &["-window", &self.id, "png:-"])?;
        Ok(image::load_from_memory(&png)?.to_rgba8())
    }

    /// Looks until something is so, and gives the picture in which it is.
    fn until(&self, what: &str, is_so: impl Fn(&RgbaImage) -> bool) -> Result<RgbaImage, Failed> {
        for _ in 0..LOOKS {
            let picture = self.picture()?;
            if is_so(&picture) {
                return Ok(picture);
            }
        }
        let path = std::env::temp_dir().join("loopscope-desktop-failure.png");
        self.picture()?.save(&path)?;
        Err(format!("never so: {what}; the last picture is {}", path.display()).into())
    }

    /// The picture once two in a row are the same.
    fn at_rest(&self) -> Result<RgbaImage, Failed> {
        let last = std::cell::RefCell::new(RgbaImage::default());
        self.until("nothing moves", |picture| last.replace(picture.clone()) == *picture)
    }

    /// Processor time used so far, in clock ticks.
    fn ticks(&self) -> Result<u64, Failed> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.program.id()))?;
        let after_name = stat.rsplit(')').next().ok_or("no stat")?;
        // User and system time are fields 14 and 15 of proc(5); what follows the name begins with field 3.
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
    }

    /// The window of the code.
    fn second(&self) -> Result<String, Failed> {
        let found =
            self.display.tool("xdotool", &["search", "--sync", "--onlyvisible", "--name", "^Loopscope: code$"])?;
        Ok(String::from_utf8(found)?.lines().next().ok_or("no second window")?.to_owned())
    }

    /// Where a window is, and how large.
    fn place(&self, window: &str) -> Result<String, Failed> {
        let told = String::from_utf8(self.display.tool("xdotool", &["getwindowgeometry", "--shell", window])?)?;
        let parts = ["X=", "Y=", "WIDTH=", "HEIGHT="];
        let is_place = |line: &&str| parts.iter().any(|part| line.starts_with(part));
        Ok(told.lines().filter(is_place).collect::<Vec<_>>().join(" "))
    }

    /// Waits until the window of the code is there and has this place.
    fn place_of_second(&self, place: &str) -> Result<(), Failed> {
        let second = self.second()?;
        let is_there = |_: &RgbaImage| self.place(&second).is_ok_and(|found| found == place);
        self.until(&format!("the second window is at {place}"), is_there).map(drop)
    }

    fn close(self) -> Result<(), Failed> {
        self.close_and_keep().map(drop)
    }

    /// Closes it, and gives what it remembers.
    fn close_and_keep(mut self) -> Result<TempDir, Failed> {
        self.keys(&["ctrl+q"])?;
        for _ in 0..LOOKS {
            if let Some(status) = self.program.try_wait()? {
                if !status.success() {
                    return Err(format!("it ended with {status}").into());
                }
                return Ok(std::mem::replace(&mut self.home, tempfile::tempdir()?));
            }
            std::thread::sleep(std::time::Duration::from_millis(50)); // between two looks, not instead of one
        }
        Err("the program did not end".into())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        drop(self.program.kill());
        drop(self.program.wait());
    }
}

/// The dark theme's fills, as drawn; that of waiting is a timer's.
const RUNNING: [u8; 3] = [0xFC, 0xFE, 0xFF];
const READY: [u8; 3] = [0xA8, 0x8F, 0x2A];
const WAITING: [u8; 3] = [0x28, 0x31, 0x47];
/// The colour of words of the language in the code, in the dark theme.
const TEXT_OF_CODE: [u8; 3] = [0xC4, 0xB5, 0xFD];
/// The light theme's background of the timeline.
const WHITE: [u8; 3] = [0xFF, 0xFF, 0xFF];

/// Pixels of a colour, or nearly, in the timeline.
fn count(picture: &RgbaImage, color: [u8; 3]) -> usize {
    let is_near = |pixel: &[u8]| pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 2);
    picture.pixels().filter(|pixel| is_near(&pixel.0[..3])).count()
}

/// The middle of the Pause button while a lesson runs in a window of the first size.
const PAUSE_BUTTON: (u32, u32) = (719, 23);

fn lesson() -> Result<(), Failed> {
    let window = Window::open(&["queue"])?;
    let empty = window.at_rest()?;
    let before = count(&empty, WAITING);

    window.keys(&["space"])?;
    let early = window.until("lanes grow", |picture| count(picture, WAITING) > before + 5000)?;
    window.until("lanes move on", |picture| *picture != early && count(picture, WAITING) > before + 5000)?;

    window.click(PAUSE_BUTTON.0, PAUSE_BUTTON.1)?;
    let paused = window.at_rest()?;
    if paused.dimensions() != (1440, 900) {
        return Err(format!("the window is {:?}", paused.dimensions()).into());
    }

    window.keys(&["x"])?;
    window.until("ready is seen on the steps axis", |picture| count(picture, READY) > count(&paused, READY) + 500)?;
    let steps = window.at_rest()?;
    window.keys(&["shift+Right"])?;
    // All columns become narrower where there was no room for one more.
    window.until("a step shows the next poll", |picture| *picture != steps)?;
    let stepped = window.at_rest()?;
    window.keys(&["Home"])?;
    window.until("back at the start, what follows is veiled", |picture| {
        count(picture, READY) < count(&stepped, READY) / 2
    })?;

    window.keys(&["End", "t"])?;
    window.until("the light theme", |picture| count(picture, WHITE) > 100_000)?;

    window.keys(&["space"])?; // and closed while it runs
    window.close()
}

/// Where things are in the menu, in a window of the first size.
const MENU: (u32, u32) = (29, 23);
const EXPORT: (u32, u32) = (60, 149);
const EXPORT_PICTURE: (u32, u32) = (340, 149);
const EXPORT_SVG: (u32, u32) = (320, 253);
const COPY: (u32, u32) = (60, 180);
const COPY_WINDOW: (u32, u32) = (290, 180);
const CODE_APART: (u32, u32) = (90, 253);

/// Where the settings are, below the folder that is given for them.
const SETTINGS: &str = "loopscope/settings.json";

impl Window {
    /// Goes through the menu.
    fn choose(&self, places: &[(u32, u32)]) -> Result<(), Failed> {
        places.iter().try_for_each(|(x, y)| {
            self.click(*x, *y)?;
            self.at_rest().map(drop)
        })
    }
}

fn files() -> Result<(), Failed> {
    let window = Window::open(&["queue"])?;
    window.keys(&["bracketright"; 5])?;
    let before = count(&window.at_rest()?, WAITING);
    window.keys(&["space"])?;
    window.until("lanes grow", |picture| count(picture, WAITING) > before + 5000)?;
    let over = window.at_rest()?;
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);

    window.keys(&["ctrl+s"])?;
    window.path(&at("run.loopscope"))?;
    let saved = window.file(&at("run.loopscope"))?;
    if !saved.starts_with(b"LOOPSCOPE") {
        return Err("what was saved is no run".into());
    }

    window.choose(&[MENU, EXPORT, EXPORT_PICTURE])?;
    window.path(&at("window.png"))?;
    let picture = image::load_from_memory(&window.file(&at("window.png"))?)?.to_rgba8();
    if picture.dimensions() != (2880, 1800) || count(&picture, WAITING) < count(&over, WAITING) * 3 {
        return Err(format!("the picture is another one, of {:?}", picture.dimensions()).into());
    }

    window.choose(&[MENU, EXPORT, EXPORT_SVG])?;
    window.path(&at("run.svg"))?;
    if !String::from_utf8(window.file(&at("run.svg"))?)?.contains("consumer") {
        return Err("there is no lane of the consumer in the picture".into());
    }
    window.close()?;

    let window = Window::open(&["say-hello"])?;
    window.keys(&["ctrl+o"])?;
    window.path(&at("run.loopscope"))?;
    window.until("the run is there again", |picture| count(picture, WAITING) > before + 5000)?;
    window.close()
}

fn copied() -> Result<(), Failed> {
    let window = Window::open(&["queue"])?;
    let code = count(&window.at_rest()?, TEXT_OF_CODE);
    window.choose(&[MENU, COPY, COPY_WINDOW])?;
    let clipboard = std::cell::RefCell::default();
    window.until("there is a picture in the clipboard", |_| {
        let copied = window.display.tool("xclip", &["-selection", "clipboard", "-t", "image/png", "-o"]);
        copied.is_ok_and(|png| !clipboard.replace(png).is_empty())
    })?;
    // It is drawn twice as large, so that it is sharp on slides.
    let picture = image::load_from_memory_with_format(&clipboard.take(), image::ImageFormat::Png)?.to_rgba8();
    if picture.dimensions() != (2880, 1800) || count(&picture, TEXT_OF_CODE) < code * 2 {
        return Err(format!("the picture is another one, of {:?}", picture.dimensions()).into());
    }
    window.close()
}

fn arranged() -> Result<(), Failed> {
    let window = Window::open(&["queue"])?;
    let before = count(&window.at_rest()?, TEXT_OF_CODE);
    window.keys(&["ctrl+2"])?;
    window.until("the code is put away", |picture| count(picture, TEXT_OF_CODE) < before / 2)?;
    window.display.tool("xdotool", &["windowsize", "--sync", &window.id, "1200", "700"])?;
    window.until("it is smaller", |picture| picture.dimensions() == (1200, 700))?;
    let left = window.at_rest()?;
    let home = window.close_and_keep()?;
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(home.path().join(SETTINGS))?)?;
    if kept["panes"]["places"]["code"] != "hidden" || kept["window"]["size"] != serde_json::json!([1200.0, 700.0]) {
        return Err(format!("it remembers {kept}").into());
    }
    let window = Window::open_at(home, &["queue"])?;
    let again = window.at_rest()?;
    if again.dimensions() != left.dimensions() || count(&again, TEXT_OF_CODE) > before / 2 {
        return Err(format!("it came back another way, {:?}", again.dimensions()).into());
    }
    window.close()
}

fn apart() -> Result<(), Failed> {
    let window = Window::open(&["queue"])?;
    let before = count(&window.at_rest()?, TEXT_OF_CODE);
    window.choose(&[MENU, CODE_APART])?;
    window.until("the code has left the window", |picture| count(picture, TEXT_OF_CODE) < before / 2)?;
    let second = window.second()?;
    // Keys work there as in the first window; this one brings the panel back.
    window.display.tool("xdotool", &["windowfocus", "--sync", &second, "key", "--clearmodifiers", "ctrl+2"])?;
    window.until("the code is back", |picture| count(picture, TEXT_OF_CODE) > before / 2)?;
    // Without a window manager nobody gives the focus back.
    window.display.tool("xdotool", &["windowfocus", "--sync", &window.id])?;
    window.close()
}

fn apart_again() -> Result<(), Failed> {
    let window = Window::open(&["queue"])?;
    window.at_rest()?;
    window.choose(&[MENU, CODE_APART])?;
    let second = window.second()?;
    window.display.tool("xdotool", &["windowsize", "--sync", &second, "500", "600"])?;
    window.display.tool("xdotool", &["windowmove", "--sync", &second, "150", "90"])?;
    window.at_rest()?;
    window.display.tool("xdotool", &["windowfocus", "--sync", &window.id])?;
    let home = window.close_and_keep()?;

    let window = Window::open_at(home, &["queue"])?;
    window.place_of_second("X=150 Y=90 WIDTH=500 HEIGHT=600")?;
    window.display.tool("xdotool", &["windowfocus", "--sync", &window.id])?;
    let home = window.close_and_keep()?;

    // As if it had been on a screen that is no longer there.
    let settings = home.path().join(SETTINGS);
    let mut kept: serde_json::Value = serde_json::from_slice(&std::fs::read(&settings)?)?;
    kept["panes"]["windows"]["code"]["corner"] = serde_json::json!([5000.0, 90.0]);
    std::fs::write(&settings, kept.to_string())?;
    let window = Window::open_at(home, &["queue"])?;
    let place = window.place(&window.second()?)?;
    if place.contains("X=5") || !place.contains("WIDTH=500 HEIGHT=600") {
        return Err(format!("it came back at {place}").into());
    }
    window.display.tool("xdotool", &["windowfocus", "--sync", &window.id])?;
    window.close()
}

/// The display is 1600 by 1000.
fn rescued() -> Result<(), Failed> {
    for (size, corner) in [
        ("[900,600]", "[5000,5000]"),
        ("[900,600]", "[-3000,20]"),
        ("[1400,900]", "[100,-800]"),
        ("[5000,4000]", "[50,50]"),
        ("[5000,700]", "null"),
    ] {
        let home = tempfile::tempdir()?;
        std::fs::create_dir(home.path().join("loopscope"))?;
        let window = format!("{{\"window\":{{\"size\":{size},\"corner\":{corner},\"is_maximized\":false}}}}");
        std::fs::write(home.path().join("loopscope/settings.json"), window)?;
        let window = Window::open_at(home, &["queue"])?;
        let place = std::cell::RefCell::new(String::new());
        let is_seen = |_: &RgbaImage| {
            let told = window.place(&window.id).unwrap_or_default();
            let number = |name: &str| {
                told.split(' ').find_map(|line| line.strip_prefix(name)?.strip_prefix('=')?.parse::<i32>().ok())
            };
            place.replace(told.clone());
            match [number("X"), number("Y"), number("WIDTH"), number("HEIGHT")] {
                [Some(x), Some(y), Some(width), Some(height)] => {
                    x >= 0 && y >= 0 && x + width <= 1600 && y + height <= 1000 && width >= 800
                }
                _ => false,
            }
        };
        window.until("the window is on the screen", is_seen).map_err(|error| format!("{error:?}: {place:?}"))?;
    }
    Ok(())
}

fn idle() -> Result<(), Failed> {
    let window = Window::open(&["queue"])?;
    for keys in [&[][..], &["space", "space"]] {
        if !keys.is_empty() {
            window.keys(keys)?;
        }
        window.at_rest()?;
        let before = window.ticks()?;
        std::thread::sleep(std::time::Duration::from_secs(2)); // the span that is measured
        let used = window.ticks()? - before;
        // A window that repaints for nothing uses a hundred and more; a few may go to what the desktop itself asks.
        if used > 4 {
            return Err(format!("{used} ticks in two seconds of rest, after {keys:?}").into());
        }
    }
    window.close()
}
