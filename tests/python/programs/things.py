# Everything that tasks share.
import asyncio


async def worker(number, lock, event, condition, queue, semaphore):
    async with lock:
        await asyncio.sleep(0.001)
        print("locked", number)
    await event.wait()
    async with condition:
        await condition.wait()
        print("notified", number)
    await queue.put((3 - number, number))
    async with semaphore:
        await asyncio.sleep(0.001)
    print("ends", number)


async def main():
    lock, event = asyncio.Lock(), asyncio.Event()
    condition = asyncio.Condition()
    queues = {"smallest": asyncio.PriorityQueue(2), "last": asyncio.LifoQueue()}
    semaphore = asyncio.BoundedSemaphore(value=2)
    tasks = [asyncio.create_task(worker(n, lock, event, condition, queues["smallest"], semaphore)) for n in range(4)]
    await asyncio.sleep(0.5)
    event.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    async with condition:
        condition.notify(2)
    await asyncio.sleep(0.3)
    async with condition:
        condition.notify_all()
    got = []
    for _ in range(4):
        got.append(await queues["smallest"].get())
        queues["smallest"].task_done()
    print(got)
    await queues["smallest"].join()
    await asyncio.gather(*tasks)
    for n in range(3):
        queues["last"].put_nowait(n)
    print([queues["last"].get_nowait() for _ in range(3)])
    try:
        semaphore.release()
    except ValueError as error:
        print(error)
    try:
        lock.release()
    except RuntimeError as error:
        print(error)
    print(lock, event, semaphore.locked())
    taken = asyncio.Semaphore(1)
    await taken.acquire()
    waiter = asyncio.create_task(taken.acquire())
    other = asyncio.create_task(taken.acquire())
    await asyncio.sleep(0)
    taken.release()
    waiter.cancel()
    print(await asyncio.gather(waiter, return_exceptions=True), await other)
    lock = asyncio.Lock()
    await lock.acquire()
    waiter = asyncio.create_task(lock.acquire())
    other = asyncio.create_task(lock.acquire())
    await asyncio.sleep(0)
    lock.release()
    waiter.cancel()
    print(await asyncio.gather(waiter, return_exceptions=True), await other)
    if hasattr(asyncio, "Barrier"):
        barrier = asyncio.Barrier(3)
        print(await asyncio.gather(barrier.wait(), barrier.wait(), barrier.wait()))
    done, left = await asyncio.wait([asyncio.ensure_future(asyncio.sleep(n / 5, n)) for n in (1, 2, 3)],
                                    return_when=asyncio.FIRST_COMPLETED)
    print(len(done), len(left))
    done, left = await asyncio.wait(left, timeout=0.001)
    print(len(done), len(left))
    await asyncio.wait(left)


asyncio.run(main())
