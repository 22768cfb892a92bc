import asyncio
import time

MILLISECOND = 0.001

async def loader(loaded, pieces):
    for piece in range(1, pieces + 1):
        time.sleep(MILLISECOND)  #~ load
        if piece % 500 == 0:
            print(f"loader: {piece} pieces")  #~ pieces
        if piece == pieces:
            loaded.set()  #~ set
        await asyncio.sleep(0)  #~ loader-yield

async def viewer(loaded, how):
    looks = 1
    if how == "ask":
        while not loaded.is_set():
            time.sleep(MILLISECOND)  #~ look
            await asyncio.sleep(0)  #~ ask-again
            looks += 1
    else:
        await loaded.wait()  #~ wait
    print(f"viewer: shows it, looks: {looks}")  #~ shows

async def main(pieces=2000, how="ask"):
    loaded = asyncio.Event()
    both = [
        asyncio.create_task(loader(loaded, pieces)),  #~ spawn-loader
        asyncio.create_task(viewer(loaded, how)),  #~ spawn-viewer
    ]
    await asyncio.gather(*both)  #~ gather

asyncio.run(main())
