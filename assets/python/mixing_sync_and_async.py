import asyncio
import threading

SECOND = 1

async def with_thread_lock(name, lock, limit):
    held = lock.acquire(timeout=limit)  #~ thread-lock
    if not held:
        return print(f"{name}: gives up")  #~ thread-gives-up
    print(f"{name}: has the lock")  #~ thread-has
    await asyncio.sleep(SECOND)  #~ thread-sleep
    print(f"{name}: releases the lock")  #~ thread-releases
    lock.release()

async def with_async_lock(name, lock, limit):
    try:
        async with asyncio.timeout(limit):
            await lock.acquire()  #~ async-lock
    except TimeoutError:
        return print(f"{name}: gives up")  #~ async-gives-up
    print(f"{name}: has the lock")  #~ async-has
    await asyncio.sleep(SECOND)  #~ async-sleep
    print(f"{name}: releases the lock")  #~ async-releases
    lock.release()

async def main(kind="thread", limit=2):
    names = ["writer", "reader"]
    if kind == "thread":
        lock = threading.Lock()
        tasks = [
            asyncio.create_task(with_thread_lock(name, lock, limit))  #~ thread-spawn
            for name in names
        ]
    else:
        lock = asyncio.Lock()
        tasks = [
            asyncio.create_task(with_async_lock(name, lock, limit))  #~ async-spawn
            for name in names
        ]
    await asyncio.gather(*tasks)  #~ gather

asyncio.run(main())
