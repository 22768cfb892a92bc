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

async def main(delay=3):
    global started
    started = asyncio.get_running_loop().time()
    one = await fetch_data(1, delay)  #~ await-one
    two = await fetch_data(2, delay)  #~ await-two
    print(f"Data one: {one}")  #~ print-one
    print(f"Data two: {two}")  #~ print-two

asyncio.run(main())
