import asyncio
import aiohttp
from web_site import serve

async def handle(workers, work):
    async with workers:  #~ acquire
        await asyncio.sleep(work)  #~ work
        return "done"

async def client(session, requests):
    for _ in range(requests):
        async with session.get("/") as response:  #~ get
            await response.text()  #~ text
    return requests

async def main(clients=6, requests=3, work=0.1, workers=3):
    gate = asyncio.Semaphore(workers)
    async with (
        serve(lambda page: handle(gate, work)) as url,  #~ serve
        aiohttp.ClientSession(url) as session,  #~ session
    ):
        clock = asyncio.get_running_loop().time
        start = clock()
        tasks = [
            asyncio.create_task(client(session, requests))  #~ spawn
            for _ in range(clients)
        ]
        answered = sum(await asyncio.gather(*tasks))  #~ gather
        rate = round(answered / (clock() - start) / 10) * 10
        print(f"requests answered: {answered}, about {rate} a second")  #~ rate

asyncio.run(main())
