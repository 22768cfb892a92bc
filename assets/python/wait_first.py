import asyncio

async def download(mirror, delay):
    await asyncio.sleep(delay)  #~ sleep
    print(f"Mirror {mirror} is done")  #~ done

async def main(mirrors=3, step=1, others="awaited"):
    downloads = []
    for mirror in range(1, mirrors + 1):
        delay = step * (mirrors + 1 - mirror)
        downloads.append(asyncio.create_task(download(mirror, delay)))  #~ spawn
    first = asyncio.FIRST_COMPLETED
    done, pending = await asyncio.wait(downloads, return_when=first)  #~ first
    print(f"Done: {len(done)}, pending: {len(pending)}")  #~ count
    if others == "awaited" and pending:
        await asyncio.wait(pending)  #~ rest
        print("All are done")  #~ all-done

asyncio.run(main())
