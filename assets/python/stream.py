import asyncio

async def numbers(count, delay):
    for number in range(count):
        await asyncio.sleep(delay)  #~ sleep
        yield number  #~ give

async def main(count=5, delay=1, handle=0):
    async for number in numbers(count, delay):  #~ each
        print(f"Received number: {number}")  #~ received
        await asyncio.sleep(handle)  #~ handle

asyncio.run(main())
