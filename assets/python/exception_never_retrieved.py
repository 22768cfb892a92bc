import asyncio

async def save(page, pace):
    await asyncio.sleep(pace * page)  #~ sleep
    if page == 2:
        raise OSError("the disk is full")  #~ fail
    print(f"page {page} is saved")  #~ saved

async def save_unobserved(page, pace):
    await save(page, pace)  #~ save

async def main(how="detach", pages=3, pace=1):
    if how == "await":
        saves = [
            asyncio.create_task(save(page, pace))  #~ spawn
            for page in range(1, pages + 1)
        ]
        results = await asyncio.gather(*saves, return_exceptions=True)  #~ gather
        for result in results:
            if isinstance(result, OSError):
                print(f"main: {result}")  #~ error
    else:
        for page in range(1, pages + 1):
            job = save_unobserved(page, pace)  #~ job
            asyncio.create_task(job)  #~ detach
        await asyncio.sleep(pace * (pages + 1))  #~ stay
    print("main: all done")  #~ done

asyncio.run(main())
