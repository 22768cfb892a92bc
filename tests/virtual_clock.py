"""CPython's own event loop with its clock replaced: when nothing is ready, the time jumps to the next timer."""

import asyncio
import selectors


class Deadlock(Exception):
    """Nothing is ready and no timer is set."""


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
        self.call_later(spent, self.call_soon, *settle)
        return result
