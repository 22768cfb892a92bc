import asyncio
import json
import time


async def turns(count):
    for _ in range(count):
        await asyncio.sleep(0)


async def sleep_0():
    await asyncio.gather(*(turns(1000) for _ in range(20)))
    return 20_000


async def queue():
    items, count = asyncio.Queue(1), 5000

    async def produce():
        for i in range(count):
            await items.put(i)

    async def consume():
        for i in range(count):
            await items.get()
    await asyncio.gather(produce(), consume())
    return count


async def nothing():
    pass


async def spawn():
    for _ in range(5000):
        await asyncio.create_task(nothing())
    return 5000


async def thousand_tasks():
    await asyncio.gather(*(turns(10) for _ in range(1000)))
    return 10_000


async def deep(depth):
    if depth:
        return await deep(depth - 1)
    await asyncio.sleep(0)


async def deep_10():
    for _ in range(3000):
        await deep(10)
    return 3000


async def future():
    loop = asyncio.get_running_loop()
    for _ in range(5000):
        one = loop.create_future()
        loop.call_soon(one.set_result, None)
        await one
    return 5000


async def timer():
    async def sleep():
        for _ in range(250):
            await asyncio.sleep(0.00001)
    await asyncio.gather(*(sleep() for _ in range(20)))
    return 5000


async def lock():
    one = asyncio.Lock()

    async def work():
        for _ in range(300):
            async with one:
                await asyncio.sleep(0)
    await asyncio.gather(*(work() for _ in range(10)))
    return 3000


async def main():
    found = {}
    for operation in (sleep_0, queue, spawn, thousand_tasks, deep_10, future, timer, lock):
        best = float("inf")
        for _ in range(7):
            began = time.process_time_ns()
            count = await operation()
            best = min(best, (time.process_time_ns() - began) / count)
        found[operation.__name__] = round(best)
    print(json.dumps(found))


asyncio.run(main())
