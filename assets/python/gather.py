import asyncio

def now():
    return asyncio.get_running_loop().time() - started

async def fetch_data(number, delay):
    start = now()
    print("Fetching data...")  #~ fetching
    await asyncio.sleep(delay)  #~ sleep
    print("Data retrieved.")  #~ retrieved
    end = now()
    return {"input": number, "start_time": f"T+{start:g}", "end_time": f"T+{end:g}"}

async def main(tasks=3, delay=3):
    global started
    started = asyncio.get_running_loop().time()
    fetches = [
        asyncio.create_task(fetch_data(number, delay))  #~ spawn
        for number in range(1, tasks + 1)
    ]
    results = await asyncio.gather(*fetches)  #~ gather
    for number, data in enumerate(results, start=1):
        print(f"Data {number}: {data}")  #~ print

asyncio.run(main())
