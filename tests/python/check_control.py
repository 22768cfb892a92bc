"""Pause, step, speed, stop, questions, and an end from outside: with the recorder's commands, as the app sends them.

    python check_control.py [--python PYTHON]... [NAME]...

A time limit here is what a person would still take for at once. Where a test has to see that *nothing* happens, it waits for a while.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import drive
import protocol

PROGRAMS = {
    "two": """
import asyncio
async def fetch(n):
    await asyncio.sleep(n)
    return n
async def main():
    print(await asyncio.gather(fetch(1), fetch(2)))
asyncio.run(main())
""",
    "six": """
import asyncio
async def main():
    await asyncio.sleep(3)
    await asyncio.sleep(3)
asyncio.run(main())
""",
    "sleeper": """
import asyncio
async def main():
    try:
        await asyncio.sleep(1000)
    finally:
        print("cleaned up")
asyncio.run(main())
""",
    "spin": """
import asyncio
async def main():
    print("before")
    n = 0
    while True:
        n += 1
asyncio.run(main())
""",
    "in_c": """
import asyncio, re
async def main():
    print("before")
    await asyncio.sleep(0)
    re.match(r"(a+)+$", "a" * 40 + "b")
asyncio.run(main())
""",
    "blocks": """
import asyncio, time
async def main():
    time.sleep(1000)
asyncio.run(main())
""",
    "asks": """
import asyncio
async def main():
    name = input("Your name? ")
    print("hello", name)
asyncio.run(main())
""",
    "deadlock": """
import asyncio
async def work(first, second):
    async with first:
        await asyncio.sleep(0.1)
        async with second:
            pass
async def main():
    left, right = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(work(left, right), work(right, left))
asyncio.run(main())
""",
    "forever": """
import asyncio
async def main():
    while True:
        print("x" * 100)
        await asyncio.sleep(0)
asyncio.run(main())
""",
    "busy": """
import asyncio
async def work(lock):
    while True:
        async with lock:
            await asyncio.sleep(0)
async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*(work(lock) for _ in range(5)))
asyncio.run(main())
""",
    "slow_callback": """
import asyncio
def crunch():
    n = 0
    while n < 30_000_000:
        n += 1
async def main():
    asyncio.get_running_loop().call_soon(crunch)
    await asyncio.sleep(0.1)
asyncio.run(main())
""",
    "crash": """
import asyncio, ctypes
async def main():
    print("about to crash")
    await asyncio.sleep(0.01)
    ctypes.string_at(0)
asyncio.run(main())
""",
    "quits": """
import asyncio, os
async def main():
    print("before")
    os._exit(5)
