//! Places of a record that somebody who watched it marked, to come back to; and how they stand at the end of its file.
//!
//! They are no part of the run: nothing that is derived from the record knows of them. In a file they are data from a
//! stranger: so many and no more, names of such a length, places that the record has.

use crate::event::Nanos;
use crate::model::record::Record;
use crate::store::log::EventIndex;
use crate::text;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// A marked place: after so many events, at this time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// How many events come before it.
    pub index: EventIndex,
    /// Its time: that of the last of these events, or later.
    pub at: Nanos,
    /// Empty unless it was given one.
    pub name: String,
}

/// What the section begins with. As the length of a chunk of events it would be too long.
pub(super) const MARK: [u8; 4] = *b"MARK";
/// A longer section is taken for damage, in bytes: with numbers of ten bytes and names of the longest it is shorter.
const LONGEST: u32 = 256 << 10;

impl Bookmark {
    /// So many are kept with a record, and no more.
    pub const MOST: usize = 1000;
    /// A longer name is cut off, in bytes.
    pub const LONGEST_NAME: usize = 200;

    /// The bookmark with its place in a record; none where that is not kept.
    #[must_use]
    pub fn placed_in(self, record: &Record) -> Option<Self> {
        let log = record.log();
        let index = self.index.min(log.len());
        if index < record.first() {
            return None;
        }
        let next = log.get(index).map_or(log.end(), |event| event.at);
        let at = self.at.min(next).max(log.time_at(index));
        Some(Self { index, at, name: text::whole(&self.name).into_owned() })
    }

    /// A name that fits: no longer than may be, on one line.
    fn cleaned(&self) -> Self {
        let mut end = self.name.len().min(Self::LONGEST_NAME);
        while !self.name.is_char_boundary(end) {
            end -= 1;
        }
        let name = self.name[..end].chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
        Self { name, ..*self }
    }
}

/// Writes the section; where there are none, nothing.
pub(crate) fn write(bookmarks: &[Bookmark], out: &mut impl Write) -> io::Result<()> {
    if bookmarks.is_empty() {
        return Ok(());
    }
    let bookmarks: Vec<Bookmark> = bookmarks.iter().take(Bookmark::MOST).map(Bookmark::cleaned).collect();
    let payload = postcard::to_stdvec(&bookmarks).map_err(io::Error::other)?;
    let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
    out.write_all(&MARK)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&crc32fast::hash(&payload).to_le_bytes())?;
    out.write_all(&payload)
}

/// What is left of a section after its mark and `length`, and of the file; `events` come before it. The inner error says
/// what is wrong with it.
pub(crate) fn read(
    input: &mut impl Read,
    length: u32,
    events: usize,
) -> io::Result<Result<Vec<Bookmark>, &'static str>> {
    let (mut checksum, mut payload, mut after) = (Vec::new(), Vec::new(), Vec::new());
    if length > LONGEST {
        return Ok(Err("their length makes no sense"));
    }
    input.take(4).read_to_end(&mut checksum)?;
    input.take(u64::from(length)).read_to_end(&mut payload)?;
    input.take(1).read_to_end(&mut after)?;
    let checksum = <[u8; 4]>::try_from(checksum.as_slice()).map(u32::from_le_bytes);
    let is_whole = payload.len() == length as usize;
    Ok(match checksum {
        Ok(checksum) if is_whole && crc32fast::hash(&payload) != checksum => Err("their checksum does not match"),
        Ok(_) if is_whole && after.is_empty() => decode(&payload, events),
        Ok(_) if is_whole => Err("the file goes on after them"),
        _ => Err("they are cut off"),
    })
}

fn decode(payload: &[u8], events: usize) -> Result<Vec<Bookmark>, &'static str> {
    let Ok((bookmarks, rest)) = postcard::take_from_bytes::<Vec<Bookmark>>(payload) else {
        return Err("they cannot be decoded");
    };
    let is_too_long = |bookmark: &Bookmark| bookmark.name.len() > Bookmark::LONGEST_NAME;
    if !rest.is_empty() {
        Err("they cannot be decoded")
    } else if bookmarks.len() > Bookmark::MOST {
        Err("there are more than may be")
    } else if bookmarks.iter().any(is_too_long) {
        Err("one of their names is longer than may be")
    } else if bookmarks.iter().any(|bookmark| bookmark.index > events) {
        Err("one of them lies beyond the record")
    } else {
        Ok(bookmarks.iter().map(Bookmark::cleaned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bookmark(name: &str) -> Bookmark {
        Bookmark { index: 3, at: Nanos(7), name: name.to_owned() }
    }

    /// What is read of these bytes, written as if they were bookmarks.
    fn read_payload(payload: &[u8]) -> Result<Vec<Bookmark>, &'static str> {
        let mut bytes = crc32fast::hash(payload).to_le_bytes().to_vec();
        bytes.extend(payload);
        read(&mut bytes.as_slice(), payload.len() as u32, 10).unwrap()
    }

    #[test]
    fn a_name_is_cut_at_a_letter_and_stands_on_one_line() {
        let long = bookmark(&format!("x{}", "ä".repeat(300))).cleaned();
        assert_eq!(long.name, format!("x{}", "ä".repeat(99)));
        assert_eq!(bookmark("one\ntwo\u{1b}").cleaned().name, "one two ");
    }

    #[test]
    fn what_no_writer_writes_is_told() {
        let coded = |bookmarks: &[Bookmark]| postcard::to_stdvec(bookmarks).unwrap();
        assert_eq!(read_payload(&coded(&[bookmark("here")])), Ok(vec![bookmark("here")]));
        let mut more = coded(&[bookmark("here")]);
        more.push(0);
        let beyond = Bookmark { index: 11, ..bookmark("") };
        for (payload, told) in [
            (more, "decoded"),
            (vec![0xff; 9], "decoded"),
            (coded(&vec![bookmark(""); Bookmark::MOST + 1]), "more than"),
            (coded(&[bookmark(&"x".repeat(201))]), "longer than"),
            (coded(&[beyond]), "beyond"),
        ] {
            let error = read_payload(&payload).unwrap_err();
            assert!(error.contains(told), "{error}, not {told}");
        }
        assert!(read(&mut &b""[..], u32::MAX, 0).unwrap().unwrap_err().contains("length"));
    }
}
