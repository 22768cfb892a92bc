//! A Wayland compositor that shows nothing, for tests of real windows.

use libtest_mimic::Failed;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A compositor of its own, gone with this.
pub(crate) struct Compositor {
    server: Child,
    /// Where its socket is.
    folder: TempDir,
}

/// The name of the socket.
const SOCKET: &str = "wayland-of-a-test";

impl Compositor {
    pub(crate) fn start() -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let args = ["--backend=headless-backend.so", "--no-config", "--idle-time=0", "--width=1600", "--height=1000"];
        let mut server = Command::new("weston")
            .args(args)
            .arg(format!("--socket={SOCKET}"))
            .env("XDG_RUNTIME_DIR", folder.path())
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DISPLAY")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        for _ in 0..600 {
            if folder.path().join(SOCKET).exists() {
                return Ok(Self { server, folder });
            }
            if let Some(status) = server.try_wait()? {
                return Err(format!("weston ended with {status}").into());
            }
            std::thread::sleep(Duration::from_millis(50)); // between two looks, not instead of one
        }
        server.kill()?;
        Err("weston opened no socket".into())
    }

    /// Lets a program show its windows there, and nowhere else.
    pub(crate) fn lead<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("WAYLAND_DISPLAY", SOCKET)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("DISPLAY")
    }
}

impl Drop for Compositor {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
