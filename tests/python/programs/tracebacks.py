# Tracebacks that go through what is recorded.
import asyncio
import time
import traceback
import warnings


def show():
    traceback.print_stack()


async def job():
    raise LookupError("from a job")


async def main():
    loop = asyncio.get_running_loop()
    show()
    try:
        time.sleep(-1)
    except ValueError:
        traceback.print_exc()
    try:
        await loop.run_in_executor(None, lambda: 1 / 0)
    except ZeroDivisionError:
        traceback.print_exc()
    try:
        await asyncio.gather(job())
    except LookupError as error:
        traceback.print_exc()
        print(len(traceback.extract_tb(error.__traceback__)))
    loop.call_soon(show)
    await asyncio.sleep(0)
    warnings.warn("mine", stacklevel=1)
    task = asyncio.create_task(asyncio.sleep(1))
    await asyncio.sleep(0)
    task.print_stack()
    print([f.f_code.co_name for f in task.get_stack()], task.get_coro().__qualname__, type(task), asyncio.Task)
    print(repr(task).split(" wait_for")[0], isinstance(task, asyncio.Task), type(task) is asyncio.Task)
    closed = asyncio.new_event_loop()
    closed.close()
    try:
        closed.call_soon(print)
    except RuntimeError:
        traceback.print_exc()
    try:
        closed.call_later(1, print)
    except RuntimeError:
        traceback.print_exc()


asyncio.run(main())
asyncio.run(main(), debug=True)
