# answers Ada|42|first|second
import asyncio
import sys


async def tick():
    while True:
        await asyncio.sleep(0.001)


async def main():
    ticking = asyncio.create_task(tick())
    name = input("Your name? ")
    print("hello", name)
    age = await asyncio.get_running_loop().run_in_executor(None, input, "Age? ")
    print("age", age)
    for line in sys.stdin:
        print("line", line.rstrip())
    try:
        input("more? ")
    except EOFError as error:
        print(error)
    print(repr(sys.stdin.read()))


asyncio.run(main())
