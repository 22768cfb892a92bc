import asyncio


async def produce(queue):
    for number in range(5):
        item = f"item-{number}"
        await queue.put(item)
        print(f"Produced {item}")
        await asyncio.sleep(1)
    await queue.put(None)


async def consume(queue):
    while True:
        item = await queue.get()
        if item is None:
            break
        print(f"Consumed {item}")
        await asyncio.sleep(2)


async def main():
    queue = asyncio.Queue(maxsize=2)
    await asyncio.gather(produce(queue), consume(queue))


asyncio.run(main())
