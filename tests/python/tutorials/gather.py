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
    found = await asyncio.gather(fetch(1), fetch(2), fetch(3))
    for number, data in enumerate(found, 1):
        print(f"Data {number}: {data}")


asyncio.run(main())
