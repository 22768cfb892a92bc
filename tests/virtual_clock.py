"""CPython's own event loop with its clock replaced: when nothing is ready, the time jumps to the next timer."""

import asyncio
import selectors


class Deadlock(Exception):
    """Nothing is ready and no timer is set."""


class VirtualSelector(selectors.SelectSelector):
    loop = None

    def select(self, timeout=None):
        if timeout is None:
            raise Deadlock
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
