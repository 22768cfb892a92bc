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
    one = asyncio.create_task(fetch(1))
    two = asyncio.create_task(fetch(2))
    first = await one
    second = await two
    print("Data one:", first)
    print("Data two:", second)


asyncio.run(main())
