//! What a task awaits of the clock.

pub(crate) mod interval;
pub(crate) mod sleep;
pub(crate) mod timeout;
