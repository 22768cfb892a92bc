import asyncio


async def deep(n):
    if n:
        return await deep(n - 1)
    await asyncio.sleep(0.001)
    return "bottom"


async def endless(n=0):
    await endless(n + 1)


async def main():
    print(await deep(200))
    try:
        await endless()
    except RecursionError as error:
        print(error)


asyncio.run(main())
