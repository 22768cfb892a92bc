import asyncio

async def load(name, time):
    try:
        await asyncio.sleep(time)  #~ sleep
        if name == "orders":
            raise LookupError("there are no orders")  #~ fail
        print(f"{name}: loaded")  #~ loaded
    finally:
        print(f"{name}: hangs up")  #~ hangs-up

async def main(how="group", users=1, orders=2, stock=4):
    parts = [("users", users), ("orders", orders), ("stock", stock)]
    if how == "gather":
        loads = [
            asyncio.create_task(load(name, time))  #~ spawn
            for name, time in parts
        ]
        try:
            await asyncio.gather(*loads)  #~ gather
        except LookupError as error:
            print(f"main: {error}")  #~ error
    else:
        try:
            async with asyncio.TaskGroup() as group:  #~ group
                for name, time in parts:
                    group.create_task(load(name, time))  #~ spawn-in-group
        except* LookupError as errors:
            for error in errors.exceptions:
                print(f"main: {error}")  #~ errors
    await asyncio.sleep(3)  #~ stay

asyncio.run(main())
