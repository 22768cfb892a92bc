//! Records as files.
//!
//! # The format, version 6
//!
//! All integers are little-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 10 | `LOOPSCOPE` and a zero byte |
//! | 2 | the version, 6 |
//! | … | chunks of events |
//! | … | the bookmarks, if there are any, until the end of the file |
//!
//! A chunk is 4 bytes of payload length, 4 bytes of payload CRC-32 (IEEE), and the payload: up to 1,024 events, each in
//! [postcard](https://postcard.jamesmunns.com/wire-format) encoding. A chunk ends with its 1,024th event, or with the event
//! by which it has 8 MiB or more, wherever the executor happened to hand them over; so the bytes depend on the events alone.
//! Each chunk can be read once it is complete, and a file that was cut off reads up to its last complete chunk.
//!
//! A payload is at most 1 GiB. A single event that needs more is a text that somebody printed: it is cut, and says so. Older
//! versions of the program do not read chunks of more than 64 MiB, which take an event of that size.
//!
//! The bookmarks are the 4 bytes `MARK`, 4 bytes of payload length, 4 bytes of payload CRC-32, and the payload: a list of up
//! to 1,000, each the number of events before it, its time in nanoseconds, and its name of up to 200 bytes, in postcard
//! encoding as well. What is wrong with them takes nothing from the record.
//!
//! Version 5 does not tell where a record comes from, so that a title has to say which scenario it is of, nor how a job on a
//! thread that may block ended: the start of a run and the end of a job are shorter there.
//! Version 4 tells less of each event: not how a task failed, not what a timer is for. A timer, a change of a shared thing
//! and a wait for several tasks are shorter there by what they do not tell.
//! Version 3 knows fewer causes and kinds of events: none of a program that goes on after its record, or that nobody runs.
//! Version 2 has no bookmarks either. All are read.

mod damage;
mod older;
mod write;

pub use super::aside::{can_write, write_aside};
pub use super::target::is_same_file;
pub use damage::{Damage, Place};
pub use write::Writer;

use super::bookmarks::{self, Bookmark};
use crate::event::Event;
use crate::model::record::Record;
use older::Older;
use std::borrow::Cow;
use std::io::{self, Read};
use std::path::Path;

const MAGIC: &[u8; 10] = b"LOOPSCOPE\0";
const VERSION: u16 = 6;
/// The oldest version that is read: the first without bookmarks.
const OLDEST: u16 = 2;
/// Events in a full chunk.
const CHUNK: usize = 1024;
/// A longer payload is taken for damage. The mark before the bookmarks, read as a length, is longer.
const LONGEST_PAYLOAD: u32 = 1 << 30;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system says no.
    #[error("cannot read: {0}")]
    Io(#[from] io::Error),
    /// It is some other kind of file.
    #[error("this is not a Loopscope record: it does not begin with LOOPSCOPE")]
    NotARecord,
    /// It was written by another version.
    #[error("this record has format version {found}; this program reads versions {OLDEST} to {VERSION}")]
    Version {
        /// The version in the file.
        found: u16,
    },
}

/// What was read.
#[derive(Debug)]
pub struct Opened {
    /// The record, up to the last good chunk.
    pub record: Record,
    /// The places that were marked in it.
    pub bookmarks: Vec<Bookmark>,
    /// What is wrong with the rest, if there is a rest.
    pub damage: Option<Damage>,
}

/// Reads a record chunk by chunk.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    version: u16,
    /// What a file of an older version needs to be read.
    older: Option<Older>,
    chunk: usize,
    events: usize,
    bookmarks: Vec<Bookmark>,
    offset: u64,
    is_at_end: bool,
}

impl<R: Read> Reader<R> {
    /// Begins with a file.
    ///
    /// # Errors
    /// If it cannot be read at all: the system's error, another kind of file, or another version.
    pub fn new(mut input: R) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        input.by_ref().take(12).read_to_end(&mut head)?;
        let Some((magic, version)) = head.split_first_chunk::<10>() else { return Err(ReadError::NotARecord) };
        if magic != MAGIC {
            return Err(ReadError::NotARecord);
        }
        let found = version.try_into().map_or(0, u16::from_le_bytes);
        if !(OLDEST..=VERSION).contains(&found) {
            return Err(ReadError::Version { found });
        }
        let offset = head.len() as u64;
        let older = (found <= older::LAST).then(|| Older::new(found));
        Ok(Self { input, version: found, older, chunk: 0, events: 0, bookmarks: Vec::new(), offset, is_at_end: false })
    }

    /// The next events; none at the end, and after an error.
    ///
    /// # Errors
    /// If what comes cannot be read or makes no sense.
    pub fn next_chunk(&mut self) -> Result<Option<Vec<Event>>, Damage> {
        if self.is_at_end {
            return Ok(None);
        }
        self.is_at_end = true; // unless all goes well
        self.chunk += 1;
        let offset = self.offset;
        let damage = |place, what: Cow<'static, str>| Damage { place, offset, what };
        let unreadable = |place, error: &io::Error| damage(place, format!("it cannot be read ({error})").into());
        let place = Place::Chunk(self.chunk);
        let bytes = match read_chunk(&mut self.input).map_err(|error| unreadable(place, &error))? {
            Chunk::End => return Ok(None),
            Chunk::Bookmarks { length } if self.version > OLDEST => {
                let bookmarks = bookmarks::read(&mut self.input, length, self.events);
                let bookmarks = bookmarks.map_err(|error| unreadable(Place::Bookmarks, &error))?;
                self.bookmarks = bookmarks.map_err(|what| damage(Place::Bookmarks, what.into()))?;
                return Ok(None);
            }
            Chunk::Bookmarks { .. } => return Err(damage(place, SENSELESS_LENGTH.into())),
            Chunk::Bad(what) => return Err(damage(place, what.into())),
            Chunk::Good(bytes) => bytes,
        };
        let events = match &mut self.older {
            Some(older) => decode(&bytes, |bytes| older.take_event(bytes)),
            None => decode(&bytes, |bytes| postcard::take_from_bytes(bytes).ok()),
        };
        let events = events.ok_or_else(|| damage(place, "its events cannot be decoded".into()))?;
        self.events += events.len();
        self.offset += 8 + bytes.len() as u64;
        self.is_at_end = false;
        Ok(Some(events))
    }

    /// The bookmarks; there are none before the end.
    #[must_use]
    pub fn into_bookmarks(self) -> Vec<Bookmark> {
        self.bookmarks
    }
}

