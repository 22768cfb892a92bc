# Sets of tasks.
import asyncio


async def work(number):
    try:
        await asyncio.sleep(0.01)
        return number
    except asyncio.CancelledError:
        raise


async def main():
    done, _ = await asyncio.wait([asyncio.create_task(work(n)) for n in range(8)])
    print(sorted(t.result() for t in done), len({t: 1 for t in done}), all(hash(t) == hash(t) for t in done))
    for n in range(8):
        asyncio.create_task(work(n))
    await asyncio.sleep(0)


asyncio.run(main())
