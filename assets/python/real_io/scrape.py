import asyncio
import aiohttp
from web_site import links, open_site

async def read(page, session):
    async with session.get(page) as response:  #~ get
        return await response.text()  #~ text

async def visit(page, session, gate):
    async with gate:  #~ acquire
        try:
            text = await read(page, session)  #~ read
        except aiohttp.ClientError as error:
            print(f"{page}: {error}")  #~ failed
            text = ""
        return links(text)

async def main(pages=6, limit=2, delay=0.3, fault="none"):
    async with (
        open_site(pages, delay, fault) as url,
        aiohttp.ClientSession(url, raise_for_status=True) as session,  #~ session
    ):
        gate = asyncio.Semaphore(limit)
        wave = ["/page-1"]
        known = {"/page-1"}
        while wave:
            visits = [
                asyncio.create_task(visit(page, session, gate))  #~ spawn
                for page in wave
            ]
            found = await asyncio.gather(*visits)  #~ gather
            for page, linked in zip(wave, found):
                print(f"{page} links to {', '.join(linked)}")  #~ links
            wave = dict.fromkeys(page for linked in found for page in linked)
            wave = [page for page in wave if page not in known]  #~ new
            known.update(wave)
        print(f"pages asked for: {len(known)}, each once")  #~ done

asyncio.run(main())
