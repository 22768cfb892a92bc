import asyncio
import threading
import time

def sensor(number, pause, loop, readings):
    time.sleep(pause * number)  #~ pause
    loop.call_soon_threadsafe(readings.put_nowait, number)  #~ send

async def main(threads=3, pause=0.1):
    loop, readings = asyncio.get_running_loop(), asyncio.Queue()
    for number in range(1, threads + 1):
        threading.Thread(target=sensor, args=(number, pause, loop, readings)).start()  #~ thread
    print(f"threads at work: {threads}")  #~ waiting
    for _ in range(threads):
        number = await readings.get()  #~ get
        print(f"sensor {number} reports")  #~ report
    print("all have reported")  #~ done

asyncio.run(main())
