//! A record for other programs: Chrome's trace format, a picture, a table. These files are written and never read.

pub mod chrome;
pub mod csv;
pub mod svg;
