//! Every interleaving of a writer and a reader, as far as the memory model allows more than one.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p watched-vec --release --test loom`; empty otherwise.
#![cfg(loom)]

use loom::sync::{Arc, Mutex};
use loom::thread;
use watched_vec::watched_vec;

#[test]
fn a_reader_sees_a_prefix_of_what_was_pushed() {
    loom::model(|| {
        let (mut writer, mut reader) = watched_vec(2);
        let thread = thread::spawn(move || {
            writer.push(Box::new(1)).unwrap();
            writer.push(Box::new(2)).unwrap();
        });
        let mut seen: Vec<i32> = Vec::new();
        for _ in 0..2 {
            let unread = reader.unread();
            seen.extend(unread.iter().map(|item| **item));
            let count = unread.len();
            reader.mark_read(count);
        }
        assert!([1, 2].starts_with(&seen), "{seen:?}");
        thread.join().unwrap();
    });
}

#[test]
fn nothing_is_told_twice_or_lost_when_the_writer_hands_the_vector_over() {
    loom::model(|| {
        let (mut writer, reader) = watched_vec(2);
        let told = Arc::new(Mutex::new((reader, Vec::new())));
        let writing = thread::spawn({
            let told = Arc::clone(&told);
            move || {
                for number in 0..3 {
                    if writer.is_full() {
                        let (reader, told) = &mut *told.lock().unwrap();
                        reader.with_vec(&mut writer, |items, read| told.extend(items.drain(..).skip(read))).unwrap();
                    }
                    writer.push(number).unwrap();
                }
                writer
            }
        });
        {
            let (reader, told) = &mut *told.lock().unwrap();
            let unread = reader.unread();
            told.extend_from_slice(unread);
            let count = unread.len();
            reader.mark_read(count);
        }
        let mut writer = writing.join().unwrap();
        let (reader, told) = &mut *told.lock().unwrap();
        reader.with_vec(&mut writer, |items, read| told.extend(items.drain(..).skip(read))).unwrap();
        assert_eq!(*told, [0, 1, 2]);
    });
}
