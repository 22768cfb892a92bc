import asyncio


def load():
    async with open("x") as file:
        print(file)


asyncio.run(load())
