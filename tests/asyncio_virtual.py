"""Runs an asyncio program on a virtual clock and prints each of its lines with its time.

The event loop is CPython's own; only its clock is replaced: when nothing is ready, the time jumps to the next timer.
"""

import asyncio
import builtins
import runpy
import selectors
import sys


class VirtualSelector(selectors.SelectSelector):
    loop = None

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("deadlock")
        if timeout > 0:
            self.loop.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        selector = VirtualSelector()
        selector.loop = self
        self.now = 0.0
        super().__init__(selector)

    def time(self):
        return self.now


def print_with_time(*values):
    plain(f"{asyncio.get_running_loop().time():.1f}", *values)


plain = builtins.print
builtins.print = print_with_time
loops = []


class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        loops.append(VirtualLoop())
        return loops[-1]


asyncio.set_event_loop_policy(Policy())
runpy.run_path(sys.argv[1], run_name="__main__")
plain(f"# elapsed: {loops[-1].now:.1f}")
