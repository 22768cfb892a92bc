"""Runs an asyncio program on a virtual clock and prints each of its lines with its time.

What blocks a thread takes virtual time too: `time.sleep`, and `threading.Lock` with a limit. Where nothing is ready and
no timer is set, the program would wait for ever: it is ended there, and said so.

With `--places` it prints after each line where every task is: the numbers of the lines of its functions, the outermost
first, as Python itself knows them.
"""

import asyncio
import builtins
import inspect
import runpy
import sys
import threading
import time

from virtual_clock import Deadlock, VirtualLoop

loops = []
plain = builtins.print
tells_places = "--places" in sys.argv
program = sys.argv[-1]


class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        loops.append(VirtualLoop())
        return loops[-1]


class BlockingLock:
    """A lock that only the loop's own thread uses: while that waits for it, nobody can release it."""

    def __init__(self):
        self.is_held = False

    def acquire(self, blocking=True, timeout=-1):
        if not self.is_held:
            self.is_held = True
            return True
        if blocking and timeout < 0:
            loops[-1].is_stuck = True
            raise Deadlock
        if blocking:
            loops[-1].block(timeout)
        return False

    def release(self):
        self.is_held = False

    def locked(self):
        return self.is_held

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()


def lines_of(frames):
    """The lines of the program itself, the outermost first."""
    return [frame.f_lineno for frame in frames if frame.f_code.co_filename == program]


def running():
    """The frames of the code that prints, the innermost first."""
    frame = sys._getframe()
    while frame is not None:
        # What runs the program as a whole is no part of a task.
        if frame.f_code.co_name != "<module>":
            yield frame
        frame = frame.f_back


def waiting(task):
    """The frames of a task that waits, the outermost first."""
    coroutine = task.get_coro()
    while inspect.iscoroutine(coroutine) and coroutine.cr_frame is not None:
        yield coroutine.cr_frame
        coroutine = coroutine.cr_await


def has_begun(task):
    return inspect.getcoroutinestate(task.get_coro()) != inspect.CORO_CREATED


def places():
    current = asyncio.current_task()
    yield lines_of(running())[::-1]
    yield from (lines_of(waiting(task)) for task in asyncio.all_tasks() if task is not current and has_begun(task))


def print_with_time(*values):
    loop = loops[-1]
    if loop.is_stuck:
        return  # tasks that are cancelled because the run is over
    line = lambda: plain(f"{loop.time():.1f}", *values)
    if loop.in_job is None:
        line()
        if tells_places:
            plain("# places:", sorted(places()))
    else:
        loop.call_later(loop.in_job, loop.call_soon, line)


builtins.print = print_with_time
time.sleep = lambda seconds: loops[-1].block(seconds)
threading.Lock = BlockingLock
asyncio.set_event_loop_policy(Policy())
try:
    runpy.run_path(program, run_name="__main__")
    end = "ok"
except Deadlock:
    end = "deadlock"
plain(f"# elapsed: {loops[-1].now:.1f}")
plain(f"# exit: {end}")
