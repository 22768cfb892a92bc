import asyncio

async def customer(name, opened, next_one):
    await opened.wait()  #~ wait-open
    print(f"{name} comes in")  #~ comes-in
    async with next_one:  #~ stand
        await next_one.wait()  #~ wait-next
        print(f"{name} is served")  #~ served

async def main(customers=3, called=1, pause=1):
    opened = asyncio.Event()
    counter = asyncio.Lock()
    next_one = asyncio.Condition(counter)
    waiting = []
    for number in range(1, customers + 1):
        coroutine = customer(f"customer-{number}", opened, next_one)
        waiting.append(asyncio.create_task(coroutine))  #~ spawn
    await asyncio.sleep(pause)  #~ before
    opened.set()  #~ set
    for _ in range(customers):
        await asyncio.sleep(pause)  #~ pause
        async with next_one:  #~ lock
            next_one.notify(called)  #~ notify
    await asyncio.gather(*waiting)  #~ gather

asyncio.run(main())
