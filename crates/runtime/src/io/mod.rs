//! What a task does that reaches out of the loop: files, connections, threads that may block, the user, work that keeps the
//! processor.

pub(crate) mod busy;
pub mod fs;
pub(crate) mod input;
pub(crate) mod job;
pub mod net;
pub(crate) mod say;

use crate::task::output::describe_common_errors;
use std::sync::Once;

/// Lets records say what the errors say of tasks that open a file or a connection. Once for each process.
pub(crate) fn describe_outputs() {
    static DESCRIBED: Once = Once::new();
    DESCRIBED.call_once(|| {
        describe_common_errors::<fs::File>();
        describe_common_errors::<net::TcpListener>();
        describe_common_errors::<net::TcpStream>();
    });
}
