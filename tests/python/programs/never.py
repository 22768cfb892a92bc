# What nobody looks at: when it is reported.
import asyncio
import gc


async def forgotten():
    await asyncio.sleep(0.01)
    raise RuntimeError("nobody looks")


async def unawaited():
    pass


async def pending():
    await asyncio.get_running_loop().create_future()


async def main():
    loop = asyncio.get_running_loop()
    asyncio.create_task(forgotten())
    await asyncio.sleep(0.02)
    print("dropped")
    loop.set_exception_handler(lambda loop, context: print("handler:", context["message"]))
    asyncio.create_task(forgotten())
    await asyncio.sleep(0.03)
    unawaited()
    print("now")
    task = loop.create_task(pending())
    await asyncio.sleep(0)
    del task
    gc.collect()
    print("collected")


asyncio.run(main())
asyncio.run(main())
