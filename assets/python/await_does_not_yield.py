import asyncio

async def load(page, cached, delay):
    if page > cached:
        await asyncio.sleep(delay)  #~ sleep

async def reader(name, pages, cached, delay):
    for page in range(1, pages + 1):
        await load(page, cached, delay)  #~ load
        print(f"{name} reads page {page}")  #~ reads

async def main(pages=4, cached=2, delay=1):
    readers = [
        asyncio.create_task(reader(name, pages, cached, delay))  #~ spawn
        for name in ("ann", "bob")
    ]
    await asyncio.gather(*readers)  #~ gather

asyncio.run(main())
