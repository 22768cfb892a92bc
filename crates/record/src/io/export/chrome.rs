//! A record as Chrome trace events, which Perfetto and speedscope read.
//!
//! The format is that of "Trace Event Format" by Google: a list of objects, times in microseconds. Tasks are the threads
//! of one process, with their states; workers are the threads of a second, with the polls they run. A wake is a flow from
//! who woke to the task that became ready, and the length of the ready queue a counter. The end of a task, and of a job that
//! it gave to another thread, is an instant that says how it ended.
//!
//! States and polls are pairs of a beginning and an end, in the order of the record. In virtual time many take no time at
//! all, and of those a reader could not tell, from starts and lengths, whether one follows the other or lies within it.

use crate::event::{EventKind, JobEnd, Nanos, TaskId, WorkerId};
use crate::model::record::Record;
use crate::store::span::SpanState;
use crate::text::whole;
use crate::words::ending::{end_words, job_end_words};
use crate::words::wait::{await_chain, wait_label};
use crate::words::wording::Wording;
use serde_json::{Value, json};
use std::io::{self, Write};

/// The processes under which tasks and workers are shown.
const TASKS: u32 = 1;
const WORKERS: u32 = 2;

/// Writes a record as a JSON document.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(record: &Record, out: impl Write) -> io::Result<()> {
    let mut list = List { out, is_empty: true };
    list.out.write_all(b"{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")?;
    name_everything(record, &mut list)?;
    write_tasks(record, &mut list)?;
    write_workers(record, &mut list)?;
    write_jobs(record, &mut list)?;
    write_wakes(record, &mut list)?;
    list.out.write_all(b"\n]}\n")?;
    list.out.flush()
}

/// Writes the events of the list one by one.
struct List<W> {
    out: W,
    is_empty: bool,
}

