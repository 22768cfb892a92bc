import asyncio


async def numbers(count):
    for number in range(count):
        await asyncio.sleep(1)
        yield number


async def main():
    async for number in numbers(5):
        print(f"Received number: {number}")


asyncio.run(main())
