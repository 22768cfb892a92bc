import asyncio

async def fetch(number, delay):
    print(f"Fetching {number}")  #~ fetching
    await asyncio.sleep(delay)  #~ sleep
    return number

async def main(count=3, step=1, slowest="first"):
    tasks = []
    for number in range(1, count + 1):
        place = count + 1 - number if slowest == "first" else number
        tasks.append(asyncio.create_task(fetch(number, step * place)))  #~ spawn
    for ended in asyncio.as_completed(tasks):
        number = await ended  #~ next
        print(f"Result of fetch {number}")  #~ result

asyncio.run(main())
