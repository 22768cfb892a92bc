import asyncio

STORING = 0.5

async def hold_long(name, ledger, fetching):
    async with ledger:  #~ long-lock
        await asyncio.sleep(fetching)  #~ long-fetch
        await asyncio.sleep(STORING)  #~ long-store
        print(f"{name}: stored")  #~ long-stored

async def hold_short(name, ledger, fetching):
    await asyncio.sleep(fetching)  #~ short-fetch
    async with ledger:  #~ short-lock
        await asyncio.sleep(STORING)  #~ short-store
        print(f"{name}: stored")  #~ short-stored

async def main(clerks=4, fetching=1.5, hold="long"):
    ledger = asyncio.Lock()
    tasks = []
    for number in range(1, clerks + 1):
        name = f"clerk-{number}"
        if hold == "long":
            work = hold_long(name, ledger, fetching)
            tasks.append(asyncio.create_task(work))  #~ long-spawn
        else:
            work = hold_short(name, ledger, fetching)
            tasks.append(asyncio.create_task(work))  #~ short-spawn
    await asyncio.gather(*tasks)  #~ gather

asyncio.run(main())
