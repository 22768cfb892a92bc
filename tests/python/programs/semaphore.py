import asyncio


async def fetch(number, limit):
    async with limit:
        print(f"fetch {number} begins")
        await asyncio.sleep(0.05 + number / 20)
        print(f"fetch {number} ends")


async def main():
    limit = asyncio.Semaphore(3)
    await asyncio.gather(*(fetch(n, limit) for n in range(10)))


asyncio.run(main())
