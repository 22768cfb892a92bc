//! The desktop's own dialogs for files, and whether there are any.
//!
//! It blocks for as long as the user thinks: it is called on a thread of its own.

use super::Purpose;
use rfd::FileDialog;
use std::path::{Path, PathBuf};

/// What came of asking.
#[derive(Debug)]
pub(super) enum Answer {
    Path(PathBuf),
    /// The user wants none.
    None,
    /// Nobody here can ask.
    NoDialog,
}

/// Asks for a file.
pub(super) fn ask(purpose: Purpose, folder: Option<&Path>, name: &str) -> Answer {
    if !is_there() {
        return Answer::NoDialog;
    }
    let (kind, ending) = purpose.kind();
    let mut dialog = FileDialog::new().set_title(purpose.title()).add_filter(kind, &[ending]);
    if !purpose.writes() {
        dialog = dialog.add_filter("All files", &["*"]);
    }
    if let Some(folder) = folder {
        dialog = dialog.set_directory(folder);
    }
    let path = if purpose.writes() { dialog.set_file_name(name).save_file() } else { dialog.pick_file() };
    path.map_or(Answer::None, Answer::Path)
}

/// Whether the desktop has dialogs for files: elsewhere than on Linux and its kin it always has.
#[cfg(not(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd")))]
fn is_there() -> bool {
    true
}

/// Whether the desktop has dialogs for files: a portal that answers, or zenity.
#[cfg(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd"))]
fn is_there() -> bool {
    smol::block_on(smol::future::or(has_portal(), too_late())) || has_zenity()
}

/// How long a portal is waited for: the desktop may have to start it.
#[cfg(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd"))]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

#[cfg(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd"))]
async fn too_late() -> bool {
    smol::Timer::after(PATIENCE).await;
    false
}

/// Whether the portal offers dialogs for files. rfd gives the same answer for "there is none" and for "the user wants
/// none", so that this is asked before.
#[cfg(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd"))]
async fn has_portal() -> bool {
    let Ok(bus) = zbus::Connection::session().await else { return false };
    let property = ("org.freedesktop.portal.FileChooser", "version");
    let (name, path) = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop");
    bus.call_method(Some(name), path, Some("org.freedesktop.DBus.Properties"), "Get", &property).await.is_ok()
}

/// Whether zenity, which rfd asks where there is no portal, can be started.
#[cfg(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd"))]
fn has_zenity() -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join("zenity").is_file())
}
