import asyncio
from itertools import islice

STEP = 0.5

async def fetch(page):
    await asyncio.sleep(STEP)  #~ connect
    await asyncio.sleep(STEP)  #~ read
    print(f"page {page}: fetched")  #~ fetched
    return page

async def next_of(ahead):
    # The first that is done. They are run by hand, in here and nowhere else.
    while True:
        for running, waits_for in list(ahead.items()):
            if waits_for is None or waits_for.done():
                try:
                    ahead[running] = running.send(None)
                except StopIteration as end:
                    del ahead[running]
                    return end.value
        first = asyncio.FIRST_COMPLETED
        await asyncio.wait(ahead.values(), return_when=first)  #~ next-of-them

async def main(pages=4, window=2, run_as="futures", storing=1):
    def begin(page):
        if run_as == "tasks":
            return asyncio.create_task(fetch(page)).__await__()  #~ spawn
        else:
            return fetch(page).__await__()  #~ future

    fetches = map(begin, range(1, pages + 1))
    ahead = dict.fromkeys(islice(fetches, window))
    while ahead:
        page = await next_of(ahead)  #~ next
        ahead.update(dict.fromkeys(islice(fetches, 1)))  #~ refill
        await asyncio.sleep(storing)  #~ store
        print(f"page {page}: stored")  #~ stored

asyncio.run(main())