/// Reads a record as far as it is good.
///
/// # Errors
/// If it cannot be read at all: the system's error, another kind of file, or another version.
pub fn read(input: impl Read) -> Result<Opened, ReadError> {
    let mut reader = Reader::new(input)?;
    let mut record = Record::default();
    let damage = loop {
        match reader.next_chunk() {
            Ok(Some(events)) => events.into_iter().for_each(|event| record.push(event)),
            Ok(None) => break None,
            Err(damage) => break Some(damage),
        }
    };
    let bookmarks = reader.into_bookmarks().into_iter().filter_map(|bookmark| bookmark.placed_in(&record)).collect();
    Ok(Opened { record, bookmarks, damage })
}

const SENSELESS_LENGTH: &str = "its length makes no sense";

enum Chunk {
    End,
    /// What comes is no chunk but the bookmarks, of so many bytes.
    Bookmarks {
        length: u32,
    },
    Bad(&'static str),
    Good(Vec<u8>),
}

fn read_chunk(input: &mut impl Read) -> io::Result<Chunk> {
    let mut head = Vec::new();
    input.take(8).read_to_end(&mut head)?;
    let Ok(head) = <[u8; 8]>::try_from(head.as_slice()) else {
        return Ok(if head.is_empty() { Chunk::End } else { Chunk::Bad("it is cut off") });
    };
    let (first, second) = ([head[0], head[1], head[2], head[3]], [head[4], head[5], head[6], head[7]]);
    let [length, checksum] = [first, second].map(u32::from_le_bytes);
    if first == bookmarks::MARK {
        return Ok(Chunk::Bookmarks { length: checksum });
    }
    if length > LONGEST_PAYLOAD {
        return Ok(Chunk::Bad(SENSELESS_LENGTH));
    }
    // Grows with what is there: a length alone asks for no memory.
    let mut payload = Vec::new();
    input.take(u64::from(length)).read_to_end(&mut payload)?;
    Ok(if payload.len() < length as usize {
        Chunk::Bad("it is cut off")
    } else if crc32fast::hash(&payload) != checksum {
        Chunk::Bad("its checksum does not match")
    } else {
        Chunk::Good(payload)
    })
}

fn decode(mut bytes: &[u8], mut take: impl FnMut(&[u8]) -> Option<(Event, &[u8])>) -> Option<Vec<Event>> {
    let mut events = Vec::new();
    while !bytes.is_empty() {
        let (event, rest) = take(bytes)?;
        if events.len() == CHUNK {
            return None;
        }
        events.push(event);
        bytes = rest;
    }
    Some(events)
}

/// Writes a record to `path`, as far as it is kept; see [`write_aside`].
///
/// # Errors
/// If the file cannot be written; nothing is left behind then.
pub fn save(record: &Record, path: &Path) -> io::Result<()> {
    save_with(record, &[], path)
}

/// Writes a record to `path`, and what is marked in it, as far as both are kept; see [`write_aside`].
///
/// # Errors
/// If the file cannot be written; nothing is left behind then.
pub fn save_with(record: &Record, bookmarks: &[Bookmark], path: &Path) -> io::Result<()> {
    let prelude = record.prelude();
    // In the file, events are counted from the first that it has.
    let counted_anew = bookmarks.iter().filter_map(|bookmark| {
        let index = bookmark.index.checked_sub(record.first())? + prelude.len();
        Some(Bookmark { index, ..bookmark.clone() })
    });
    let bookmarks: Vec<Bookmark> = counted_anew.collect();
    write_aside(path, |out| {
        let mut writer = Writer::new(out)?;
        prelude.iter().try_for_each(|event| writer.push(event))?;
        record.log().iter_from(record.first()).try_for_each(|event| writer.push(&event))?;
        writer.finish_with(&bookmarks).map(drop)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EventKind, Nanos, TaskId, WorkerId};
    use std::sync::Arc;

    fn printed(number: u64) -> Event {
        let kind = EventKind::Printed { task: Some(TaskId(1)), site: None, text: format!("line {number}").into() };
        Event { at: Nanos(number), worker: WorkerId(0), kind }
    }

    fn file_of(events: u64) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new()).unwrap();
        (0..events).try_for_each(|number| writer.push(&printed(number))).unwrap();
        writer.finish().unwrap()
    }

