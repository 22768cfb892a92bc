//! A virtual display, for tests of real windows.
#![allow(dead_code, reason = "each test uses its part")]

use libtest_mimic::Failed;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A display of its own; gone with this.
pub(crate) struct Display {
    server: Child,
    pub(crate) name: String,
    /// Kept open: the server writes its number here.
    _number: BufReader<ChildStdout>,
}

impl Display {
    pub(crate) fn start() -> Result<Self, Failed> {
        Self::start_with(&[])
    }

    /// With further arguments for the server.
    pub(crate) fn start_with(args: &[&str]) -> Result<Self, Failed> {
        let screen = ["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"];
        let mut server =
            Command::new("Xvfb").args(screen).args(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut number = BufReader::new(server.stdout.take().ok_or("Xvfb has no output")?);
        let mut line = String::new();
        number.read_line(&mut line)?; // waits until the display is there
        Ok(Self { server, name: format!(":{}", line.trim()), _number: number })
    }

    pub(crate) fn tool(&self, program: &str, args: &[&str]) -> Result<Vec<u8>, Failed> {
        let output = Command::new(program).args(args).env("DISPLAY", &self.name).output()?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(format!("{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