asyncio.run(main())
""",
}


class Failed(Exception):
    pass


def require(is_so, *text):
    if not is_so:
        raise Failed(*text)


class Tests:
    def __init__(self, python, folder):
        self.python, self.folder = python, folder

    def start(self, name, **options):
        file = self.folder / f"{name}.py"
        file.write_text(PROGRAMS[name].lstrip())
        return drive.Recorded(self.python, file, **options)

    def sound(self, recorded, is_cut=False):
        was_interrupted = any(l[0] == "failed" for l in recorded.lines)
        found = protocol.check(recorded.lines, is_cut, may_lose=was_interrupted)
        require(not found, found[:3])

    # -- pause, step, speed

    def test_a_run_that_starts_paused_takes_one_step_at_a_time(self):
        run = self.start("two", paused=True)
        require(run.wait_for(lambda l: l[0] == "held"), "it is not held")
        require(run.count("poll") == 0, "it ran before the first step")
        for n in range(1, 4):
            at = len(run.lines)
            began = time.monotonic()
            run.send("step", 1)
            require(run.wait_for(lambda l: l[0] == "held", start=at), "it is not held after a step")
            require(time.monotonic() - began < 1, "a step took too long")
            require(run.count("poll") == n, f"{run.count('poll')} polls after {n} steps")
        run.send("go")
        require(run.end(10) == 0, "it does not go on")
        self.sound(run)

    def test_a_pause_holds_idle_time(self):
        run = self.start("six", speed=1)
        require(run.wait_for(lambda l: l[0] == "idle"), "it is not idle")
        time.sleep(0.3)
        run.send("pause")
        time.sleep(0.2)
        at = len(run.lines)
        time.sleep(1.5)
        require(not [l for l in run.lines[at:] if l[0] != "held"], "something happened in the pause")
        run.send("speed", 1000)
        run.send("go")
        require(run.end(3) == 0, "it does not go on")
        self.sound(run)
        require(run.lines[-1][1] == 6_000_000_000, run.lines[-1])

    def test_idle_time_is_paced_and_its_pace_can_change(self):
        began = time.monotonic()
        run = self.start("six", speed=10)
        require(run.wait_for(lambda l: l[0] == "awake"), "it sleeps on")
        took = time.monotonic() - began
        require(0.3 <= took < 2, f"3 s at ten times the speed took {took}")
        run.send("speed", 0)
        require(run.end(3) == 0, "it does not end")
        self.sound(run)

    def test_what_was_paused_stepped_and_paced_gives_the_same_record(self):
        plain = self.start("two", epoch=1)
        plain.end()
        other = self.start("two", epoch=1, paused=True, speed=20)
        for _ in range(6):
            at = len(other.lines)
            other.send("step", 1)
            other.wait_for(lambda l: l[0] == "held", start=at)
        other.send("go")
        other.end()
        lines = [[l for l in run.lines[1:] if l[0] != "held"] for run in (plain, other)]
        require(lines[0] == lines[1], "the records differ")

    # -- stop

    def stopped(self, name, is_ready, limit, **options):
        run = self.start(name, **options)
        require(run.wait_for(is_ready), "it does not begin")
        time.sleep(0.2)
        began = time.monotonic()
        run.send("stop")
        status = run.end(limit)
        require(status != "killed", f"it goes on after {time.monotonic() - began:.2f} s")
        require(status == -signal.SIGINT, f"status {status}")
        self.sound(run)
        require(any(l[0] == "failed" and l[2][0] == "KeyboardInterrupt" for l in run.lines), "no KeyboardInterrupt")
        return run

    def test_stop_lets_an_idle_program_clean_up(self):
        for options in ({"speed": 1}, {"clock": "real"}, {"speed": 1, "paused": False}):
            run = self.stopped("sleeper", lambda l: l[0] == "idle", 2, **options)
            require("cleaned up" in run.output(), "no finally")

    def test_stop_ends_an_endless_loop(self):
        for clock in ("virtual", "real"):
            run = self.stopped("spin", lambda l: l[0] == "still", 2, clock=clock)
            still = next(l for l in run.lines if l[0] == "still")
            place = next(l for l in run.lines if l[0] == "place" and l[1] == still[3])
            require(place[3] in (5, 6), f"it stands at line {place[3]}")

    def test_stop_ends_a_sleep_that_blocks(self):
        for options in ({"clock": "real"}, {"speed": 1}):
            self.stopped("blocks", lambda l: l[0] == "poll", 2, **options)

    def test_stop_ends_a_question(self):
        self.stopped("asks", lambda l: l[0] == "ask", 2)

    def test_stop_ends_a_paused_run(self):
        self.stopped("sleeper", lambda l: l[0] == "held", 2, paused=True)

    def test_where_c_code_holds_the_interpreter_a_signal_from_outside_helps(self):
        run = self.start("in_c")
        require(run.wait_for(lambda l: l[0] == "print"), "it does not begin")
        time.sleep(0.3)
        run.send("stop")
        try:
            run.process.wait(0.5)
            raise Failed("the command was obeyed")
        except subprocess.TimeoutExpired:
            pass
        for _ in range(2):
            run.process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        require(run.end(2) == -signal.SIGINT, "it goes on")
        self.sound(run)

    # -- deadlocks, questions, ends from outside

    def test_a_deadlock_is_told_on_both_clocks(self):
        for clock in ("virtual", "real"):
            run = self.start("deadlock", clock=clock)
            require(run.wait_for(lambda l: l[0] == "stuck"), "it is not told")
            time.sleep(0.2)
            require(run.process.poll() is None, "it has ended")
            waits = [l[3] for l in run.lines if l[0] == "wait"]
            require(waits[-2:] == [["thing", "lock", 1], ["thing", "lock", 0]], waits)
            names = [l[5] for l in run.lines if l[0] == "thing"]
            require(names == ["left", "right"], names)
            run.send("stop")
            require(run.end(2) == -signal.SIGINT, "it does not stop")
            self.sound(run)

    def test_a_question_waits_for_its_answer(self):
        run = self.start("asks")
        question = run.wait_for(lambda l: l[0] == "ask")
        require(question and question[4] == "Your name? ", question)
        run.send("answer", "Ada 漢")
        require(run.end(5) == 0, "it does not end")
        require(run.output() == "Your name? hello Ada 漢\n", run.output())
        self.sound(run)

    def test_it_ends_when_whoever_started_it_is_gone(self):
        for name, ready in (("sleeper", "idle"), ("spin", "poll"), ("asks", "ask")):
            run = self.start(name, clock="real")
            require(run.wait_for(lambda l: l[0] == ready), "it does not begin")
            began = time.monotonic()
            run.process.stdin.close()
            require(run.process.wait(5) == 9 and time.monotonic() - began < 1, "it goes on")

    def test_a_crash_leaves_what_came_before(self):
        run = self.start("crash", clock="real")
        require(run.end(10) == -signal.SIGSEGV, "it does not crash")
        self.sound(run, is_cut=True)
        require(run.output() == "about to crash\n" and b"Segmentation fault" in run.raw, "the line or the report is missing")

    def test_a_program_that_quits_at_once_leaves_what_it_printed(self):
        run = self.start("quits")
        require(run.end(5) == 5, "another status")
        require(run.output() == "before\n", "the line is missing")
        self.sound(run, is_cut=True)

    def test_a_reader_that_does_not_read_holds_the_program_back(self):
        run = self.start("forever")
        require(run.wait_for(lambda l: l[0] == "print"), "it does not begin")
        run.process.send_signal(signal.SIGSTOP)
        run.process.send_signal(signal.SIGCONT)
        run.send("stop")
        require(run.end(5) != "killed", "it goes on")
        self.sound(run)

    def test_ctrl_c_may_come_anywhere(self):
        for n in range(6):
            run = self.start("busy", clock=("virtual", "real")[n % 2])
            require(run.wait_for(lambda l: l[0] == "poll"), "it does not begin")
            time.sleep(0.05 + n / 100)
            run.send("stop")
            require(run.end(10) == -signal.SIGINT, "it does not stop")
            self.sound(run)

    def test_a_slow_callback_is_told_while_it_runs(self):
        run = self.start("slow_callback")
        require(run.end(60) == 0, "it does not end")
        still = [l for l in run.lines if l[0] == "still"]
        require(still and still[0][2] is None, "it is not told")
        self.sound(run)

    def test_a_wrong_command_is_answered_by_a_note(self):
        run = self.start("sleeper", speed=1)
        run.wait_for(lambda l: l[0] == "idle")
        run.process.stdin.write(b"nonsense\n[\"fly\"]\n[]\n{}\n\xff\n")
        run.process.stdin.flush()
        require(run.wait_for(lambda l: l[0] == "note" and "fly" in l[2]), run.notes())
        run.send("stop")
        require(run.end(3) == -signal.SIGINT, "it does not stop")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    passed = failed = 0
    for python in options.python or [sys.executable]:
        with tempfile.TemporaryDirectory() as folder:
            tests = Tests(python, Path(folder))
            for name in [n for n in dir(tests) if n.startswith("test_")]:
                if options.names and not any(word in name for word in options.names):
                    continue
                try:
                    getattr(tests, name)()
                    passed += 1
                except Failed as error:
                    failed += 1
                    print(f"{python} {name}: {error}", flush=True)
                except Exception:
                    failed += 1
                    print(f"{python} {name}: {traceback.format_exc()}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
