"""Runs programs on plain CPython with a virtual clock of its own, and logs every step of every task. The recorder is not here.

    python reference.py FILE        prints one line of JSON: {"steps": […], "lines": […], "end": …}

It watches from the side of the tasks: a task factory wraps each coroutine in an object that logs each `send` and `throw`. A step is
`[task, time, thrown]`: tasks count from 0 in the order of their making, `thrown` says whether it begins with a `CancelledError`.
Two things are fixed that chance decides in CPython: equal deadlines are due in the order in which they were set, and sets of tasks
are walked in the order in which the tasks were first put into one.
"""

import asyncio
import collections.abc
import contextlib
import io
import itertools
import json
import os
import sys
import traceback


class Timer(asyncio.TimerHandle):
    __slots__ = ("order",)
    orders = itertools.count()

    def __init__(self, *args):
        super().__init__(*args)
        self.order = next(self.orders)

    def __lt__(self, other):
        return (self._when, self.order) < (other._when, other.order)


class Task(asyncio.Task):
    numbers = itertools.count()
    number = None

    def set_name(self, name):
        if name is not None:  # 3.13 gives tasks of a factory the name "None"
            super().set_name(name)

    def __hash__(self):
        if self.number is None:
            self.number = next(self.numbers)
        return self.number


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0.0
        select = self._selector.select

        def jump(timeout=None):
            if timeout is None:
                tell("deadlock")
            self.now += max(0, timeout)
            return select(0)
        self._selector.select = jump
        self.set_task_factory(factory)

    def time(self):
        return self.now


class Policy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Loop


class Logged(collections.abc.Coroutine):
    def __init__(self, coro, loop):
        self.coro, self.loop, self.number = coro, loop, next(counter)
        self.__qualname__ = getattr(coro, "__qualname__", "?")

    def log(self, is_thrown):
        steps.append([self.number, round(self.loop.now * 1e9), is_thrown])

    def send(self, value):
        self.log(False)
        return self.coro.send(value)

    def throw(self, *error):
        kind = error[0] if isinstance(error[0], type) else type(error[0])
        self.log(issubclass(kind, asyncio.CancelledError))
        try:
            return self.coro.throw(*error)
        finally:
            error = kind = None  # else this frame and the error hold each other, and tasks would live longer than they do

    def close(self):
        self.coro.close()

    def __await__(self):
        return self.coro.__await__()


def factory(loop, coro, **options):
    return Task(Logged(coro, loop), loop=loop, **options)


counter, steps, out = itertools.count(), [], io.StringIO()


def main():
    asyncio.events.TimerHandle = Timer
    asyncio.set_event_loop_policy(Policy())
    with open(sys.argv[1]) as opened:
        code = compile(opened.read(), sys.argv[1], "exec")
    end = "ok"
    with contextlib.redirect_stdout(out):
        try:
            exec(code, {"__name__": "__main__"})
        except BaseException as error:
            end = "".join(traceback.format_exception_only(type(error), error)).strip()
    tell(end)


def tell(end):
    print(json.dumps({"steps": steps, "lines": out.getvalue().splitlines(), "end": end}), file=sys.__stdout__, flush=True)
    os._exit(0)


main()
