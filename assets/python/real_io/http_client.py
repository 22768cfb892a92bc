import asyncio
import aiohttp
from web_site import open_site

async def read(page, session):
    async with session.get(page) as response:  #~ get
        return await response.text()  #~ text

async def fetch(page, session):
    try:
        text = await read(page, session)  #~ read
    except (aiohttp.ClientError, ValueError) as error:
        print(f"{page}: {error}")  #~ failed
        text = ""
    print(f"{page}: {len(text)} bytes")  #~ fetched
    return len(text)

async def main(pages=4, delay=0.8, fault="none"):
    async with (
        open_site(pages, delay, fault) as url,  #~ open
        aiohttp.ClientSession(url, raise_for_status=True) as session,  #~ session
    ):
        fetches = [
            asyncio.create_task(fetch(f"/page-{number}", session))  #~ spawn
            for number in range(1, pages + 1)
        ]
        sizes = await asyncio.gather(*fetches)  #~ gather
        print(f"{sum(sizes)} bytes in all")  #~ sum

asyncio.run(main())
