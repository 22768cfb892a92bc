import asyncio

class Room:
    free = 0

async def guest(name, seats, room):
    async with seats:  #~ enter
        while room.free == 0:
            await seats.wait()  #~ wait
            if room.free == 0:
                print(f"for nothing: {name}")  #~ for-nothing
        room.free -= 1  #~ sit
        print(f"{name} sits down")  #~ sits

async def host(guests, seats, room, wakes):
    for _ in range(guests):
        await asyncio.sleep(1)  #~ host-sleep
        async with seats:  #~ host-lock
            room.free += 1  #~ seat
            if wakes == "all":
                seats.notify_all()  #~ notify-all
            else:
                seats.notify(1)  #~ notify-one

async def main(guests=5, wakes="all"):
    lock = asyncio.Lock()
    seats = asyncio.Condition(lock)
    room = Room()
    tasks = []
    for number in range(1, guests + 1):
        task = guest(f"guest-{number}", seats, room)
        tasks.append(asyncio.create_task(task))  #~ spawn-guest
    tasks.append(asyncio.create_task(host(guests, seats, room, wakes)))  #~ spawn-host
    await asyncio.gather(*tasks)  #~ gather

asyncio.run(main())
