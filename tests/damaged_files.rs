//! Files that were damaged or made up: whatever is in them, they are read without a panic and without asking for more
//! memory than they have bytes, and every question can be asked of what was read.
//!
//! `LOOPSCOPE_FILES` sets how many are tried, `LOOPSCOPE_SEED` tries one alone.

mod support;

use fastrand::Rng;
use loopscope::event::{Event, Nanos};
use loopscope::trace::export::{chrome, csv};
use loopscope::trace::{
    Bookmark, Comparison, Histogram, Limits, Measure, Record, Series, Stats, Wording, blocked_by, check, critical_path,
    diagnose, explain, explain_end, file, poll_after, poll_before, sentence, wake_chain,
};
use std::sync::atomic::{AtomicU64, Ordering};
use support::{for_seeds, run_scenario};

/// Events in the file's format.
fn written(events: &[Event]) -> Vec<u8> {
    let mut writer = file::Writer::new(Vec::new()).unwrap();
    events.iter().try_for_each(|event| writer.push(event)).unwrap();
    writer.finish().unwrap()
}

/// Changes a file: flips, cuts, repeats and swaps bytes; and mends the checksum, so that what is in it is believed.
fn damage(bytes: &mut Vec<u8>, rng: &mut Rng) {
    const HEAD: usize = 12 + 8;
    for _ in 0..rng.usize(1..6) {
        if bytes.len() <= HEAD {
            return;
        }
        let at = rng.usize(HEAD..bytes.len());
        match rng.u8(0..6) {
            0 => bytes[at] ^= 1 << rng.u8(0..8),
            1 => bytes[at] = rng.u8(..),
            2 => bytes.truncate(at),
            3 => bytes.insert(at, rng.u8(..)),
            4 => {
                let to = (at + rng.usize(1..40)).min(bytes.len());
                let again = bytes[at..to].to_vec();
                bytes.splice(at..at, again);
            }
            _ => {
                let other = rng.usize(HEAD..bytes.len());
                bytes.swap(at, other);
            }
        }
    }
    if rng.u8(0..8) > 0 {
        let length = (bytes.len() - HEAD) as u32;
        let checksum = crc32fast::hash(&bytes[HEAD..]);
        bytes[12..16].copy_from_slice(&length.to_le_bytes());
        bytes[16..20].copy_from_slice(&checksum.to_le_bytes());
    }
}

/// Makes events up: removes, repeats and swaps them, and changes what is in them.
fn make_up(events: &mut Vec<Event>, rng: &mut Rng) {
    for _ in 0..rng.usize(1..12) {
        if events.len() < 2 {
            return;
        }
        let at = rng.usize(0..events.len());
        match rng.u8(0..6) {
            0 => drop(events.remove(at)),
            1 => events.insert(at, events[rng.usize(0..events.len())].clone()),
            2 => {
                let other = rng.usize(0..events.len());
                events.swap(at, other);
            }
            _ => {
                let mut bytes = postcard::to_stdvec(&events[at]).unwrap();
                let place = rng.usize(0..bytes.len());
                bytes[place] = if rng.bool() { rng.u8(..) } else { bytes[place] ^ (1 << rng.u8(0..8)) };
                if let Ok(event) = postcard::from_bytes(&bytes) {
                    events[at] = event;
                }
            }
        }
    }
}

/// Asks everything of a record.
fn ask(record: &Record, original: &Record, rng: &mut Rng) {
    assert!(!Comparison::new(original, record).sentences(&Wording::default()).is_empty());
    let len = record.log().len();
    assert!(record.edge().spawned <= len && record.catalog().timer_count() <= len);
    drop(check(record.log().iter_from(0)));
    drop(Stats::of(record).lines(record));
    drop(diagnose(record, Limits { self_wakes: 3, ..Limits::default() }, &Wording::default()));
    for event in record.log().iter_from(0) {
        drop(sentence(record, &event, &Wording::default()));
    }
    for lane in record.lanes() {
        let task = lane.task();
        drop(lane.spans().map(|span| explain(record, task, &span, &Wording::default())).collect::<Vec<_>>());
        drop(explain_end(record, task, &Wording::default()));
        let ends = [rng.u64(..), rng.u64(0..20_000_000_000)];
        drop(lane.columns(
            Nanos(ends[0].min(ends[1])),
            Nanos(ends[0].max(ends[1])),
            rng.usize(0..50),
            record.log().end(),
        ));
    }
    for number in 0..record.lanes().len() + 1 {
        let (task, at) = (loopscope::event::TaskId(number as u32), rng.usize(0..=len + 1));
        assert!(blocked_by(record, task, at).links.len() <= record.edge().spawned);
        drop(blocked_by(record, task, at).sentence(record));
        drop(Histogram::of(record, Measure::Latency, Some(task)));
        let Some(lane) = record.lanes().get(number) else { continue };
        let _ = lane.hit(Nanos(rng.u64(..)), Nanos(rng.u64(..) >> rng.u32(0..64)), record.log().end());
        let _ = (lane.span_at(at), lane.span_before(at), lane.span_after(at));
        let _ = (poll_after(record, at), poll_before(record, at));
    }
    drop(Series::of(record).columns(Nanos::ZERO, Nanos(rng.u64(..)), rng.usize(0..50), record.log().end()));
    assert!(critical_path(record).len() <= len);
    drop(wake_chain(record, rng.usize(0..=len)));
    drop(record.state_at(rng.usize(0..=len + 1)));
    chrome::write(record, &mut Vec::new()).unwrap();
    csv::write(record, &mut Vec::new()).unwrap();
}

