import asyncio


async def fetch():
    print("Start fetching data...")
    await asyncio.sleep(2)
    print("Done fetching data")
    return {"data": "Sample Data"}


async def process():
    print("Start processing data...")
    await asyncio.sleep(1)
    print("Done processing data")
    return "Processed Data"


async def main():
    fetching = asyncio.create_task(fetch())
    processing = asyncio.create_task(process())
    print(f"Fetched Data: {await fetching}")
    print(f"Processed Data: {await processing}")


asyncio.run(main())
