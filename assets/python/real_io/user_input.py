import asyncio
import sys

async def greeter():
    print("What is your name?", file=sys.stderr)
    answer = await asyncio.to_thread(sys.stdin.readline)  #~ ask
    name = answer.rstrip("\n") if answer else "nobody"
    print(f"Hello, {name}!")  #~ hello

async def ticker(ticks, pause):
    for tick in range(1, ticks + 1):
        await asyncio.sleep(pause)  #~ sleep
        print(f"tick {tick}")  #~ tick

async def main(ticks=4, pause=0.25):
    both = [
        asyncio.create_task(greeter()),  #~ spawn-greeter
        asyncio.create_task(ticker(ticks, pause)),  #~ spawn-ticker
    ]
    await asyncio.gather(*both)  #~ gather
    print("goodbye")  #~ goodbye

asyncio.run(main())
