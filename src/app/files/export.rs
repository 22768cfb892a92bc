//! What a file can be asked for, and what is written into it.

use crate::app::still::{Part, Picture};
use crate::trace::export::{chrome, csv};
use crate::trace::{Bookmark, Record, file};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A format of other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Export {
    /// A picture of what is shown now.
    Picture(Part),
    /// The timeline, as lines and words.
    Svg(Stretch),
    /// Chrome's trace format.
    Chrome,
    /// A table of the spans.
    Csv,
}

/// How much of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Stretch {
    /// The run from its start to its end.
    Whole,
    /// What is in the window.
    Shown,
}

/// What a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    Open,
    /// To compare it with the run that is shown.
    Compare,
    Save,
    Export(Export),
    OpenPlan,
    SavePlan,
}

impl Purpose {
    /// What the menu calls it, and the dialog.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Open => "Open run",
            Self::Compare => "Compare with a saved run",
            Self::Save => "Save run",
            Self::OpenPlan => "Open course plan",
            Self::SavePlan => "Save course plan",
            Self::Export(Export::Picture(Part::Window)) => "Picture of the window",
            Self::Export(Export::Picture(Part::Timeline)) => "Picture of the timeline",
            Self::Export(Export::Picture(Part::Loop)) => "Picture of the loop",
            Self::Export(Export::Svg(Stretch::Whole)) => "Whole timeline as SVG",
            Self::Export(Export::Svg(Stretch::Shown)) => "Shown part of the timeline as SVG",
            Self::Export(Export::Chrome) => "Chrome trace",
            Self::Export(Export::Csv) => "Table of spans",
        }
    }

    /// What the button does that takes the file.
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Open | Self::OpenPlan => "Open",
            Self::Compare => "Compare",
            Self::Save | Self::SavePlan | Self::Export(_) => "Save",
        }
    }

    /// Whether a file is written; else it is read.
    pub(crate) fn writes(self) -> bool {
        !matches!(self, Self::Open | Self::Compare | Self::OpenPlan)
    }

    /// The kind of file: its name, and the ending of its files.
    pub(crate) fn kind(self) -> (&'static str, &'static str) {
        match self {
            Self::Open | Self::Compare | Self::Save => ("Loopscope run", "loopscope"),
            Self::OpenPlan | Self::SavePlan => ("Course plan", "toml"),
            Self::Export(Export::Picture(_)) => ("PNG picture", "png"),
            Self::Export(Export::Svg(_)) => ("SVG picture", "svg"),
            Self::Export(Export::Chrome) => ("Chrome trace", "json"),
            Self::Export(Export::Csv) => ("Table", "csv"),
        }
    }

    /// A name for the file, made from the scenario's id; none for one that is to be there.
    pub(crate) fn file_name(self, scenario: &str) -> String {
        let what = match self {
            Self::Open | Self::Compare | Self::OpenPlan => return String::new(),
            Self::SavePlan => return "course.toml".to_owned(),
            Self::Export(Export::Picture(Part::Timeline)) => "-timeline",
            Self::Export(Export::Picture(Part::Loop)) => "-loop",
            Self::Export(Export::Svg(Stretch::Shown)) => "-part",
            Self::Save | Self::Export(_) => "",
        };
        // Some runs are of programs of somebody else's, whose names are not made for files.
        let name: String = scenario.chars().map(|sign| if sign.is_alphanumeric() { sign } else { '-' }).collect();
        format!("{name}{what}.{}", self.kind().1)
    }

    /// The path with the ending of its kind, where one is to be written that has none.
    pub(crate) fn with_ending(self, path: &Path) -> PathBuf {
        let has_none = self.writes() && path.file_name().is_some() && path.extension().is_none();
        if has_none { path.with_extension(self.kind().1) } else { path.to_owned() }
    }
}

/// What is written of a run: its record, and what is marked in it.
pub(super) struct Contents {
    pub(super) record: Arc<Record>,
    pub(super) bookmarks: Vec<Bookmark>,
}

/// Writes a run in the format that is asked for, aside first and then into place.
///
/// # Errors
/// If the file cannot be written; what was there before is there still.
pub(super) fn write(purpose: Purpose, contents: &Contents, path: &Path) -> io::Result<()> {
    let Contents { record, bookmarks } = contents;
    match purpose {
        // None of them is a record to be written.
        Purpose::Open
        | Purpose::Compare
        | Purpose::OpenPlan
        | Purpose::SavePlan
        | Purpose::Export(Export::Picture(_) | Export::Svg(_)) => Ok(()),
        Purpose::Save => file::save_with(record, bookmarks, path),
        Purpose::Export(Export::Chrome) => file::write_aside(path, |out| chrome::write(record, out)),
        Purpose::Export(Export::Csv) => file::write_aside(path, |out| csv::write(record, out)),
    }
}

/// Writes a picture in the format of a purpose, aside first and then into place.
///
/// # Errors
/// If the file cannot be written; what was there before is there still.
pub(super) fn write_picture(purpose: Purpose, picture: &Picture, path: &Path) -> io::Result<()> {
    file::write_aside(path, |out| match purpose {
        Purpose::Export(Export::Svg(_)) => picture.write_svg(out),
        _ => picture.write_png(out),
    })
}
