import asyncio

async def transfer(name, one, other, pause):
    async with one:  #~ first
        print(f"{name}: has locked one account")  #~ has-one
        await asyncio.sleep(pause)  #~ sleep
        print(f"{name}: asks for the other")  #~ asks
        async with other:  #~ second
            print(f"{name}: done")  #~ done

async def main(order="opposite", pause=1):
    ann, bob = asyncio.Lock(), asyncio.Lock()
    first, second = (ann, bob) if order == "same" else (bob, ann)
    there = transfer("ann-to-bob", ann, bob, pause)  #~ there
    back = transfer("bob-to-ann", first, second, pause)  #~ back
    both = [
        asyncio.create_task(there),  #~ spawn-there
        asyncio.create_task(back),  #~ spawn-back
    ]
    await asyncio.gather(*both)  #~ gather
    print("main: both are done")  #~ both

asyncio.run(main())  # asyncio does not notice a deadlock: press Ctrl+C
