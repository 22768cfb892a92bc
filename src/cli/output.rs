//! What may be written to: nothing that is read by the same command.

use super::{Failure, usage};
use loopscope::trace::file::is_same_file;
use std::path::Path;

/// The files behind the standard streams, where the system tells.
const INPUT: &str = "/dev/stdin";
const OUTPUT: &str = "/dev/stdout";

/// Refuses to write to `output`, or else to standard output, if that is the file `input`.
pub(super) fn is_apart(input: &Path, output: Option<&Path>) -> Result<(), Failure> {
    match output {
        Some(output) if is_same_file(input, output) => Err(usage(format!(
            "{} is the record that is read: it would be lost; write to another file",
            output.display()
        ))),
        None if is_same_file(input, Path::new(OUTPUT)) => Err(usage(format!(
            "standard output goes to {}, the record that is read: it would be damaged; write to another file",
            input.display()
        ))),
        _ => Ok(()),
    }
}

/// Refuses to replace the file that answers are read from, or the one that lines are printed to.
pub(super) fn is_apart_from_standard_streams(trace: &Path) -> Result<(), Failure> {
    let is_a_stream = trace.starts_with("/dev") || trace.starts_with("/proc");
    let refused = [(INPUT, "standard input comes from"), (OUTPUT, "standard output goes to")]
        .into_iter()
        .find(|(stream, _)| !is_a_stream && is_same_file(Path::new(stream), trace));
    match refused {
        Some((_, what)) => {
            Err(usage(format!("{what} {}, which the record would replace; write it to another file", trace.display())))
        }
        None => Ok(()),
    }
}
