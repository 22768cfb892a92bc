import asyncio
import atexit
import sys


async def main():
    await asyncio.sleep(0.01)
    print("leaving")
    sys.exit(3)


class Last:
    def __del__(self):
        print("destroyed")


last = Last()
atexit.register(print, "at exit")
asyncio.run(main())
