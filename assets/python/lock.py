import asyncio

async def clerk(name, pages, printer, delay):
    for page in range(1, pages + 1):
        async with printer:  #~ acquire
            print(f"{name} prints page {page}")  #~ prints
            await asyncio.sleep(delay)  #~ sleep

async def main(clerks=3, pages=2, delay=1):
    printer = asyncio.Lock()  #~ lock
    clerks = [
        asyncio.create_task(clerk(f"clerk-{number}", pages, printer, delay))  #~ spawn
        for number in range(1, clerks + 1)
    ]
    await asyncio.gather(*clerks)  #~ gather

asyncio.run(main())
