# Threads and executors.
import asyncio
import concurrent.futures
import sys
import threading
import time


def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def work(seconds):
    time.sleep(seconds)
    say("worked", seconds, threading.current_thread() is threading.main_thread(), threading.active_count() > 1)
    return seconds


def fails():
    time.sleep(0.01)
    raise OSError(2, "no such thing")


async def ticker():
    for i in range(4):
        await asyncio.sleep(0.2)
        say("tick", i)


async def main():
    say(threading.active_count(), [t.name for t in threading.enumerate()])
    task = asyncio.create_task(ticker())
    say(await asyncio.gather(*(asyncio.get_running_loop().run_in_executor(None, work, n) for n in (0.3, 0.5))))
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    threading.Thread(target=lambda: loop.call_soon_threadsafe(future.set_result, "from a thread")).start()
    say(await future)
    await task

    def other():
        say("run", asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01, 7), loop).result())
    await asyncio.get_running_loop().run_in_executor(None, other)
    try:
        await loop.run_in_executor(None, fails)
    except OSError as error:
        say(error)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        say(await asyncio.wrap_future(pool.submit(work, 0.01)))
        say(await asyncio.wait_for(loop.run_in_executor(pool, work, 0.01), 1))
    if hasattr(asyncio, "to_thread"):
        say(await asyncio.to_thread(work, 0.01))


asyncio.run(main())
thread = threading.Thread(target=lambda: asyncio.run(asyncio.sleep(0.01)))
thread.start()
thread.join()
late = threading.Thread(target=lambda: (time.sleep(0.05), say("after the end")))
late.start()
