//! Writing a record: events into chunks that depend on the events alone.

use super::super::bookmarks::{self, Bookmark};
use super::{CHUNK, LONGEST_PAYLOAD, MAGIC, VERSION};
use crate::event::{Event, EventKind, Outcome};
use std::io::{self, Write};
use std::sync::Arc;

/// A chunk that has so many bytes takes no more events.
const FULL: usize = 8 << 20;
/// Of a text that is too long for a chunk, so much is kept: a part of what fits, in bytes.
const KEPT: f64 = 0.9;

/// Writes a record, event by event.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    payload: Vec<u8>,
    events: usize,
    /// The longest payload.
    most: usize,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn new(out: W) -> io::Result<Self> {
        Self::with_most(out, LONGEST_PAYLOAD as usize)
    }

    /// Begins a file whose payloads have at most so many bytes.
    pub(super) fn with_most(mut out: W, most: usize) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        out.write_all(&VERSION.to_le_bytes())?;
        Ok(Self { out, payload: Vec::new(), events: 0, most })
    }

    /// Adds an event.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn push(&mut self, event: &Event) -> io::Result<()> {
        let start = self.payload.len();
        postcard::to_io(event, &mut self.payload).map_err(io::Error::other)?;
        if self.payload.len() > self.most {
            let mut bytes = self.payload.split_off(start);
            self.end_chunk()?;
            if bytes.len() > self.most {
                bytes = postcard::to_stdvec(&shortened(event, self.most)).map_err(io::Error::other)?;
            }
            self.payload = bytes;
        }
        self.events += 1;
        if self.events == CHUNK || self.payload.len() >= FULL { self.end_chunk() } else { Ok(()) }
    }

    /// Writes what is left and gives `out` back.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.finish_with(&[])
    }

    /// Writes what is left, and the bookmarks after it, and gives `out` back.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn finish_with(mut self, bookmarks: &[Bookmark]) -> io::Result<W> {
        self.end_chunk()?;
        bookmarks::write(bookmarks, &mut self.out)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn end_chunk(&mut self) -> io::Result<()> {
        if self.events == 0 {
            return Ok(());
        }
        let length = u32::try_from(self.payload.len()).ok().filter(|length| *length <= LONGEST_PAYLOAD);
        let length = length.ok_or_else(|| io::Error::other("an event of the record needs more than 1 GiB"))?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&crc32fast::hash(&self.payload).to_le_bytes())?;
        self.out.write_all(&self.payload)?;
        self.payload.clear();
        self.events = 0;
        Ok(())
    }
}

/// An event whose text was too long, cut to somewhat less than `most` bytes.
fn shortened(event: &Event, most: usize) -> Event {
    let cut = |text: &Arc<str>| -> Arc<str> {
        let mut end = ((most as f64 * KEPT) as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        format!("{}… (cut: it has {} bytes)", &text[..end], text.len()).into()
    };
    let kind = match event.kind.clone() {
        EventKind::Printed { task, site, text } => EventKind::Printed { task, site, text: cut(&text) },
        EventKind::TaskPanicked { task, message } => EventKind::TaskPanicked { task, message: cut(&message) },
        EventKind::CleanUpBegan { outcome: Outcome::Panicked(message) } => {
            EventKind::CleanUpBegan { outcome: Outcome::Panicked(cut(&message)) }
        }
        EventKind::RunEnded { outcome: Outcome::Panicked(message) } => {
            EventKind::RunEnded { outcome: Outcome::Panicked(cut(&message)) }
        }
        other => other,
    };
    Event { kind, ..*event }
}
