"""Runs programs drawn by tests/differential.rs on CPython's asyncio with a virtual clock.

Reads one program a line from standard input, as JSON, and prints for each its lines, then `.`. A program is a
list of task bodies; the first is the main task. Times are counted in units of 1/512 s, which floats hold exactly.

The clock is replaced, and with it the order of timers that are due at the same instant (virtual_clock.py). Two things
more are pinned. A task group cancels its tasks in the order of their creation: asyncio keeps them in a set. And a group
that cancelled its own parent while that waited at its end takes the cancellation back, as later versions do; 3.11
forgets to.

The reference is 3.11.7, or a later 3.11. Other versions differ, and so they are pinned or left out:

| version | what differs | here |
|---|---|---|
| up to 3.11.3 | a timeout is told only where no other cancellation is counted | not a reference |
| from 3.12 | `gather` of tasks that have ended takes no turn | pinned, `Gathering` |
| from 3.12 | `wait_for` is a timeout | not used |
| from 3.13 | a condition that is left by a cancellation notifies another waiter | pinned, `Condition` |
| from 3.13 | a barrier that is left so does the same | not seen: two meet here, so only one waits |
| from 3.13 | a group that tells errors under a cancellation sends that again | pinned, `Parent` |
"""

import asyncio
import gc
import json
import sys

from virtual_clock import Deadlock, VirtualLoop

UNIT = 1 / 512
SEMAPHORES = (1, 2)
QUEUES = ((asyncio.Queue, 0), (asyncio.Queue, 3), (asyncio.LifoQueue, 0), (asyncio.PriorityQueue, 2))
PARTIES = 2
LOCKS = 2
EVENTS = 2
WHEN = {
    "First": asyncio.FIRST_COMPLETED,
    "FirstException": asyncio.FIRST_EXCEPTION,
    "All": asyncio.ALL_COMPLETED,
}


class Failure(Exception):
    pass


class InOrder(dict):
    """A set that keeps the order in which things were added."""

    def add(self, item):
        self[item] = None

    def discard(self, item):
        self.pop(item, None)


class Condition(asyncio.Condition):
    """Python 3.11's. From 3.13 on, a waiter that leaves by a cancellation notifies another: it may have been notified."""

    if sys.version_info >= (3, 13):

        def notify(self, n=1):
            super()._notify(n)

        def _notify(self, n):
            """What a waiter that leaves calls."""


class Parent:
    """A group's parent as the group sees it. From 3.13 on, a group that raises its errors asks whether its parent is
    being cancelled, and cancels it once more if it is. Here the answer is no, as if 3.11 had asked."""

    def __init__(self, task):
        self.task = task

    def __getattr__(self, name):
        return getattr(self.task, name)

    def cancelling(self):
        return 0


class TaskGroup(asyncio.TaskGroup):
    """Python 3.11's, with two things pinned: the group cancels its tasks in the order of their creation, not in that of a
    set; and a cancellation by which it woke its own parent is taken back, as later versions do."""

    def __init__(self):
        super().__init__()
        self._tasks = InOrder()

    async def __aenter__(self):
        await super().__aenter__()
        if sys.version_info >= (3, 13):
            self._parent_task = Parent(self._parent_task)
        return self

    async def __aexit__(self, *error):
        was_requested = self._parent_cancel_requested
        try:
            return await super().__aexit__(*error)
        finally:
            if sys.version_info < (3, 13) and self._parent_cancel_requested and not was_requested:
                self._parent_task.uncancel()


