import asyncio

async def producer(queue, items, pause):
    for item in range(1, items + 1):
        await asyncio.sleep(pause)  #~ produce
        await queue.put(item)  #~ put
        print(f"Put item {item}")  #~ was-put

async def consumer(queue, items, pause):
    for _ in range(items):
        item = await queue.get()  #~ get
        print(f"Took item {item}")  #~ took
        await asyncio.sleep(pause)  #~ consume

async def main(items=5, size=2, make=0.5, take=2):
    queue = asyncio.Queue(maxsize=size)  #~ queue
    both = [
        asyncio.create_task(producer(queue, items, make)),  #~ spawn-producer
        asyncio.create_task(consumer(queue, items, take)),  #~ spawn-consumer
    ]
    await asyncio.gather(*both)  #~ gather

asyncio.run(main())
