# Threads and executors.
import asyncio
import concurrent.futures
import threading
import time


def work(seconds):
    time.sleep(seconds)
    print("worked", seconds, threading.current_thread() is threading.main_thread(), threading.active_count() > 1)
    return seconds


def fails():
    time.sleep(0.01)
    raise OSError(2, "no such thing")


async def ticker():
    for i in range(4):
        await asyncio.sleep(0.05)
        print("tick", i)


async def main():
    print(threading.active_count(), [t.name for t in threading.enumerate()])
    task = asyncio.create_task(ticker())
    print(await asyncio.gather(*(asyncio.get_running_loop().run_in_executor(None, work, n) for n in (0.07, 0.12))))
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    threading.Thread(target=lambda: loop.call_soon_threadsafe(future.set_result, "from a thread")).start()
    print(await future)
    await task

    def other():
        print("run", asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01, 7), loop).result())
    await asyncio.get_running_loop().run_in_executor(None, other)
    try:
        await loop.run_in_executor(None, fails)
    except OSError as error:
        print(error)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        print(await asyncio.wrap_future(pool.submit(work, 0.01)))
        print(await asyncio.wait_for(loop.run_in_executor(pool, work, 0.01), 1))
    if hasattr(asyncio, "to_thread"):
        print(await asyncio.to_thread(work, 0.01))


asyncio.run(main())
thread = threading.Thread(target=lambda: asyncio.run(asyncio.sleep(0.01)))
thread.start()
thread.join()
late = threading.Thread(target=lambda: (time.sleep(0.05), print("after the end")))
late.start()
