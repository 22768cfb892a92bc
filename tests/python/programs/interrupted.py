import asyncio


async def main():
    try:
        await asyncio.sleep(0.01)
        raise KeyboardInterrupt("as if")
    finally:
        print("finally")


asyncio.run(main())
