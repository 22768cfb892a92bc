import asyncio

async def fetch_data(delay):
    print("Start fetching data...")  #~ fetching
    await asyncio.sleep(delay)  #~ fetch-sleep
    print("Done fetching data")  #~ fetched
    return {"data": "Sample Data"}

async def process_data(delay):
    print("Start processing data...")  #~ processing
    await asyncio.sleep(delay)  #~ process-sleep
    print("Done processing data")  #~ processed
    return "Processed Data"

async def main(fetch=2, process=1):
    fetching = asyncio.create_task(fetch_data(fetch))  #~ spawn-fetch
    processing = asyncio.create_task(process_data(process))  #~ spawn-process
    data = await fetching  #~ await-fetch
    result = await processing  #~ await-process
    print(f"Fetched Data: {data}")  #~ print-data
    print(f"Processed Data: {result}")  #~ print-result

asyncio.run(main())
