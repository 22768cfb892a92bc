# What Python destroys last.
import asyncio


class Last:
    def __del__(self):
        print("last")


async def never():
    pass


async def main():
    await asyncio.sleep(0)
    global task
    task = asyncio.get_running_loop().create_future()


last = Last()
unawaited = never()
asyncio.run(main())
print("main is over")
