# Plain callbacks of the loop, and errors in them.
import asyncio
import functools


class Caller:
    def method(self, text):
        print("method", text)

    def __call__(self):
        print("called")


def fails():
    return 1 / 0


def chain(loop, left):
    print("chain", left)
    if left:
        loop.call_soon(chain, loop, left - 1)


async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(fails)
    loop.call_later(0.5, fails)
    loop.call_soon(Caller().method, "a")
    loop.call_soon(Caller())
    loop.call_soon(functools.partial(print, "partial"), "b")
    loop.call_at(loop.time() + 0.35, print, "at")
    cancelled = loop.call_later(0.001, print, "this is never printed")
    cancelled.cancel()
    soon = loop.call_soon(print, "nor this")
    soon.cancel()
    chain(loop, 3)
    future = loop.create_future()
    future.add_done_callback(lambda f: print("done", f.result()))
    loop.call_later(0.02, future.set_result, "result")
    print(await future)
    task = asyncio.create_task(asyncio.sleep(0.01, "value"))
    task.add_done_callback(lambda t: print("task done", t.result()))
    task.add_done_callback(lambda t: 1 / 0)
    await task
    await asyncio.sleep(0.6)
    print(repr(loop.call_soon(print)).split("(")[0])
    try:
        asyncio.get_event_loop().call_soon("no function")
    except TypeError as error:
        print(error)
    loop.slow_callback_duration = 10
    loop.set_debug(True)
    await asyncio.sleep(0.01)
    try:
        loop.call_soon("no function")
    except TypeError as error:
        print(error)


asyncio.run(main())
