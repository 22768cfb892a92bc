import asyncio

async def fetch(number, gate, delay):
    async with gate:  #~ acquire
        print(f"fetching {number}")  #~ fetching
        await asyncio.sleep(delay)  #~ sleep
        print(f"fetched {number}")  #~ fetched

async def main(requests=10, permits=3, delay=1):
    gate = asyncio.Semaphore(permits)
    fetches = [
        asyncio.create_task(fetch(number, gate, delay))  #~ spawn
        for number in range(requests)
    ]
    await asyncio.gather(*fetches)  #~ gather
    print("all done")  #~ done

asyncio.run(main())