impl<W: Write> List<W> {
    fn push(&mut self, event: &Value) -> io::Result<()> {
        self.out.write_all(if std::mem::take(&mut self.is_empty) { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.out, event).map_err(io::Error::from)
    }

    /// Writes the beginning of a span, and its end, which repeats all of it: some readers compare the two.
    fn push_pair(&mut self, mut event: Value, end: Nanos) -> io::Result<()> {
        self.push(&event)?;
        event["ph"] = json!("E");
        event["ts"] = json!(micros(end));
        self.push(&event)
    }
}

/// Microseconds, exact to the nanosecond up to 104 days.
fn micros(at: Nanos) -> f64 {
    at.0 as f64 / 1e3
}

/// Threads are numbered from 1: some readers take 0 for none.
fn thread(number: impl Into<u64>) -> u64 {
    number.into() + 1
}

fn name_everything<W: Write>(record: &Record, list: &mut List<W>) -> io::Result<()> {
    for (process, name) in [(TASKS, "tasks"), (WORKERS, "workers")] {
        list.push(&json!({"ph": "M", "pid": process, "tid": 0, "name": "process_name", "args": {"name": name}}))?;
    }
    for info in record.catalog().tasks() {
        let (thread, name) = (thread(info.task.0), whole(record.catalog().whole_name(info)));
        list.push(&json!({"ph": "M", "pid": TASKS, "tid": thread, "name": "thread_name", "args": {"name": name}}))?;
    }
    Ok(())
}

fn write_tasks<W: Write>(record: &Record, list: &mut List<W>) -> io::Result<()> {
    let (catalog, end) = (record.catalog(), record.log().end());
    for lane in record.lanes() {
        for span in lane.spans() {
            let wait = span.wait.and_then(|wait| record.wait(wait));
            let name = match (span.state, &wait) {
                (SpanState::Running, _) => "running".to_owned(),
                (SpanState::Ready, _) => "ready".to_owned(),
                (SpanState::Waiting, Some(wait)) => format!("waiting: {}", wait_label(catalog, &wait.on)),
                (SpanState::Waiting, None) => "waiting".to_owned(),
            };
            let mut begin = json!({
                "ph": "B", "pid": TASKS, "tid": thread(lane.task().0), "cat": "state", "name": name,
                "ts": micros(span.start),
            });
            if let Some(wait) = &wait {
                begin["args"] = json!({"awaits": await_chain(catalog, wait, &Wording::default())});
            }
            list.push_pair(begin, span.end_or(end))?;
        }
        if let Some(end) = record.end(lane.task()) {
            let words = end_words(record, &end, &Wording::default());
            list.push(&json!({
                "ph": "i", "s": "t", "pid": TASKS, "tid": thread(lane.task().0), "cat": "end", "name": words,
                "ts": micros(end.at), "args": {"error": end.how.ending().is_error()},
            }))?;
        }
    }
    Ok(())
}

/// The polls of each worker, and the depth of the ready queue.
fn write_workers<W: Write>(record: &Record, list: &mut List<W>) -> io::Result<()> {
    let catalog = record.catalog();
    let poll = |phase: &str, worker: WorkerId, task: TaskId, at: Nanos| {
        json!({
            "ph": phase, "pid": WORKERS, "tid": thread(worker.0), "cat": "poll", "name": catalog.task_name(task),
            "ts": micros(at),
        })
    };
    let mut named = Vec::new();
    let mut running = Vec::new();
    let mut ready: u64 = 0;
    for event in record.log().iter_from(0) {
        let depth = ready;
        match &event.kind {
            EventKind::Enqueued { .. } => ready += 1,
            EventKind::PollStarted { task } => {
                ready = ready.saturating_sub(1);
                running.push((event.worker, *task));
                if !named.contains(&event.worker) {
                    named.push(event.worker);
                    let (thread, name) = (thread(event.worker.0), format!("worker {}", event.worker.0));
                    let args = json!({"name": name});
                    list.push(&json!({"ph": "M", "pid": WORKERS, "tid": thread, "name": "thread_name", "args": args}))?;
                }
                list.push(&poll("B", event.worker, *task, event.at))?;
            }
            EventKind::PollEnded { task, .. } => {
                if let Some(place) = running.iter().rposition(|polled| *polled == (event.worker, *task)) {
                    running.remove(place);
                    list.push(&poll("E", event.worker, *task, event.at))?;
                }
            }
            _ => {}
        }
        if depth != ready {
            let args = json!({"tasks": ready});
            list.push(&json!({"ph": "C", "pid": WORKERS, "tid": 0, "name": "ready queue", "ts": micros(event.at), "args": args}))?;
        }
    }
    // A record may end in the middle of a poll.
    let mut open = running.into_iter().rev();
    open.try_for_each(|(worker, task)| list.push(&poll("E", worker, task, record.log().end())))
}

/// Jobs of threads that may block, each with its task, and how it ended.
fn write_jobs<W: Write>(record: &Record, list: &mut List<W>) -> io::Result<()> {
    for info in record.catalog().jobs() {
        let (Some(task), Some((index, end))) = (info.task, &info.finished) else { continue };
        let words = format!("job {} {}", info.name, job_end_words(end, &Wording::default()));
        let is_error = matches!(end, JobEnd::Failed(_) | JobEnd::Panicked(_));
        list.push(&json!({
            "ph": "i", "s": "t", "pid": TASKS, "tid": thread(task.0), "cat": "job", "name": words,
            "ts": micros(record.log().time_at(index + 1)), "args": {"error": is_error},
        }))?;
    }
    Ok(())
}

fn write_wakes<W: Write>(record: &Record, list: &mut List<W>) -> io::Result<()> {
    let end = |phase: &str, id: usize, task: TaskId, at: Nanos| {
        json!({
            "ph": phase, "bp": "e", "id": id, "pid": TASKS, "tid": thread(task.0), "cat": "wake", "name": "wakes",
            "ts": micros(at),
        })
    };
    for (id, wake) in record.wakes().enumerate() {
        list.push(&end("s", id, wake.by, wake.at))?;
        list.push(&end("f", id, wake.task, wake.at))?;
    }
    Ok(())
}
