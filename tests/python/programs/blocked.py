# A blocked loop, and the same with the clock in hand.
import asyncio
import time


async def bad():
    print("bad begins")
    time.sleep(0.2)
    print("bad ends")


async def good():
    for i in range(3):
        began = time.perf_counter()
        await asyncio.sleep(0.05)
        took = time.perf_counter() - began
        print("good", i, "late" if took > 0.15 else "on time")


async def main():
    await asyncio.gather(good(), bad())
    print(sum(i * i for i in range(100_000)))


asyncio.run(main())
