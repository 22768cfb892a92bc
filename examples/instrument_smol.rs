//! A program that uses smol, instrumented by one line: `use loopscope::smol;` shadows the crate of that name.
//!
//! Run it with `cargo run --no-default-features --example instrument_smol`. It prints what its executor did, and leaves
//! the record in a file.

use loopscope::event::Event;
use loopscope::smol; // without this line the program runs as before
use loopscope::trace::{Record, Wording, check, file, sentence};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The program.
async fn work() -> usize {
    let (sender, receiver) = smol::channel::bounded(2);
    let producer = smol::spawn(async move {
        for item in 0..3 {
            smol::Timer::after(Duration::from_millis(10)).await;
            sender.send(item).await.expect("somebody listens");
        }
    });
    let consumer = smol::spawn(async move {
        let mut count = 0;
        while receiver.recv().await.is_ok() {
            count += 1;
        }
        count
    });
    producer.await;
    consumer.await
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = {
        let events = Arc::clone(&events);
        move |chunk: &mut Vec<Event>| events.lock().expect("no sink panics").append(chunk)
    };
    let recording = loopscope::executor::record("instrument_smol", sink);
    let count = smol::block_on(work());
    drop(recording);

    let events = std::mem::take(&mut *events.lock().expect("no sink panics"));
    assert!(check(&events).is_empty());
    let mut record = Record::default();
    events.iter().cloned().for_each(|event| record.push(event));
    for event in &events {
        println!("{:>12} {}", event.at.to_string(), sentence(&record, event, &Wording::default()));
    }
    let path = std::env::temp_dir().join("instrument_smol.loopscope");
    file::save(&record, &path)?;
    println!("{count} items; the record is in {}", path.display());
    Ok(())
}
