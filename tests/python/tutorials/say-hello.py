import asyncio


async def hello():
    await asyncio.sleep(1)
    print("Hello, World!")


asyncio.run(hello())
