# Processes: pools, both ways of starting, and a plain fork.
import asyncio
import concurrent.futures
import multiprocessing
import os
import time


def square(x):
    time.sleep(0.01)
    return x * x


def fails(x):
    raise ValueError(x)


async def main():
    loop = asyncio.get_running_loop()
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    print(os.waitpid(pid, 0)[1] >> 8)
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(0.01,))
    process.start()
    process.join(5)
    print(process.exitcode)
    for way in ("fork", "spawn"):
        with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(way)) as pool:
            print(way, await asyncio.gather(*(loop.run_in_executor(pool, square, i) for i in range(3))))
            try:
                await loop.run_in_executor(pool, fails, 3)
            except ValueError as error:
                print(error)
    queue = multiprocessing.Queue()
    try:
        queue.get(timeout=0.05)
    except Exception as error:
        print(type(error).__name__)


if __name__ == "__main__":
    asyncio.run(main())
