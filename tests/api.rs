//! What the ambient functions promise, one by one: time, jobs, input, streams, channels, files, connections, labels.

mod support;

use futures_lite::StreamExt;
use loopscope::event::{ClockKind, EventKind, Nanos, ResourceState};
use loopscope::frame;
use loopscope::runtime::sync::{Barrier, Broadcast, Held, Missed, Queue, SenderGone, oneshot, using};
use loopscope::runtime::{
    Control, EventLoop, Label, RunError, Waited, When, busy, for_each, fs, gather, generate, input, interval, net,
    next, now, race, say, shield, sleep, sleep_until, spawn, spawn_blocking, task_group, timeout, wait, yield_now,
};
use loopscope::trace::{Record, Wording, await_chain, check};
use std::num::NonZeroU32;
use std::time::Duration;
use support::{events, lines, record, record_on};

const SECOND: Duration = Duration::from_secs(1);
const MILLI: Duration = Duration::from_millis(1);

fn real() -> EventLoop {
    EventLoop::new().clock(ClockKind::Real)
}

/// The await chains of a record, in order, each once.
fn chains(record: &Record) -> Vec<String> {
    let waits = events(record).into_iter().filter_map(|event| match event.kind {
        EventKind::WaitBegan { wait, .. } => record.wait(wait),
        _ => None,
    });
    waits.map(|wait| await_chain(record.catalog(), &wait, &Wording::default())).collect()
}

fn assert_sound(record: &Record) {
    let violations = check(events(record));
    assert!(violations.is_empty(), "{violations:#?}");
}

#[test]
fn a_chain_of_awaits_names_each_function_and_its_line() {
    async fn fetch_data() {
        sleep(SECOND * 3).await;
    }
    async fn fetch_all() {
        frame!(fetch_data()).await;
    }
    let line = line!();
    let (result, record) = record(async {
        frame!(fetch_all()).await;
        sleep(SECOND).await;
    });
    result.unwrap();
    let lines = [line + 2, line - 2, line - 5, line + 3];
    let expected = format!("main:{} › fetch_all:{} › fetch_data:{} › sleep 3 s", lines[0], lines[1], lines[2]);
    assert_eq!(chains(&record), [expected, format!("main:{} › sleep 1 s", lines[3])]);
    let left = events(&record).iter().filter(|event| matches!(event.kind, EventKind::FrameLeft { .. })).count();
    assert_eq!(left, 2);
}

#[test]
fn a_frame_is_left_when_its_future_is_dropped_or_panics() {
    loopscope::runtime::quiet_task_panics();
    async fn slow() {
        sleep(SECOND * 9).await;
    }
    async fn bad() {
        yield_now().await;
        panic!("out of cheese");
    }
    let (result, record) = record(async {
        assert!(timeout(SECOND, frame!(slow())).await.is_err());
        let task = spawn("bad", async { frame!(bad()).await });
        sleep(SECOND).await;
        sleep(SECOND).await;
        task.detach();
    });
    result.unwrap();
    let count = |is: fn(&EventKind) -> bool| events(&record).iter().filter(|event| is(&event.kind)).count();
    assert_eq!(count(|kind| matches!(kind, EventKind::FrameLeft { .. })), 2);
    assert!(chains(&record).last().unwrap().starts_with("main:"), "{:?}", chains(&record));
}

#[test]
fn a_future_of_another_library_is_an_await_point_under_its_name() {
    let line = line!();
    let (result, record) = record_on(real(), async {
        smol::Timer::after(MILLI).named("a timer of smol").await;
    });
    result.unwrap();
    assert_eq!(chains(&record), [format!("main:{} › a timer of smol", line + 2)]);
}

#[test]
fn on_the_virtual_clock_what_waits_on_real_time_is_told_so() {
    let result = EventLoop::new().run(async {
        let fine = spawn("fine", sleep(SECOND));
        let raw = spawn("raw", async {
            smol::Timer::after(SECOND * 1000).await;
        });
        fine.await;
        raw.await;
    });
    let error = result.unwrap_err();
    assert_eq!(error, RunError::NeedsRealClock { waiting: vec!["raw".into()] });
    assert!(error.to_string().ends_with("raw; use the real clock"), "{error}");
}

