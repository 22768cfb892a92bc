import asyncio
import time

def compute(length):
    time.sleep(length)  # stands for work that never awaits

async def pulse(name, beats):
    for beat in range(1, beats + 1):
        await asyncio.sleep(0.5)  #~ beat-sleep
        print(f"{name}: beat {beat}")  #~ beat

async def report(where, length):
    await asyncio.sleep(1.3)  #~ report-sleep
    print("report: computes")  #~ computes
    if where == "loop":
        compute(length)  #~ loop
    else:
        await asyncio.to_thread(compute, length)  #~ thread
    print("report: done")  #~ done

async def main(pulses=2, length=0.3, where="loop"):
    tasks = [asyncio.create_task(report(where, length))]  #~ spawn-report
    for number in range(1, pulses + 1):
        task = pulse(f"pulse-{number}", 4)
        tasks.append(asyncio.create_task(task))  #~ spawn-pulse
    await asyncio.gather(*tasks)  #~ gather

asyncio.run(main())
