# Awaits in every shape.
import asyncio
import types


class Awaitable:
    def __await__(self):
        yield from asyncio.sleep(0.01).__await__()
        return "awaitable"


@types.coroutine
def old():
    yield from asyncio.sleep(0.01).__await__()
    return "old"


class Countdown:
    def __init__(self):
        self.left = 3

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        await asyncio.sleep(0.01)
        self.left -= 1
        return self.left


class Door:
    async def __aenter__(self):
        await asyncio.sleep(0.01)
        print("open")
        return self

    async def __aexit__(self, *_):
        await asyncio.sleep(0.01)
        print("closed")


async def numbers():
    try:
        for i in range(3):
            yield i
            await asyncio.sleep(0.01)
    finally:
        await asyncio.sleep(0.01)
        print("numbers closed")


async def tens():
    async for x in numbers():
        yield x * 10


async def echo():
    got = None
    while True:
        got = yield got
        await asyncio.sleep(0.01)


async def main():
    print(await Awaitable(), await old())
    async for x in Countdown():
        print("left", x)
    async for x in tens():
        print("ten", x)
        if x == 10:
            break
    async with Door() as door, Door():
        print(type(door).__name__)
    print([x async for x in tens()])
    again = echo()
    await again.asend(None)
    print(await again.asend("sent"))
    await again.aclose()
    source = numbers()
    print(await source.__anext__())
    try:
        await source.athrow(KeyError("thrown"))
    except KeyError as error:
        print("came back", error)
    for next_one in asyncio.as_completed([asyncio.sleep(0.02, "b"), asyncio.sleep(0.01, "a")]):
        print(await next_one)


asyncio.run(main())
