# needs 3.12
import asyncio


async def quick(n):
    print("quick", n)
    return n


async def slow(n):
    print("slow begins", n)
    await asyncio.sleep(0.01)
    print("slow ends", n)
    return n


async def fails():
    raise ValueError("at once")


async def yields():
    await asyncio.sleep(0)
    print("yielded")


async def nested():
    task = asyncio.create_task(slow(9))
    await task


async def main():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    a = asyncio.create_task(quick(1))
    b = asyncio.create_task(slow(2), name="b")
    c = asyncio.create_task(nested())
    d = asyncio.create_task(yields())
    e = asyncio.create_task(fails())
    print("made", a.done(), b.done(), e.done(), b.get_name())
    print(await asyncio.gather(a, b, c, d, e, return_exceptions=True))
    async with asyncio.TaskGroup() as group:
        group.create_task(quick(3))
        group.create_task(slow(4))
    loop.set_task_factory(None)
    task = asyncio.Task(slow(5), loop=loop, eager_start=True)
    print("direct")
    await task
    f = asyncio.create_task(slow(6))
    f.cancel()
    print(await asyncio.gather(f, return_exceptions=True))


asyncio.run(main())
