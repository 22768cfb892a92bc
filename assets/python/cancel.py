import asyncio

async def download(pause):
    try:
        for part in range(1, 5):
            await asyncio.sleep(pause)  #~ sleep
            print(f"download: part {part} is here")  #~ part
    finally:  # also when a CancelledError comes out of the await
        print("download: closes its file")  #~ clean-up

async def main(pause=1, patience=2.5):
    task = asyncio.create_task(download(pause))  #~ spawn
    await asyncio.sleep(patience)  #~ patience
    task.cancel()  #~ cancel
    print("main: has asked it to stop")  #~ asked
    try:
        await task  #~ end
    except asyncio.CancelledError:
        pass
    print("main: it has stopped")  #~ stopped

asyncio.run(main())
