import asyncio

async def save(parts, delay):
    for part in range(1, parts + 1):
        print(f"Saving part {part} of {parts}")  #~ saving
        await asyncio.sleep(delay)  #~ save
    print("The backup is complete")  #~ complete

async def main(parts=4, delay=1, work=2.5, then="return"):
    backup = asyncio.create_task(save(parts, delay))  #~ spawn
    await asyncio.sleep(work)  #~ work
    if then == "wait":
        await backup  #~ wait
    print("main is done")  #~ done

asyncio.run(main())
