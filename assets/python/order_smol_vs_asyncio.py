import asyncio

async def short(number):
    print(f"short {number} is done")  #~ short

async def steady(rounds):
    for number in range(1, rounds + 1):
        print(f"steady: round {number}")  #~ round
        await asyncio.sleep(0)  #~ yield

async def main(rounds=3):
    shorts = [
        asyncio.create_task(short(number))  #~ spawn-short
        for number in (1, 2)
    ]
    steady_task = asyncio.create_task(steady(rounds))  #~ spawn-steady
    await asyncio.gather(*shorts)  #~ gather
    print("main: the short ones are done")  #~ gathered
    await steady_task  #~ join
    print("main: all are done")  #~ done

asyncio.run(main())
