import asyncio


async def work(number):
    if number == 2:
        raise ValueError(f"Simulated error for input {number}")
    await asyncio.sleep(1)
    return number


async def main():
    try:
        print(await asyncio.gather(work(1), work(2), work(3)))
    except ValueError as error:
        print(f"Caught an exception: {error}")


asyncio.run(main())
