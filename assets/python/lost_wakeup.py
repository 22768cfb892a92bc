import asyncio

class Shop:
    def __init__(self):
        self.has_bread = False
        self.door = asyncio.Lock()
        self.news = asyncio.Condition(self.door)

async def baker(shop, time):
    await asyncio.sleep(time)  #~ bake
    async with shop.news:  #~ baker-lock
        shop.has_bread = True  #~ has-bread
        shop.news.notify_all()  #~ notify
        print("baker: there is bread")  #~ told

async def customer(shop, name, way, first):
    await asyncio.sleep(way)  #~ way
    async with shop.news:  #~ customer-lock
        print(f"{name}: is here")  #~ here
        if first == "look":
            while not shop.has_bread:
                await shop.news.wait()  #~ wait-if-none
        else:
            await shop.news.wait()  #~ wait
        print(f"{name}: buys bread")  #~ buys

async def main(first="wait", bake=2, early=1, late=3):
    shop = Shop()
    early = customer(shop, "early", early, first)  #~ early
    late = customer(shop, "late", late, first)  #~ late
    everyone = [
        asyncio.create_task(baker(shop, bake)),  #~ spawn-baker
        asyncio.create_task(early),  #~ spawn-early
        asyncio.create_task(late),  #~ spawn-late
    ]
    await asyncio.gather(*everyone)  #~ gather
    print("main: the shop closes")  #~ closes

asyncio.run(main())  # asyncio does not notice that nobody is left: press Ctrl+C
