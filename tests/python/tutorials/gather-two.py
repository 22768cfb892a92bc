import asyncio


async def work(number):
    print(f"Task {number}")
    await asyncio.sleep(2)


async def main():
    await asyncio.gather(work(1), work(2))


asyncio.run(main())
