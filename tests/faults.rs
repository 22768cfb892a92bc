//! What goes wrong around the program: it is killed while it writes, the disk is full, files are not what they should be, the
//! display is missing or goes away. Each is told in a line that names the thing, and no file that was there is lost.
//!
//! Damage inside of a record is the matter of `damaged_files.rs`.

#[path = "support/display.rs"]
mod display;
#[path = "support/outside.rs"]
mod outside;
#[path = "support/signal.rs"]
mod signal;

use display::Display;
use libtest_mimic::{Failed, Trial};
use signal::signal;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::time::Duration;

fn main() -> ExitCode {
    outside::main(vec![
        Trial::test("killed while it writes, the old file is there whole, and the next save clears up", killed),
        Trial::test("a save that stands still is left to go on by another of the same name", stopped),
        Trial::test("what is no record is refused by name, whatever is asked of it", no_record),
        Trial::test("a folder is not written over", folder),
        Trial::test("a device is written to and stays a device", device),
        Trial::test("a link stays a link, and a private file private", link),
        small_disk("on a full disk the old file is there whole", FULL, "No space left on device"),
        small_disk(
            "in a folder that cannot be written the old file is there whole",
            READ_ONLY,
            "Read-only file system",
        ),
        Trial::test("a display that does not answer is told in one line", no_display),
        outside::test("without OpenGL it says what to install", &["Xvfb"], no_opengl),
        outside::test(
            "with software OpenGL the window comes up, and a display that goes away ends it",
            &["Xvfb", "xdotool"],
            gone,
        ),
    ])
}

type Done = Result<(), Failed>;

fn loopscope(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command.args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").stdin(Stdio::null());
    command
}

fn hold(is_so: bool, what: impl Into<String>) -> Done {
    if is_so { Ok(()) } else { Err(what.into().into()) }
}

/// Looks until something is so.
fn until(what: &str, mut is_so: impl FnMut() -> Result<bool, Failed>) -> Done {
    for _ in 0..1200 {
        if is_so()? {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50)); // between two looks, not instead of one
    }
    Err(format!("never so: {what}").into())
}

/// A failure that is told in one line with these words.
fn fails(output: &Output, words: &[&str]) -> Done {
    let said = String::from_utf8_lossy(&output.stderr);
    let has_all = words.iter().all(|word| said.contains(word));
    let ours = said.lines().filter(|line| line.starts_with("loopscope: ")).count();
    hold(output.status.code() == Some(1) && ours == 1 && has_all && !said.contains("panicked"), format!("{output:?}"))
}

/// A record in a new folder.
fn saved(id: &str) -> Result<(tempfile::TempDir, PathBuf), Failed> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("old.loopscope");
    let output = loopscope(&["run", id, "--trace"]).arg(&path).output()?;
    hold(output.status.success(), format!("{output:?}"))?;
    Ok((folder, path))
}

fn parts(folder: &Path) -> Result<usize, Failed> {
    let names = fs::read_dir(folder)?.flatten().map(|entry| entry.file_name());
    Ok(names.filter(|name| name.to_string_lossy().ends_with(".part")).count())
}

