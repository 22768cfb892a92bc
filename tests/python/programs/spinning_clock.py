# Waits for the clock in loops, which a clock that stands would never end.
import asyncio
import time


async def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


async def politely(seconds):
    end = time.time() + seconds
    while time.time() < end:
        await asyncio.sleep(0)


async def main():
    done = []
    asyncio.get_running_loop().call_later(0.03, done.append, "timer")
    await spin(0.01)
    print("spun", done)
    await politely(0.1)
    print("waited", done)
    flag = []
    asyncio.get_running_loop().call_later(0.02, flag.append, 1)
    while not flag:
        await asyncio.sleep(0)
    print("flag")


asyncio.run(main())
