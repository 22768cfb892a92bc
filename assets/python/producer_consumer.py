import asyncio

async def producer(queue, items, pause):
    for number in range(items):
        item = f"item-{number}"
        await queue.put(item)  #~ put
        print(f"Produced {item}")  #~ produced
        await asyncio.sleep(pause)  #~ produce-sleep
    await queue.put(None)  #~ put-end

async def consumer(queue, pause):
    while True:
        item = await queue.get()  #~ get
        if item is None:
            break
        print(f"Consumed {item}")  #~ consumed
        await asyncio.sleep(pause)  #~ consume-sleep

async def main(items=5, produce=1, consume=2):
    queue = asyncio.Queue()
    both = [
        asyncio.create_task(producer(queue, items, produce)),  #~ spawn-producer
        asyncio.create_task(consumer(queue, consume)),  #~ spawn-consumer
    ]
    await asyncio.gather(*both)  #~ gather

asyncio.run(main())
