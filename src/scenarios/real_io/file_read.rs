//! Files, and the threads that read them.

use super::notes::{Notes, open};
use crate::runtime::{frame, gather, say, sleep, spawn};
use std::io::Result;
use std::path::PathBuf;
use std::time::Duration;

async fn load(path: PathBuf, block: bool) -> Result<String> {
    if block {
        return std::fs::read_to_string(path); //~ block
    }
    let mut file = open(path).await?; //~ open
    file.read_to_string().await //~ read
}

async fn reader(path: PathBuf, block: bool) -> usize {
    let loaded = frame!(load(path, block)).await; //~ load
    let text = loaded.unwrap_or_else(|error| {
        say!("{error}"); //~ failed
        String::new()
    });
    text.len()
}

async fn ticker() {
    loop {
        sleep(Duration::from_millis(1)).await; //~ tick
    }
}

async fn main(files: u32, size: u32, last: &str, block: bool) -> Result<()> {
    let notes = frame!(Notes::write(files, size, last)).await?; //~ write
    let ticker = spawn("ticker", ticker()); //~ spawn-ticker
    let readers = (1..=files).map(|number| {
        let path = notes.path(number);
        spawn(format!("read-{number}"), reader(path, block)) //~ spawn
    });
    let sizes = gather(readers).await; //~ gather
    for (number, bytes) in (1..).zip(sizes) {
        say!("notes-{number}.txt: {bytes} bytes"); //~ size
    }
    ticker.cancel().await; //~ cancel
    Ok(())
}

// --- end of the lesson's code ---

use super::on_loop;
use crate::event::ClockKind;
use crate::scenarios::{Bounds, Lesson, Param, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/file-read.md")),
    clock: ClockKind::Real,
    params: &[
        Param { name: "files", label: "files", bounds: Bounds::Count { min: 1, max: 20, default: 3 } },
        Param { name: "size", label: "megabytes per file", bounds: Bounds::Count { min: 1, max: 50, default: 10 } },
        Param { name: "how", label: "how to read", bounds: Bounds::Choice { of: &["await", "block"] } },
        Param { name: "file", label: "last file", bounds: Bounds::Choice { of: &["there", "missing", "locked"] } },
    ],
    rust: Source::rust("file_read.rs", include_str!("file_read.rs")).naming(&[("file", "last"), ("how", "block")]),
    python: Source::python("real_io/file_read.py", include_str!("../../../assets/python/real_io/file_read.py"))
        .naming(&[("how", "block")]),
    ..Scenario::new("file-read", "Read files (threads)", |params| {
        let (files, size) = (params.count("files"), params.count("size"));
        let (last, block) = (params.choice("file"), params.choice("how") == "block");
        on_loop(async move { main(files, size, last, block).await })
    })
};
