//! Why a task became ready, in plain words.

use super::ending::job_verb;
use super::timer::timer_of;
use crate::event::{EnqueueCause, TaskId, TimerPurpose};
use crate::model::record::Record;

/// Why `task` became ready, as a clause that stands after a colon, "when" or "after".
pub(crate) fn because(record: &Record, task: TaskId, cause: EnqueueCause) -> String {
    let catalog = record.catalog();
    let name = |task| catalog.task_name(task);
    match cause {
        EnqueueCause::Spawned => match catalog.task(task).and_then(|info| info.parent) {
            Some(parent) => format!("{} spawned it", name(parent)),
            None => "it was spawned".into(),
        },
        EnqueueCause::WokenBy(by) => format!("{} woke it", name(by)),
        EnqueueCause::Timer(timer) => match record.timer(timer) {
            Some(info) if info.purpose == TimerPurpose::Limit => format!("its {} was up", timer_of(record, &info)),
            _ => "its timer fired".into(),
        },
        EnqueueCause::Joined(ended) => format!("{}, which it was waiting for, ended", name(ended)),
        EnqueueCause::Gathered(last) => format!("{}, the last task it was waiting for, ended", name(last)),
        EnqueueCause::OwnYield(_) => "it yielded".into(),
        EnqueueCause::Cancelled => "it was cancelled".into(),
        EnqueueCause::Io => "its I/O became ready".into(),
        EnqueueCause::MainFuture => "the main future, which is not a task, woke it".into(),
        EnqueueCause::Outside => "code outside any task woke it, on a thread of the executor".into(),
        EnqueueCause::OtherThread => "another thread woke it".into(),
        EnqueueCause::JobDone(job) => {
            format!("the job {} {}", catalog.job_name(job), job_verb(catalog, job, "finished"))
        }
        EnqueueCause::Answered => "the user answered".into(),
        EnqueueCause::BeforeRecord => "the recording began".into(),
    }
}

/// Why a task was made ready, in a few words.
#[must_use]
pub fn woken_words(record: &Record, task: TaskId, cause: EnqueueCause) -> String {
    let name = |task: TaskId| record.catalog().task_name(task);
    match cause {
        EnqueueCause::Spawned => match record.catalog().task(task).and_then(|info| info.parent) {
            Some(parent) => format!("spawned by {}", name(parent)),
            None if record.host().main() == Some(task) => "the main task".to_owned(),
            None => "spawned from outside any task".to_owned(),
        },
        EnqueueCause::WokenBy(by) => format!("woken by {}", name(by)),
        EnqueueCause::Timer(timer) => match record.timer(timer).map(|info| info.purpose) {
            Some(TimerPurpose::Limit) => "woken by its time limit".to_owned(),
            _ => "woken by its timer".to_owned(),
        },
        EnqueueCause::Joined(ended) => format!("woken by the end of {}", name(ended)),
        EnqueueCause::Gathered(last) => format!("woken by the end of {}, the last one", name(last)),
        EnqueueCause::OwnYield(_) => "it had yielded".to_owned(),
        EnqueueCause::Cancelled => "cancelled".to_owned(),
        EnqueueCause::Io => "woken by I/O".to_owned(),
        EnqueueCause::MainFuture => "woken by the main future".to_owned(),
        EnqueueCause::Outside => "woken by code outside any task".to_owned(),
        EnqueueCause::OtherThread => "woken by another thread".to_owned(),
        EnqueueCause::JobDone(job) => {
            let catalog = record.catalog();
            let words = format!("woken by the end of the job {}", catalog.job_name(job));
            match job_verb(catalog, job, "") {
                "" => words,
                verb => format!("{words}, which {verb}"),
            }
        }
        EnqueueCause::Answered => "woken by the answer".to_owned(),
        EnqueueCause::BeforeRecord => "ready when the recording began".to_owned(),
    }
}
