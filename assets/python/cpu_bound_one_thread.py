import asyncio
import time

def busy(seconds):
    time.sleep(seconds)  # stands for a calculation that takes this long

async def compute(number, work, slices):
    print(f"task {number} begins")  #~ begins
    for part in range(slices):
        if part > 0:
            await asyncio.sleep(0)  #~ yield
        busy(work / slices)  #~ work
    print(f"task {number} is done")  #~ done

async def main(tasks=4, work=1, slices=1):
    all_tasks = [
        asyncio.create_task(compute(number, work, slices))  #~ spawn
        for number in range(1, tasks + 1)
    ]
    await asyncio.gather(*all_tasks)  #~ gather
    print("all are done")  #~ all-done

asyncio.run(main())
