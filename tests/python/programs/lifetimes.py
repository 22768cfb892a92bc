# When things are destroyed.
import asyncio
import weakref


class Thing:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone:", self.name)


async def holds(thing):
    await asyncio.sleep(0)
    name = thing.name
    del thing
    print("deleted", name)
    await asyncio.sleep(0.001)
    return name


async def inner(thing):
    await asyncio.sleep(0.001)


async def deeper():
    local = Thing("local")
    await inner(Thing("argument"))
    print("back")
    await asyncio.sleep(0)


async def unfinished():
    kept = Thing("kept")
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        print("closed")


async def main():
    task = asyncio.create_task(holds(Thing("given")))
    await task
    print("task is done")
    ref = weakref.ref(task)
    del task
    print("task is gone", ref() is None)
    await deeper()
    print("deeper is over")
    task = asyncio.create_task(unfinished())
    await asyncio.sleep(0)
    del task
    import gc
    gc.collect()
    print("collected")
    lock = asyncio.Lock()
    ref = weakref.ref(lock)
    async with lock:
        pass
    del lock
    print(ref() is None)
    future = asyncio.get_running_loop().create_future()
    ref = weakref.ref(future)
    del future
    print(ref() is None)
    gen = deeper()
    gen.close()


asyncio.run(main())