/// Ends it as the system does when memory runs out.
fn kill(mut child: Child) -> Done {
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn killed() -> Done {
    let (big_folder, _) = saved("queue")?;
    let big = big_folder.path().join("big.loopscope");
    loopscope(&["run", "semaphore", "--set", "requests=4000", "--trace"]).arg(&big).output()?;
    let big = big.to_str().ok_or("no name")?;
    let ways: &[&[&str]] = &[
        &["run", "semaphore", "--set", "requests=4000", "--trace"],
        &["export", big, "--format", "chrome", "-o"],
        &["render", "queue", "--size", "2000x2000", "-o"],
    ];
    for way in ways {
        let (folder, path) = saved("queue")?;
        let path = if way[0] == "render" { path.with_extension("png") } else { path };
        fs::write(&path, "what was there before")?;
        let mut child = loopscope(way).arg(&path).stdout(Stdio::null()).spawn()?;
        let mut is_writing = false;
        while !is_writing && child.try_wait()?.is_none() {
            is_writing = parts(folder.path())? > 0;
        }
        kill(child)?;
        hold(is_writing && parts(folder.path())? == 1, format!("{way:?} was not killed while it wrote"))?;
        hold(fs::read(&path)? == b"what was there before", format!("{way:?} left half a file"))?;
        // The next one finds nothing in its way, and leaves nothing of it.
        let output = loopscope(way).arg(&path).output()?;
        hold(output.status.success() && fs::metadata(&path)?.len() > 1000, format!("{output:?}"))?;
        hold(parts(folder.path())? == 0, format!("{way:?} left behind what was half written"))?;
    }
    Ok(())
}

fn stopped() -> Done {
    let (folder, path) = saved("queue")?;
    let big: &[&str] = &["run", "semaphore", "--set", "requests=4000", "--trace"];
    let mut slow = loopscope(big).arg(&path).stdout(Stdio::null()).spawn()?;
    while parts(folder.path())? == 0 && slow.try_wait()?.is_none() {}
    signal("-STOP", slow.id())?;
    hold(parts(folder.path())? == 1, "it was not stopped while it wrote")?;
    let output = loopscope(&["run", "queue", "--trace"]).arg(&path).output()?;
    let quick = fs::metadata(&path)?.len();
    signal("-CONT", slow.id())?;
    hold(output.status.success(), format!("{output:?}"))?;
    hold(slow.wait()?.success() && parts(folder.path())? == 0, "what it wrote was taken away")?;
    hold(fs::metadata(&path)?.len() > 10 * quick, "its record is not there")
}

fn no_record() -> Done {
    let (folder, good) = saved("queue")?;
    let bytes = fs::read(&good)?;
    let mut of_tomorrow = bytes.clone();
    of_tomorrow[10] += 1; // the version follows the ten bytes of the name
    let made_up: &[(&str, &[u8], &str)] = &[
        ("empty", b"", ""),
        ("text", b"LOOPSCAPE is something else", "not a"),
        ("cut", &bytes[..11], ""),
        ("tomorrow", &of_tomorrow, "version"),
    ];
    let mut cases = vec![(folder.path().join("nothing"), "No such file"), (folder.path().to_owned(), "Is a directory")];
    for (name, bytes, word) in made_up {
        let path = folder.path().join(name);
        fs::write(&path, bytes)?;
        cases.push((path, word));
    }
    let (good, out) = (good.to_str().ok_or("no name")?, folder.path().join("out.png"));
    for (path, word) in cases {
        let name = path.to_str().ok_or("no name")?;
        let requests: &[&[&str]] = &[
            &["open", name],
            &["check", name],
            &["stats", name],
            &["compare", good, name],
            &["export", name, "--format", "svg"],
            &["render", name, "-o", out.to_str().ok_or("no name")?],
        ];
        for request in requests {
            // What is not there is no file to `render`, but no scenario either.
            if request[0] == "render" && !path.exists() {
                continue;
            }
            fails(&loopscope(request).output()?, &[name, word]).map_err(|error| format!("{request:?}: {error:?}"))?;
        }
    }
    hold(!out.exists(), "a picture of nothing")
}

fn folder() -> Done {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("kept"), "kept")?;
    let output = loopscope(&["run", "queue", "--trace"]).arg(folder.path()).output()?;
    fails(&output, &["directory"])?;
    hold(fs::read(folder.path().join("kept"))? == b"kept", "the folder was emptied")
}

fn device() -> Done {
    // A pipe stands for a device that only root could lose.
    let folder = tempfile::tempdir()?;
    let pipe = folder.path().join("pipe");
    hold(Command::new("mkfifo").arg(&pipe).status()?.success(), "no pipe")?;
    let writer = loopscope(&["run", "queue", "--trace"]).arg(&pipe).stdout(Stdio::null()).spawn()?;
    let bytes = fs::read(&pipe)?; // ends when the writer closes it
    hold(writer.wait_with_output()?.status.success(), "it could not be written")?;
    hold(bytes.starts_with(b"LOOPSCOPE"), "what was written is no record")?;
    hold(fs::read_dir(folder.path())?.count() == 1 && !pipe.is_file(), "the pipe was replaced")
}

#[cfg(unix)]
fn link() -> Done {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (folder, path) = saved("queue")?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    let link = folder.path().join("link");
    symlink(&path, &link)?;
    let output = loopscope(&["run", "semaphore", "--trace"]).arg(&link).output()?;
    hold(output.status.success() && link.is_symlink(), format!("the link was replaced: {output:?}"))?;
    hold(fs::metadata(&path)?.permissions().mode() & 0o777 == 0o600, "others may read it now")?;
    let output = loopscope(&["stats"]).arg(&path).output()?;
    hold(
        String::from_utf8_lossy(&output.stdout).contains("semaphore") || output.status.success(),
        format!("{output:?}"),
    )
}

