# needs 3.11
import asyncio


async def child(seconds, fails=False):
    try:
        await asyncio.sleep(seconds)
        if fails:
            raise ValueError(f"child {seconds}")
        return seconds
    except asyncio.CancelledError:
        print("cancelled", seconds)
        raise
    finally:
        print("finally", seconds)


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child(0.01))
            group.create_task(child(0.02, True))
            group.create_task(child(0.03), name="slow one")
    except* ValueError as errors:
        print("group", errors.exceptions)
    async with asyncio.TaskGroup() as group:
        one, two = group.create_task(child(0.02)), group.create_task(child(0.01))
    print(one.result(), two.result())
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(5)
    except TimeoutError:
        print("timeout")
    async with asyncio.timeout(1) as limit:
        limit.reschedule(asyncio.get_running_loop().time() + 2)
        await asyncio.sleep(0.01)
    try:
        async with asyncio.timeout(0.05):
            async with asyncio.timeout(0.01):
                await asyncio.sleep(5)
    except TimeoutError:
        print("inner timeout", asyncio.current_task().cancelling())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child(5))
            await asyncio.sleep(0.01)
            raise KeyError("body")
    except* KeyError as errors:
        print("body", errors.exceptions)
    async with asyncio.timeout(None):
        await asyncio.sleep(0.01)


with asyncio.Runner() as runner:
    runner.run(main())
    print(runner.run(asyncio.sleep(0.01, "second run")))
