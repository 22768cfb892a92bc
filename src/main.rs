//! The program: `loopscope` opens the window, `loopscope run` runs a scenario without one.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    loopscope::runtime::quiet_task_panics();
    cli::run()
}
