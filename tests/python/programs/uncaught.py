import asyncio
import sys


class Own(Exception):
    def __str__(self):
        print("str was called", file=sys.stderr)
        return "own text"


async def inner():
    await asyncio.sleep(0.01)
    raise Own("hidden")


async def main():
    try:
        await inner()
    except Own as error:
        raise RuntimeError("outer") from error


def hook(kind, value, trace):
    depth = 0
    while trace is not None:
        print("hook", trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    sys.__excepthook__(kind, value, value.__traceback__)


sys.excepthook = hook
asyncio.run(main())