#[test]
fn whatever_stands_for_bookmarks_no_event_is_lost_and_what_is_read_has_bounds() {
    let events = support::events(run_scenario("gather", &[]).record());
    let begin = written(&events);
    let bookmarks: Vec<Bookmark> =
        (0..5).map(|place| Bookmark { index: place * 7, at: Nanos(0), name: format!("place {place}") }).collect();
    let whole = postcard::to_stdvec(&bookmarks).unwrap();
    let read = AtomicU64::new(0);
    for_seeds(5_000, |seed| {
        let mut rng = Rng::with_seed(seed);
        let mut payload = whole.clone();
        for _ in 0..rng.usize(0..4) {
            let at = rng.usize(0..payload.len());
            match rng.u8(0..4) {
                0 => payload.truncate(at.max(1)),
                1 => payload.insert(at, rng.u8(..)),
                _ => payload[at] = if rng.bool() { rng.u8(..) } else { payload[at] ^ (1 << rng.u8(0..8)) },
            }
        }
        let mut bytes = begin.clone();
        bytes.extend(b"MARK");
        let length = if rng.u8(0..9) == 0 { rng.u32(..) } else { payload.len() as u32 };
        bytes.extend(length.to_le_bytes());
        bytes.extend(crc32fast::hash(&payload).to_le_bytes());
        bytes.extend(&payload);
        let opened = file::read(bytes.as_slice()).unwrap();
        assert!(support::events(&opened.record) == events);
        assert!(opened.bookmarks.is_empty() || opened.damage.is_none());
        for bookmark in &opened.bookmarks {
            assert!(bookmark.index <= events.len() && bookmark.at <= opened.record.log().end());
            assert!(bookmark.name.len() <= Bookmark::LONGEST_NAME && !bookmark.name.contains(char::is_control));
        }
        read.fetch_add(u64::from(!opened.bookmarks.is_empty()), Ordering::Relaxed);
    });
    assert!(read.into_inner() > 100 || std::env::var("LOOPSCOPE_SEED").is_ok(), "the damage leaves nothing to read");
}

#[test]
fn whatever_is_in_a_file_it_is_read_and_every_question_is_answered() {
    let originals: Vec<Vec<u8>> = ["queue", "semaphore", "gather", "say-hello"]
        .map(|id| written(&support::events(run_scenario(id, &[]).record())))
        .into();
    let files = std::env::var("LOOPSCOPE_FILES").ok().and_then(|count| count.parse().ok()).unwrap_or(5_000);
    let asked = AtomicU64::new(0);
    for_seeds(files, |seed| {
        let mut rng = Rng::with_seed(seed);
        let original = &originals[rng.usize(0..originals.len())];
        let mut bytes = original.clone();
        if rng.bool() {
            damage(&mut bytes, &mut rng);
        } else {
            let mut events = support::events(&file::read(original.as_slice()).unwrap().record);
            make_up(&mut events, &mut rng);
            bytes = written(&events);
        }
        let Ok(opened) = file::read(bytes.as_slice()) else { return };
        assert!(opened.record.log().len() <= bytes.len());
        ask(&opened.record, &file::read(original.as_slice()).unwrap().record, &mut rng);
        asked.fetch_add(u64::from(!opened.record.log().is_empty()), Ordering::Relaxed);
    });
    let asked = asked.into_inner();
    println!("{files} files, {asked} with events");
    assert!(asked * 3 > files || files < 100, "the damage leaves nothing to read: {asked} of {files}");
}
