import asyncio
from contextlib import asynccontextmanager

@asynccontextmanager
async def connection(delay):
    await asyncio.sleep(delay)  #~ open
    print("Opened")  #~ opened
    try:
        yield
    finally:
        await asyncio.sleep(delay)  #~ close
        print("Closed")  #~ closed

async def main(query="fails", delay=1):
    try:
        async with connection(delay):  #~ using
            print("Asking for rows")  #~ asking
            await asyncio.sleep(delay)  #~ ask
            if query == "fails":
                raise LookupError("no such table")  #~ error
            await asyncio.sleep(delay)  #~ rows
            print("Got the rows")  #~ got
    except LookupError as error:
        print(f"Caught: {error}")  #~ caught

asyncio.run(main())