    fn events_in(record: &Record) -> Vec<Event> {
        record.log().iter_from(0).collect()
    }

    #[test]
    fn what_was_written_is_read_back() {
        for count in [0, 1, 1023, 1024, 1025, 3000] {
            let opened = read(file_of(count).as_slice()).unwrap();
            assert_eq!(opened.damage, None);
            assert_eq!(events_in(&opened.record), (0..count).map(printed).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_file_that_was_cut_off_reads_up_to_its_last_good_chunk() {
        let whole = file_of(3000);
        for cut in (12..whole.len()).step_by(97) {
            let opened = read(&whole[..cut]).unwrap();
            let length = opened.record.log().len();
            assert!(length == 0 || length == 1024 || length == 2048, "{length} events after {cut} bytes");
            assert!(opened.damage.is_some() || cut == 12 || length > 0);
        }
    }

    #[test]
    fn where_the_system_cannot_read_on_is_told_and_what_was_read_stays() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let bytes = file_of(3000);
        let half = &bytes[..bytes.len() / 2];
        let opened = read(half.chain(Fails)).unwrap();
        let damage = opened.damage.unwrap();
        assert!(damage.to_string().contains("it cannot be read (the disk is gone)"), "{damage}");
        assert_eq!(opened.record.log().len(), 1024);
    }

    #[test]
    fn a_damaged_byte_is_found_and_named() {
        let mut bytes = file_of(2000);
        let middle = bytes.len() - 10;
        bytes[middle] ^= 1;
        let opened = read(bytes.as_slice()).unwrap();
        assert_eq!(opened.record.log().len(), 1024);
        let damage = opened.damage.unwrap().to_string();
        assert!(damage.contains("chunk 2") && damage.contains("checksum"), "{damage}");
    }

    fn long(text: String) -> Event {
        let kind = EventKind::Printed { task: None, site: None, text: text.into() };
        Event { at: Nanos(0), worker: WorkerId(0), kind }
    }

    #[test]
    fn events_of_any_size_are_read_back() {
        let mega = 1 << 20;
        // Many long ones, one longer than a chunk, one far longer than a full chunk, and short ones between.
        for lengths in
            [vec![mega; 100], vec![70_000; 2000], vec![70 * mega], vec![10, 9 * mega, 10, 7 * mega, 2 * mega]]
        {
            let events: Vec<Event> = lengths.iter().map(|length| long("x".repeat(*length))).collect();
            let mut writer = Writer::new(Vec::new()).unwrap();
            events.iter().try_for_each(|event| writer.push(event)).unwrap();
            let bytes = writer.finish().unwrap();
            let opened = read(bytes.as_slice()).unwrap();
            assert_eq!(opened.damage, None);
            assert!(events_in(&opened.record) == events, "{} events", events.len());
        }
    }

    #[test]
    fn a_text_that_no_chunk_can_hold_is_cut_and_says_so() {
        let mut writer = Writer::with_most(Vec::new(), 1000).unwrap();
        for text in ["a".repeat(600), "b".repeat(600), "ä".repeat(3000), "c".to_owned()] {
            writer.push(&long(text)).unwrap();
        }
        let opened = read(writer.finish().unwrap().as_slice()).unwrap();
        assert_eq!(opened.damage, None);
        let printed: Vec<Arc<str>> = opened.record.output().iter().map(|line| Arc::clone(&line.text)).collect();
        assert_eq!(printed.iter().map(|text| text.len()).take(2).collect::<Vec<_>>(), [600, 600]);
        assert!(printed[2].starts_with("ää") && printed[2].ends_with("ä… (cut: it has 6000 bytes)"), "{}", printed[2]);
        assert_eq!(&*printed[3], "c");
    }

    #[test]
    fn another_kind_of_file_is_refused() {
        assert!(matches!(read(&b"%PDF-1.7 and more"[..]), Err(ReadError::NotARecord)));
        assert!(matches!(read(&b""[..]), Err(ReadError::NotARecord)));
        let mut newer = file_of(1);
        newer[10] = 9;
        assert!(matches!(read(newer.as_slice()), Err(ReadError::Version { found: 9 })));
    }

    #[test]
    fn saving_where_one_cannot_leaves_nothing_behind() {
        let folder = std::env::temp_dir().join(format!("loopscope-save-{}", std::process::id()));
        assert!(save(&Record::default(), &folder.join("run.loopscope")).is_err());
        assert!(!folder.exists());
    }
}
