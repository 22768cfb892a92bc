import asyncio

async def fetch(number, delay):
    print(f"Task {number}")  #~ start
    await asyncio.sleep(delay)  #~ sleep
    return number

async def main(first=2, second=1, results="kept"):
    both = [
        asyncio.create_task(fetch(1, first)),  #~ spawn-one
        asyncio.create_task(fetch(2, second)),  #~ spawn-two
    ]
    numbers = await asyncio.gather(*both)  #~ gather
    if results == "printed":
        print(f"Results of tasks {numbers}")  #~ print

asyncio.run(main())
