import asyncio

async def ask(mirror, delay):
    print(f"Asking mirror {mirror}")  #~ asking
    await asyncio.sleep(delay)  #~ sleep
    print(f"Mirror {mirror} answers")  #~ answers
    return mirror

async def race(coroutines):
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    first = asyncio.FIRST_COMPLETED
    done, losers = await asyncio.wait(tasks, return_when=first)  #~ wait
    for loser in losers:
        loser.cancel()
    await asyncio.gather(*losers, return_exceptions=True)  #~ drop
    return next(task for task in tasks if task in done).result()

async def main(mirrors=3, step=1):
    asked = [
        ask(mirror, step * (mirrors + 1 - mirror))  #~ start
        for mirror in range(1, mirrors + 1)
    ]
    winner = await race(asked)  #~ race
    print(f"The winner is mirror {winner}")  #~ winner

asyncio.run(main())