class Gathering(asyncio.Future):
    """What 3.11's `gather` gives. From 3.12 on, tasks that have ended when they are gathered take no turn."""

    def __init__(self, children, return_exceptions):
        super().__init__(loop=asyncio.get_running_loop())
        self.children, self.keeps, self.is_asked, self.left = children, return_exceptions, False, len(children)
        for child in children:
            child.add_done_callback(self.one_has_ended)

    def cancel(self, msg=None):
        if self.done():
            return False
        asked = [child.cancel() for child in self.children]
        self.is_asked |= any(asked)
        return any(asked)

    def one_has_ended(self, child):
        self.left -= 1
        error = asyncio.CancelledError() if child.cancelled() else child.exception()
        if self.done():
            return
        if error is not None and not self.keeps:
            self.set_exception(error)
        elif self.left == 0 and self.is_asked:
            self.set_exception(asyncio.CancelledError())
        elif self.left == 0:
            self.set_result([None if each.cancelled() else each.exception() for each in self.children])


def gather(*children, return_exceptions=False):
    if sys.version_info < (3, 12) or not children:
        return asyncio.gather(*children, return_exceptions=return_exceptions)
    return Gathering(children, return_exceptions)


class Program:
    def __init__(self, bodies, loop):
        self.bodies = bodies
        self.loop = loop
        self.lines = []
        self.semaphores = [asyncio.Semaphore(permits) for permits in SEMAPHORES]
        self.queues = [queue(size) for queue, size in QUEUES]
        self.locks = [asyncio.Lock() for _ in range(LOCKS)]
        self.events = [asyncio.Event() for _ in range(EVENTS)]
        self.condition = Condition()
        self.barrier = asyncio.Barrier(PARTIES)
        self.group = None

    def say(self, text):
        now = self.loop.time() / UNIT
        self.lines.append(f"{now:.0f} {text}")

    async def items(self, queue, count, length):
        for _ in range(count):
            if length is not None:
                await asyncio.sleep(length * UNIT)
            item = await self.queues[queue].get()
            self.queues[queue].task_done()
            yield item

    async def run_sure(self, body):
        try:
            await self.run(body)
        except Failure:
            pass

    async def run(self, body):
        handles = {}
        await self.steps(body, self.bodies[body], handles)

    async def steps(self, name, steps, handles):
        for number, step in enumerate(steps):
            match step:
                case ["say"]:
                    self.say(f"{name}:{number}")
                case ["yield"]:
                    await asyncio.sleep(0)
                case ["sleep", units]:
                    await asyncio.sleep(units * UNIT)
                case ["busy", units]:
                    self.loop.now += units * UNIT
                case ["spawn", body]:
                    handles[body] = asyncio.create_task(self.run(body))
                case ["join", body]:
                    await handles[body]
                case ["gather", bodies]:
                    await gather(*[handles[body] for body in bodies])
                case ["hold", semaphore, inner]:
                    async with self.semaphores[semaphore]:
                        await self.steps(f"{name}:{number}", inner, handles)
                case ["fail"]:
                    raise Failure
                case ["group", bodies, inner]:
                    try:
                        async with TaskGroup() as group:
                            self.group = group
                            for body in bodies:
                                group.create_task(self.run(body))
                            await self.steps(f"{name}:{number}", inner, handles)
                    except BaseExceptionGroup as errors:
                        self.say(f"{name}:{number} {len(errors.exceptions)} failed")
                case ["shield", body]:
                    await asyncio.shield(handles[body])
                case ["cancel", body]:
                    handles[body].cancel()
                case ["wait", when, bodies]:
                    tasks = [handles[body] for body in bodies]
                    done, _ = await asyncio.wait(tasks, return_when=WHEN[when])
                    self.say(f"{name}:{number} {len(done)} done")
                case ["wait for none"]:
                    try:
                        await asyncio.wait([])
                        self.say(f"{name}:{number} waits")
                    except ValueError:
                        self.say(f"{name}:{number} refused")
                case ["job", units]:
                    await self.loop.run_in_executor(None, self.loop.block, units * UNIT)
                case ["timeout", units, inner]:
                    try:
                        async with asyncio.timeout(units * UNIT):
                            await self.steps(f"{name}:{number}", inner, handles)
                    except TimeoutError:
                        self.say(f"{name}:{number} timed out")
                case ["lock", lock, inner]:
                    async with self.locks[lock]:
                        await self.steps(f"{name}:{number}", inner, handles)
                case ["set", event]:
                    self.events[event].set()
                case ["clear", event]:
                    self.events[event].clear()
                case ["wait set", event]:
                    await self.events[event].wait()
                case ["wait notified"]:
                    async with self.condition:
                        await self.condition.wait()
                        self.say(f"{name}:{number} notified")
                case ["notify", count]:
                    async with self.condition:
                        self.condition.notify(count)
                case ["put", queue, item]:
                    await self.queues[queue].put(item)
                case ["get", queue]:
                    self.say(f"{name}:{number} got {await self.queues[queue].get()}")
                    self.queues[queue].task_done()
                case ["all done", queue]:
                    await self.queues[queue].join()
                case ["finally", inner]:
                    try:
                        await self.steps(f"{name}:{number}", inner, handles)
                    finally:
                        self.say(f"{name}:{number} left")
                case ["condition", inner]:
                    async with self.condition:
                        await self.steps(f"{name}:{number}", inner, handles)
                case ["outcomes", bodies]:
                    tasks = [handles[body] for body in bodies]
                    outcomes = await gather(*tasks, return_exceptions=True)
                    failed = sum(isinstance(outcome, Failure) for outcome in outcomes)
                    self.say(f"{name}:{number} {failed} failed")
                case ["gather sure", bodies]:
                    await gather(*[asyncio.create_task(self.run_sure(body)) for body in bodies])
                    self.say(f"{name}:{number} gathered")
                case ["cancel and wait", body]:
                    task = handles[body]
                    task.cancel()
                    try:
                        await task
                        self.say(f"{name}:{number} ended")
                    except Failure:
                        self.say(f"{name}:{number} failed")
                    except asyncio.CancelledError:
                        if asyncio.current_task().cancelling():
                            raise
                        self.say(f"{name}:{number} cancelled")
                case ["into", body]:
                    late = self.run(body)
                    try:
                        if self.group is None:
                            raise RuntimeError
                        self.group.create_task(late)
                        self.say(f"{name}:{number} accepted")
                    except RuntimeError:
                        late.close()
                        self.say(f"{name}:{number} refused")
                case ["stream", queue, items, length, inner]:
                    async for item in self.items(queue, items, length):
                        self.say(f"{name}:{number} item {item}")
                        await self.steps(f"{name}:{number}", inner, handles)
                case ["for each", queue, items, length]:
                    async for item in self.items(queue, items, length):
                        self.say(f"{name}:{number} item {item}")
                case ["meet"]:
                    self.say(f"{name}:{number} met as {await self.barrier.wait()}")


def play(bodies):
    loop = VirtualLoop()
    loop.set_exception_handler(lambda *_: None)  # of tasks that are cancelled below
    asyncio.set_event_loop(loop)
    program = Program(bodies, loop)
    try:
        loop.run_until_complete(program.run(0))
        program.lines.append(f"{loop.when_over() / UNIT:.0f} end")
    except Failure:
        program.lines.append(f"{loop.when_over() / UNIT:.0f} failed")
    except Deadlock:
        program.lines.append(f"{loop.now / UNIT:.0f} deadlock")
    lines, program.lines = program.lines, []
    # What is left is cancelled where nobody looks any more.
    for task in asyncio.all_tasks(loop):
        task._log_destroy_pending = False
        task.cancel()
    try:
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
    except Deadlock:
        pass
    loop.close()
    return lines


sys.unraisablehook = lambda _: None  # coroutines that a deadlock left behind
# Garbage of one program, such as a stream that was left, must not stir in another.
gc.disable()
for number, line in enumerate(sys.stdin):
    if number % 500 == 0:
        gc.collect()
    print(*play(json.loads(line)), ".", sep="\n", flush=True)
