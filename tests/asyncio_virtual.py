"""Runs an asyncio program on a virtual clock and prints each of its lines with its time.

What blocks a thread takes virtual time too: `time.sleep`, and `threading.Lock` with a limit. Where nothing is ready and
no timer is set, the program would wait for ever: it is ended there, and said so.
"""

import asyncio
import builtins
import runpy
import sys
import threading
import time

from virtual_clock import Deadlock, VirtualLoop

loops = []
plain = builtins.print


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


def print_with_time(*values):
    loop = loops[-1]
    if loop.is_stuck:
        return  # tasks that are cancelled because the run is over
    line = lambda: plain(f"{loop.time():.1f}", *values)
    if loop.in_job is None:
        line()
    else:
        loop.call_later(loop.in_job, loop.call_soon, line)


builtins.print = print_with_time
time.sleep = lambda seconds: loops[-1].block(seconds)
threading.Lock = BlockingLock
asyncio.set_event_loop_policy(Policy())
try:
    runpy.run_path(sys.argv[1], run_name="__main__")
    end = "ok"
except Deadlock:
    end = "deadlock"
plain(f"# elapsed: {loops[-1].now:.1f}")
plain(f"# exit: {end}")
