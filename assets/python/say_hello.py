import asyncio

async def main(delay=1):
    await asyncio.sleep(delay)  #~ sleep
    print("Hello, World!")  #~ hello

asyncio.run(main())
