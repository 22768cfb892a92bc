//! A record for other programs: Chrome's trace format, a table. These files are written and never read.

pub mod chrome;
pub mod csv;
