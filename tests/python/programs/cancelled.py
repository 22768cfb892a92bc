# Cancellation: asked for, ignored, passed on, during clean-up, before the first step.
import asyncio


async def stubborn():
    for _ in range(2):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            print("not me", error.args)
    return "done all the same"


async def clean():
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(0.01)
        print("cleaned")


async def outer(inner):
    await inner


async def never():
    print("this is never printed")


async def main():
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    task.cancel("first")
    await asyncio.sleep(0.01)
    task.cancel()
    print(await task, task.cancelled())

    task = asyncio.create_task(clean())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("main was told")

    inner = asyncio.create_task(clean())
    task = asyncio.create_task(outer(inner))
    await asyncio.sleep(0)
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True), inner.cancelled())

    task = asyncio.create_task(never())
    task.cancel()
    await asyncio.sleep(0)
    print(task.cancelled())

    inner = asyncio.create_task(asyncio.sleep(0.05, "shielded"))
    task = asyncio.ensure_future(asyncio.shield(inner))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    print(task.cancelled(), await inner)

    try:
        await asyncio.wait_for(clean(), 0.02)
    except asyncio.TimeoutError:
        print("too slow")
    print(await asyncio.wait_for(asyncio.sleep(0.01, "quick"), 1))

    async def self_cancelled():
        asyncio.current_task().cancel()
        await asyncio.sleep(0)
        print("this is never printed")
    task = asyncio.create_task(self_cancelled())
    print(await asyncio.gather(task, asyncio.sleep(0.01, 1), return_exceptions=True))

    group = asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))
    await asyncio.sleep(0)
    group.cancel()
    try:
        await group
    except asyncio.CancelledError:
        print("all cancelled")


asyncio.run(main())
