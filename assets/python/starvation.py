import asyncio
import time

async def add_up(length):
    time.sleep(length)  #~ work

async def report(pieces, length):
    for _ in range(pieces):
        await add_up(length)  #~ piece
    print("report: done")  #~ done

async def guest(name):
    for turn in range(1, 4):
        print(f"{name}: turn {turn}")  #~ turn
        await asyncio.sleep(0)  #~ yield

async def main(guests=2, pieces=100, length=0.02):
    tasks = [asyncio.create_task(report(pieces, length))]  #~ spawn-report
    for number in range(1, guests + 1):
        task = guest(f"guest-{number}")
        tasks.append(asyncio.create_task(task))  #~ spawn-guest
    await asyncio.gather(*tasks)  #~ gather

asyncio.run(main())
