# Threads that wait for each other and for the loop.
import asyncio, threading, queue, time
q = queue.Queue()
def consumer():
    while True:
        item = q.get()
        if item is None: break
        time.sleep(0.1)
        print("consumed", item)
async def main():
    t = threading.Thread(target=consumer); t.start()
    for i in range(3):
        q.put(i); await asyncio.sleep(0.25)
    q.put(None)
    await asyncio.to_thread(t.join)
    try: q.get(timeout=0.2)
    except queue.Empty: print("empty")
    e = threading.Event()
    asyncio.get_running_loop().call_later(0.3, e.set)
    print(await asyncio.to_thread(e.wait, 5))
    print(await asyncio.to_thread(e.wait, 5))
asyncio.run(main())
