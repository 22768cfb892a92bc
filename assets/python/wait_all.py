import asyncio

async def fetch(id, delay, fails):
    await asyncio.sleep(delay)  #~ sleep
    if fails:
        raise LookupError(f"fetch {id} found nothing")  #~ fail
    return id

async def main(fetches=3, failing=2, step=1, until="all"):
    tasks = [
        asyncio.create_task(fetch(number, step * number, number == failing))  #~ spawn
        for number in range(1, fetches + 1)
    ]
    first = asyncio.FIRST_EXCEPTION
    when = first if until == "first-error" else asyncio.ALL_COMPLETED
    done, pending = await asyncio.wait(tasks, return_when=when)  #~ wait
    print(f"Done: {len(done)}, pending: {len(pending)}")  #~ count
    for task in tasks:
        if task in done:
            error = task.exception()  #~ ask
            if error is None:
                print(f"Result: {task.result()}")  #~ result
            else:
                print(f"Error: {error}")  #~ error

asyncio.run(main())
