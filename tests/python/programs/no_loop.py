import asyncio


async def work():
    await asyncio.sleep(0.01)


task = asyncio.create_task(work())
