import asyncio
import threading


async def work(seconds):
    await asyncio.sleep(seconds)
    print("worked", seconds, asyncio.current_task().get_name())


asyncio.run(work(0.02))
asyncio.run(work(0.01))
thread = threading.Thread(target=lambda: asyncio.run(work(0.01)))
thread.start()
thread.join()
loop = asyncio.new_event_loop()
loop.run_until_complete(work(0.01))
asyncio.set_event_loop(loop)
future = loop.create_future()
loop.call_later(0.01, loop.stop)
loop.run_forever()
print("stopped")
loop.close()
try:
    loop.call_soon(print)
except RuntimeError as error:
    print(error)
other = work(0)
try:
    loop.run_until_complete(other)
except RuntimeError as error:
    print(error)
other.close()