#[cfg(not(unix))]
fn link() -> Done {
    Ok(())
}

/// Fills the disk but for some kilobytes.
const FULL: &str = "head -c 60000 /dev/zero >filler";
/// Nothing more can be written.
const READ_ONLY: &str = "mount -o remount,ro .";

/// A test on a file system of 100 kB of its own, which is gone with the process that has it.
fn small_disk(name: &'static str, make: &'static str, word: &'static str) -> Trial {
    let can = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        return outside::lacking(name, "no file system of one's own can be mounted here: unshare -rm is refused");
    }
    Trial::test(name, move || {
        let script = format!(
            "set -e; mount -t tmpfs -o size=100k none /mnt; cd /mnt; cp \"$1\" old; cp \"$1\" /tmp/compare-$$; {make}
            ! \"$0\" run semaphore --set requests=1000 --trace old >/dev/null
            ! \"$0\" export \"$2\" --format chrome -o old
            ! \"$0\" render queue --size 4000x4000 -o old.png
            cmp old /tmp/compare-$$; rm /tmp/compare-$$; ! ls *.part old.png 2>/dev/null"
        );
        let (_folder, path) = saved("queue")?;
        let big = path.with_extension("big");
        loopscope(&["run", "semaphore", "--set", "requests=1000", "--trace"]).arg(&big).output()?;
        let output = Command::new("unshare")
            .args(["-rm", "sh", "-c", &script, env!("CARGO_BIN_EXE_loopscope")])
            .args([&path, &big])
            .env_remove("DISPLAY")
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let told =
            said.lines().filter(|line| line.starts_with("loopscope: ") && line.contains("old") && line.contains(word));
        hold(output.status.success() && told.count() == 3, format!("{output:?}"))
    })
}

fn no_display() -> Done {
    for variable in ["DISPLAY", "WAYLAND_DISPLAY"] {
        let output = loopscope(&["queue"]).env(variable, ":4711").output()?;
        fails(&output, &["is DISPLAY or WAYLAND_DISPLAY right?"])?;
    }
    Ok(())
}

fn window(display: &Display, home: &Path) -> Command {
    let mut command = loopscope(&["queue"]);
    command.env("DISPLAY", &display.name).env("LIBGL_ALWAYS_SOFTWARE", "1").env("XDG_CONFIG_HOME", home);
    command
}

fn no_opengl() -> Done {
    let home = tempfile::tempdir()?;
    for args in [&["-extension", "GLX"][..], &[]] {
        let display = Display::start_with(args)?;
        // As where no driver is installed.
        let output = window(&display, home.path()).env("LIBGL_DRIVERS_PATH", "/nonexistent").output()?;
        fails(&output, &["OpenGL", "apt install"])?;
    }
    Ok(())
}

fn gone() -> Done {
    let (display, home) = (Display::start()?, tempfile::tempdir()?);
    let settings = home.path().join("loopscope/settings.json");
    let mut program = window(&display, home.path()).stderr(Stdio::piped()).spawn()?;
    display.tool("timeout", &["60", "xdotool", "search", "--sync", "--onlyvisible", "--name", "^Loopscope$"])?;
    // It keeps where the window is, once that does not change any more.
    until("the settings are saved", || Ok(settings.exists()))?;
    let saved = fs::read(&settings)?;
    drop(display);
    let mut ended = None;
    let is_over = until("it ends without a display", || {
        ended = program.try_wait()?;
        Ok(ended.is_some())
    });
    if is_over.is_err() {
        kill(program)?;
        return is_over;
    }
    let said = std::io::read_to_string(program.stderr.take().ok_or("nothing said")?)?;
    // Where Xlib notices first it says so itself, in its own words, and ends the program. Without an exit code the system would
    // have ended it, and kept its core.
    let is_told = ["the display went away", "X connection", "X server"].iter().any(|words| said.contains(words));
    let is_told = is_told && said.trim().lines().count() <= 2 && !said.contains("panicked");
    hold(ended.and_then(|status| status.code()) == Some(1) && is_told, format!("{ended:?}: {said}"))?;
    hold(fs::read(&settings)? == saved && parts(&home.path().join("loopscope"))? == 0, "the settings were lost")
}
