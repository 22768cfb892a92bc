import asyncio


async def load():
    await asyncio.sleep(0.01)
    async with open(__file__) as file:
        print(file)


async def main():
    await load()


asyncio.run(main())
