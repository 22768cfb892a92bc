import asyncio

async def send(letter, delay):
    print(f"Sending letter {letter}")  #~ sending
    await asyncio.sleep(delay)  #~ sleep
    print(f"Sent letter {letter}")  #~ sent

async def main(then="forgotten", delay=2):
    letter = send(1, delay)  #~ call
    print("Called send for letter 1")  #~ called
    if then == "awaited":
        await letter  #~ await-one
    elif then == "spawned":
        first = asyncio.create_task(letter)  #~ spawn-one
    else:
        del letter  #~ forget
    letter = asyncio.create_task(send(2, delay))  #~ spawn-two
    await letter  #~ await-two

asyncio.run(main())
