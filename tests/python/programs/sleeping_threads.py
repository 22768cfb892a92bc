# Threads that sleep while others sleep, or block the loop.
import asyncio
import sys
import threading
import time


def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def job(name, *pauses):
    for pause in pauses:
        time.sleep(pause)
        say(name, pause)
    return name


async def blocking():
    loop = asyncio.get_running_loop()
    first = loop.run_in_executor(None, job, "job", 0.1, 0.2)
    time.sleep(0.2)
    say("loop was blocked")
    say(await first)
    thread = threading.Thread(target=job, args=("thread", 0.1, 0.2))
    thread.start()
    time.sleep(0.2)
    say("loop was blocked beside a thread")
    await asyncio.sleep(0.2)
    thread.join()


async def ticks(name, pause, count):
    for i in range(count):
        await asyncio.sleep(pause)
        say(name, i)


asyncio.run(blocking())
loops = [threading.Thread(target=asyncio.run, args=(ticks(*each),)) for each in (("slow", 0.3, 2), ("quick", 0.2, 2))]
for thread in loops:
    thread.start()
time.sleep(0.1)
say("main")
for thread in loops:
    thread.join()
plain = threading.Thread(target=job, args=("plain", 0.1, 0.2))
plain.start()
time.sleep(0.2)
say("main again")
plain.join()