#[test]
fn a_job_takes_virtual_time_beside_the_tasks() {
    let (result, record) = record(async {
        let job = spawn_blocking("crunch", || {
            say!("begin");
            busy(SECOND * 3);
            say!("end");
            7
        });
        let tasks = [1, 2].map(|seconds| {
            spawn(format!("{seconds}"), async move {
                sleep(SECOND * seconds).await;
                say!("slept {seconds}");
            })
        });
        gather(tasks).await;
        job.await
    });
    assert_eq!(result, Ok(7));
    assert_eq!(lines(&record), ["0.0 begin", "1.0 slept 1", "2.0 slept 2", "3.0 end"]);
    assert_eq!(record.log().end(), Nanos::from_secs(3));
    assert_sound(&record);
}

#[test]
fn a_job_on_the_real_clock_runs_on_another_thread() {
    let (result, record) = record_on(real(), async {
        let here = std::thread::current().id();
        let job = spawn_blocking("crunch", move || {
            busy(MILLI * 2);
            say!("from the job");
            std::thread::current().id() != here
        });
        job.await
    });
    assert_eq!(result, Ok(true));
    assert_eq!(record.output().len(), 1);
    assert_sound(&record);
}

#[test]
fn a_panic_of_a_job_comes_to_who_awaits_it() {
    loopscope::runtime::quiet_task_panics();
    let result = EventLoop::new().run(async { spawn_blocking("bad", || panic!("out of cheese")).await });
    assert_eq!(result, Err::<(), _>(RunError::Panicked { message: "out of cheese".into() }));
}

#[test]
fn a_task_waits_for_the_user_while_the_others_go_on() {
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        let control = Control::new();
        control.set_speed(loopscope::runtime::Speed::MAX);
        let hand = control.clone();
        let (asked, question) = std::sync::mpsc::channel();
        let user = std::thread::Builder::new().spawn(move || {
            question.recv().unwrap();
            let prompts = hand.questions();
            hand.answer("Ada");
            prompts
        });
        let (result, record) = record_on(EventLoop::new().clock(clock).control(control), async move {
            let name = spawn("asks", input("Your name?"));
            sleep(MILLI).await;
            say!("others go on");
            asked.send(()).unwrap();
            name.await
        });
        assert_eq!(result, Ok(Some("Ada".into())), "{clock:?}");
        assert_eq!(user.unwrap().join().unwrap(), ["Your name?".into()]);
        assert_sound(&record);
    }
}

#[test]
fn without_a_user_there_is_no_answer() {
    assert_eq!(EventLoop::new().run(async { input("Your name?").await }), Ok(None));
}

#[test]
fn ticks_keep_to_their_times_and_missed_ones_are_left_out() {
    let (result, _) = record(async {
        let mut ticks = interval(SECOND);
        let mut times = vec![ticks.tick().await];
        busy(SECOND * 2 + SECOND / 2);
        times.push(ticks.tick().await);
        times.push(ticks.tick().await);
        times.push(ticks.next().await.unwrap());
        times
    });
    assert_eq!(result.unwrap(), [1, 2, 4, 5].map(Nanos::from_secs));
}

#[test]
fn sleeping_until_a_time_that_is_over_does_not_wait() {
    let (result, _) = record(async {
        sleep_until(Nanos::from_secs(2)).await;
        let first = now();
        sleep_until(Nanos::from_secs(1)).await;
        (first, now())
    });
    assert_eq!(result.unwrap(), (Nanos::from_secs(2), Nanos::from_secs(2)));
}

#[test]
fn a_race_drops_the_losers() {
    async fn racer(seconds: u32) -> u32 {
        sleep(SECOND * seconds).await;
        say!("{seconds} arrived");
        seconds
    }
    let (result, record) = record(async { race([racer(3), racer(1), racer(2)]).await });
    assert_eq!(result, Ok(1));
    assert_eq!(lines(&record), ["1.0 1 arrived"]);
    assert!(record.edge().timers.is_empty());
}

#[test]
fn a_generator_runs_inside_who_reads_it() {
    let line = line!();
    let (result, record) = record(async {
        let numbers = generate("numbers", |out| async move {
            for number in 0..3 {
                sleep(SECOND).await;
                out.give(number).await;
            }
        });
        for_each("numbers", numbers, |number| async move { say!("{number}") }).await;
        let mut letters = futures_lite::stream::iter(["a"]);
        (next("letters", &mut letters).await, next("letters", &mut letters).await)
    });
    assert_eq!(result, Ok((Some("a"), None)));
    assert_eq!(lines(&record), ["1.0 0", "2.0 1", "3.0 2"]);
    // It is awaited where it is read, and not where it was made.
    let expected = format!("main:{} › numbers:{} › sleep 1 s", line + 8, line + 4);
    assert_eq!(chains(&record), [expected.clone(), expected.clone(), expected]);
}

