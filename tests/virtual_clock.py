"""CPython's own event loop with its clock replaced: when nothing is ready, the time jumps to the next timer.

Timers that are due at the same instant fire in the order in which they were set. asyncio's heap compares deadlines
alone, so that their order would depend on the heap's shape; on a real clock, where each reading is later than the one
before, the timer that was set first is due first.
"""

import asyncio
import itertools
import selectors


class Deadlock(Exception):
    """Nothing is ready and no timer is set."""


class OrderedTimer(asyncio.TimerHandle):
    __slots__ = ("order",)
    numbers = itertools.count()

    def __init__(self, *args):
        super().__init__(*args)
        self.order = next(self.numbers)

    def __lt__(self, other):
        return (self._when, self.order) < (other._when, other.order)


asyncio.base_events.events.TimerHandle = OrderedTimer


class VirtualSelector(selectors.SelectSelector):
    loop = None

    def select(self, timeout=None):
        if timeout is None:
            self.loop.is_stuck = True
            raise Deadlock
        if timeout > 0:
            self.loop.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        selector = VirtualSelector()
        selector.loop = self
        self.now = 0.0
        self.is_stuck = False
        self.in_job = None  # while a job runs: how much time it has taken
        self.jobs_end = 0.0  # when the last job is done
        super().__init__(selector)

    def time(self):
        return self.now

    def block(self, seconds):
        """Lets time pass for code that does not await: in a job it is the job's, else nobody else runs meanwhile."""
        if self.in_job is None:
            self.now += seconds
        else:
            self.in_job += seconds

    def run_in_executor(self, executor, job, *args):
        """Runs the job at once, and ends it when the time that it took is over."""
        result = self.create_future()
        self.in_job = 0.0
        try:
            settle = (result.set_result, job(*args))
        except Exception as error:
            settle = (result.set_exception, error)
        spent, self.in_job = self.in_job, None
        self.jobs_end = max(self.jobs_end, self.now + spent)
        # The thread wakes the loop by `call_soon_threadsafe`, which comes a turn after what is due at that time.
        self.call_later(spent, self.call_soon, self.settle, result, *settle)
        return result

    def settle(self, result, set_outcome, outcome):
        if not result.cancelled():
            set_outcome(outcome)

    def when_over(self):
        """When a run is over that ends now: `asyncio.run` waits for the jobs that are under way."""
        return max(self.jobs_end, self.now)

    async def shutdown_default_executor(self, *_):
        """What `asyncio.run` does at its end: waits for the jobs that are under way."""
        await asyncio.sleep(self.when_over() - self.now)
        await asyncio.sleep(0)  # for what the last of them has printed
