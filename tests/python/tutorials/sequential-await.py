import asyncio
import time

start = time.monotonic()


def now():
    return f"T+{round(time.monotonic() - start)}"


async def fetch(number):
    print("Fetching data...")
    began = now()
    await asyncio.sleep(3)
    print("Data retrieved.")
    return {"input": number, "start_time": began, "end_time": now()}


async def main():
    first = await fetch(1)
    second = await fetch(2)
    print("Data one:", first)
    print("Data two:", second)


asyncio.run(main())
