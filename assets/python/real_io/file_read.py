import asyncio
import aiofiles
from notes import write_notes

async def load(path, block):
    if block:
        return path.read_text()  #~ block
    async with aiofiles.open(path) as file:  #~ open
        return await file.read()  #~ read

async def reader(path, block):
    try:
        text = await load(path, block)  #~ load
    except OSError as error:
        print(error)  #~ failed
        return 0
    return len(text)

async def ticker():
    while True:
        await asyncio.sleep(0.001)  #~ tick

async def main(files=3, size=10, file="there", block=False):
    async with write_notes(files, size, file) as paths:  #~ write
        ticking = asyncio.create_task(ticker())  #~ spawn-ticker
        readers = [
            asyncio.create_task(reader(path, block))  #~ spawn
            for path in paths
        ]
        sizes = await asyncio.gather(*readers)  #~ gather
        for path, length in zip(paths, sizes):
            print(f"{path.name}: {length} bytes")  #~ size
        ticking.cancel()  #~ cancel

asyncio.run(main())
