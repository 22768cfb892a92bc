//! A task's name as it is recorded.

use super::type_names;
use std::sync::Arc;

/// A task's name, made into text only where somebody listens.
#[derive(Debug, Clone)]
pub(crate) enum TaskName {
    Given(Arc<str>),
    /// The type of its future, as the compiler names it, and the line that spawned it.
    Type(&'static str, u32),
}

impl TaskName {
    pub(crate) fn text(&self) -> Arc<str> {
        match self {
            Self::Given(name) => Arc::clone(name),
            Self::Type(path, line) => format!("{}:{line}", type_names::short(path)).into(),
        }
    }
}
