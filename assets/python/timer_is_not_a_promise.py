import asyncio
import time

def now():
    return asyncio.get_running_loop().time() - started

async def cook(dish, due, work):
    await asyncio.sleep(due)  #~ cook-sleep
    late = now() - due  #~ late
    print(f"{dish}: due at {due:.1f} s, {late:.1f} s late")  #~ served
    time.sleep(work)  #~ serve

async def phone(call):
    await asyncio.sleep(0.5)  #~ phone-sleep
    print("phone: hello?")  #~ hello
    time.sleep(call)  #~ call
    print("phone: goodbye")  #~ goodbye

async def main(call=2, work=0.2):
    global started
    started = asyncio.get_running_loop().time()
    tasks = [
        asyncio.create_task(cook("cake", 2, work)),  #~ spawn-cake
        asyncio.create_task(cook("tea", 1.5, work)),  #~ spawn-tea
        asyncio.create_task(cook("egg", 1, work)),  #~ spawn-egg
        asyncio.create_task(phone(call)),  #~ spawn-phone
    ]
    await asyncio.gather(*tasks)  #~ gather

asyncio.run(main())
