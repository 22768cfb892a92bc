import asyncio

async def fetch_data(number, delay):
    if number == 2:
        raise ValueError(f"Simulated error for input {number}")  #~ fail
    await asyncio.sleep(delay)  #~ sleep
    print(f"Data {number} retrieved.")  #~ retrieved
    return f"data {number}"

async def join_or_cancel(tasks):
    try:
        return await asyncio.gather(*tasks)  #~ try-join
    except ValueError:
        for task in tasks:
            task.cancel()
        raise

async def main(how="gather", delay=3, stay=0):
    fetches = [
        asyncio.create_task(fetch_data(number, delay))  #~ spawn
        for number in (1, 2, 3)
    ]
    if how == "return-exceptions":
        results = await asyncio.gather(*fetches, return_exceptions=True)  #~ return-exceptions
        for result in results:
            if isinstance(result, ValueError):
                print(f"Caught an exception: {result}")  #~ caught-one
            else:
                print(f"Got {result}")  #~ got
    else:
        try:
            if how == "try-join":
                await join_or_cancel(fetches)  #~ try-join
            else:
                await asyncio.gather(*fetches)  #~ gather
        except ValueError as error:
            print(f"Caught an exception: {error}")  #~ caught
    await asyncio.sleep(stay)  #~ stay

asyncio.run(main())
