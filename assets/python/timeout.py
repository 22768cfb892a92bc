import asyncio

async def server(number, pace):
    await asyncio.sleep(pace * number)  #~ sleep
    print(f"server {number} answers")  #~ answers

async def ask(number, pace, limit):
    try:
        async with asyncio.timeout(limit):
            await server(number, pace)  #~ timeout
    except TimeoutError:
        print(f"ask-{number} gives up")  #~ gives-up

async def main(servers=4, pace=1, limit=2.5):
    asks = [
        asyncio.create_task(ask(number, pace, limit))  #~ spawn
        for number in range(1, servers + 1)
    ]
    await asyncio.gather(*asks)  #~ gather
    print("main listens for late answers")  #~ listens
    await asyncio.sleep(pace * servers)  #~ stay
    print("main goes home")  #~ home

asyncio.run(main())