#[test]
fn a_shielded_task_outlives_who_waits_for_it() {
    let (result, record) = record(async {
        let inner = spawn("inner", async {
            sleep(SECOND * 2).await;
            say!("done all the same");
        });
        let gave_up = timeout(SECOND, shield(inner)).await;
        sleep(SECOND * 2).await;
        gave_up
    });
    assert!(result.unwrap().is_err());
    assert_eq!(lines(&record), ["2.0 done all the same"]);
}

#[test]
fn waiting_for_the_first_exception_ends_with_a_failure_or_with_all() {
    async fn fetch(seconds: u32) -> Result<u32, u32> {
        sleep(SECOND * seconds).await;
        if seconds.is_multiple_of(2) { Ok(seconds) } else { Err(seconds) }
    }
    let (result, _) = record(async {
        let tasks = |seconds: [u32; 3]| seconds.map(|seconds| spawn(format!("{seconds}"), fetch(seconds)));
        let Waited { done, pending } = wait(tasks([2, 3, 4]), When::FirstException(Result::is_err)).await;
        let first = (done.len(), pending.len(), now());
        let all = wait(tasks([2, 4, 6]), When::FirstException(Result::is_err)).await;
        (first, all.done.len())
    });
    assert_eq!(result.unwrap(), ((2, 1, Nanos::from_secs(3)), 3));
}

#[test]
fn a_group_of_tasks_ends_before_its_code_goes_on() {
    let (result, record) = record(async {
        let sum = task_group(|group| async move {
            let members = [3, 1].map(|seconds| {
                group.spawn(format!("{seconds}"), async move {
                    sleep(SECOND * seconds).await;
                    say!("{seconds}");
                    Ok::<u32, ()>(seconds)
                })
            });
            Ok(members)
        })
        .await
        .unwrap();
        say!("all ended");
        sum.iter().filter_map(|member| member.take()).sum::<u32>()
    });
    assert_eq!(result, Ok(4));
    assert_eq!(lines(&record), ["1.0 1", "3.0 3", "3.0 all ended"]);
}

#[test]
fn what_is_held_is_closed_also_after_an_error() {
    let (result, record) = record(async {
        let close = async |_: &mut u32| sleep(SECOND).await;
        using("connection", async { 7 }, close, async |value| Err::<(), u32>(*value)).await
    });
    assert_eq!(result, Ok(Err(7)));
    let states: Vec<_> = events(&record)
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::ResourceChanged { state: ResourceState::Held { is_open }, .. } => Some((event.at, is_open)),
            _ => None,
        })
        .collect();
    assert_eq!(states, [(Nanos::ZERO, true), (Nanos::from_secs(1), false)]);
    drop(Held::new("outside of a run nothing is recorded", ()));
}

#[test]
fn a_barrier_lets_its_parties_go_together() {
    let (result, record) = record(async {
        let barrier = Barrier::new("start line", NonZeroU32::new(3).unwrap());
        let tasks = [1, 3, 2].map(|seconds| {
            let barrier = barrier.clone();
            spawn(format!("{seconds}"), async move {
                sleep(SECOND * seconds).await;
                let place = barrier.wait().await;
                say!("{seconds} as {place}");
            })
        });
        gather(tasks).await;
    });
    result.unwrap();
    let mut said = lines(&record);
    said.sort();
    assert_eq!(said, ["3.0 1 as 0", "3.0 2 as 1", "3.0 3 as 2"]);
    assert!(chains(&record).iter().any(|chain| chain.ends_with("the others at start line")), "{:?}", chains(&record));
}

#[test]
fn a_value_or_the_loss_of_its_sender_arrives() {
    let (result, _) = record(async {
        let (sender, receiver) = oneshot("answer");
        let (lost, nothing) = oneshot::<u32>("nothing");
        spawn("sends", async move {
            sleep(SECOND).await;
            sender.send(42);
            drop(lost);
        })
        .detach();
        (receiver.await, nothing.await)
    });
    assert_eq!(result, Ok((Ok(42), Err(SenderGone))));
}

