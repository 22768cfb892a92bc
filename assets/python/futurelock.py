import asyncio

async def save(name, file):
    async with file:  #~ acquire
        print(f"{name}: has the lock")  #~ has
        await asyncio.sleep(2)  #~ write
        print(f"{name}: saved")  #~ saved

async def in_this_task(coroutine, patience):
    # Runs it by hand, as Rust runs a future that it borrows.
    until = asyncio.get_running_loop().time() + patience
    try:
        while True:
            future = coroutine.send(None)
            left = until - asyncio.get_running_loop().time()
            done, _ = await asyncio.wait([future], timeout=left)  #~ patience
            if not done:
                return False
    except StopIteration:
        return True

async def main(patience=1, then="keep"):
    file = asyncio.Lock()
    other = asyncio.create_task(save("other", file))  #~ spawn
    first = save("first", file)  #~ first
    in_time = await in_this_task(first, patience)  #~ in-time
    if not in_time:
        print("main: first is slow, on to the second")  #~ slow
        if then == "drop":
            first.close()  #~ drop
        await save("second", file)  #~ second
    await other  #~ other

asyncio.run(main())
