"""Runs an asyncio program on a virtual clock and prints each of its lines with its time."""

import asyncio
import builtins
import runpy
import sys

from virtual_clock import VirtualLoop

loops = []
plain = builtins.print


class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        loops.append(VirtualLoop())
        return loops[-1]


def print_with_time(*values):
    plain(f"{asyncio.get_running_loop().time():.1f}", *values)


builtins.print = print_with_time
asyncio.set_event_loop_policy(Policy())
runpy.run_path(sys.argv[1], run_name="__main__")
plain(f"# elapsed: {loops[-1].now:.1f}")