#[test]
fn each_subscriber_gets_each_value_or_learns_what_it_missed() {
    let (result, _) = record(async {
        let channel = Broadcast::new("news", NonZeroU32::new(2).unwrap());
        let (mut quick, mut slow) = (channel.subscribe(), channel.subscribe());
        let reader = spawn("quick", async move {
            let mut got = Vec::new();
            while let Ok(value) = quick.receive().await {
                got.push(value);
            }
            got
        });
        for value in 0..4 {
            channel.send(value);
            yield_now().await;
        }
        drop(channel);
        let slow = [slow.receive().await, slow.receive().await, slow.receive().await, slow.receive().await];
        (reader.await, slow)
    });
    let (quick, slow) = result.unwrap();
    assert_eq!(quick, [0, 1, 2, 3]);
    assert_eq!(slow, [Err(Missed::Lagged(2)), Ok(2), Ok(3), Err(Missed::Over)]);
}

#[test]
fn queues_keep_their_order_and_know_when_all_is_done() {
    let (result, record) = record(async {
        let (last, least) = (Queue::last_in_first_out("last", None), Queue::priority("least", None));
        for item in [2, 3, 1] {
            last.put(item).await;
            least.put(item).await;
        }
        let worker = spawn("worker", {
            let last = last.clone();
            async move {
                let mut got = Vec::new();
                for _ in 0..3 {
                    got.push(last.get().await);
                    sleep(SECOND).await;
                    last.task_done();
                }
                got
            }
        });
        last.join().await;
        say!("all done");
        let mut least_first = Vec::new();
        while let Some(item) = least.try_get() {
            least_first.push(item);
        }
        (worker.await, least_first)
    });
    assert_eq!(result, Ok((vec![1, 3, 2], vec![1, 2, 3])));
    assert_eq!(lines(&record), ["3.0 all done"]);
}

#[test]
fn files_are_written_and_read_and_errors_name_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let missing = folder.path().join("missing.txt");
    let (result, record) = record_on(real(), async move {
        fs::write(&path, "one\ntwo\n").await.unwrap();
        let whole = fs::read_to_string(&path).await.unwrap();
        assert_eq!(fs::open(&path).await.unwrap().read_to_string().await.unwrap(), whole);
        let mut lines = fs::lines(&path).await.unwrap();
        let mut read = Vec::new();
        while let Some(line) = next("lines of notes.txt", &mut lines).await {
            read.push(line.unwrap());
        }
        (whole, read, fs::read(missing).await.unwrap_err().to_string())
    });
    let (whole, read, error) = result.unwrap();
    assert_eq!((whole.as_str(), read), ("one\ntwo\n", vec!["one".to_owned(), "two".to_owned()]));
    assert!(error.contains("missing.txt: "), "{error}");
    // The thread behind each operation is in the record.
    let jobs: Vec<String> = events(&record)
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::JobQueued { name, .. } => Some(name.to_string()),
            _ => None,
        })
        .collect();
    let verbs = ["write notes.txt", "read notes.txt", "open notes.txt", "read notes.txt", "read missing.txt"];
    assert_eq!(jobs, verbs);
}

#[test]
fn tasks_talk_over_a_connection() {
    let (result, record) = record_on(real(), async {
        let listener = net::TcpListener::bind(([127, 0, 0, 1], 0)).await.unwrap();
        let address = listener.address();
        let taken = net::TcpListener::bind(address).await.unwrap_err();
        assert!(taken.to_string().starts_with(&address.to_string()), "{taken}");
        let server = spawn("server", async move {
            let mut stream = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            stream.read_to_end(&mut heard).await.unwrap();
            stream.write_all(&heard).await.unwrap();
        });
        let mut client = net::TcpStream::connect(address).await.unwrap();
        client.write_all(b"hello").await.unwrap();
        client.close().await.unwrap();
        let mut echo = [0; 8];
        let length = client.read(&mut echo).await.unwrap();
        server.await;
        String::from_utf8_lossy(&echo[..length]).into_owned()
    });
    assert_eq!(result, Ok("hello".to_owned()));
    assert!(chains(&record).iter().any(|chain| chain.contains(", the end")), "{:?}", chains(&record));
    assert_sound(&record);
}
