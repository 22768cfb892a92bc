import asyncio

async def save(time):
    print("save: begins")  #~ begins
    await asyncio.sleep(time)  #~ sleep
    print("save: done")  #~ saved

async def request(how, time):
    saving = asyncio.create_task(save(time))  #~ spawn-save
    if how == "shield":
        await asyncio.shield(saving)  #~ shield
    else:
        await saving  #~ await
    print("request: answered")  #~ answered

async def main(how="shield", time=3, patience=1):
    task = asyncio.create_task(request(how, time))  #~ spawn
    await asyncio.sleep(patience)  #~ patience
    print("main: the client is gone")  #~ gone
    task.cancel()
    try:
        await task  #~ cancel
    except asyncio.CancelledError:
        pass
    print("main: the request has ended")  #~ ended
    await asyncio.sleep(time)  #~ stay

asyncio.run(main())
