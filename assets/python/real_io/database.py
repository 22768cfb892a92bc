import asyncio
from shop_database import open_database

async def query(shop, pool):
    connection = await pool.get()  #~ get
    try:
        return await connection.total(shop)  #~ query
    finally:
        await pool.put(connection)  #~ put

async def main(queries=6, size=2, work=1000):
    with open_database(work) as db:
        pool = asyncio.Queue()
        for _ in range(size):
            connection = await db.connect()  #~ connect
            await pool.put(connection)  #~ fill
        tasks = [
            asyncio.create_task(query(shop, pool))  #~ spawn
            for shop in range(1, queries + 1)
        ]
        totals = await asyncio.gather(*tasks)  #~ gather
        for shop, total in enumerate(totals, start=1):
            print(f"shop {shop} sold {total}")  #~ total
        while not pool.empty():
            connection = pool.get_nowait()  #~ take
            await connection.close()  #~ close

asyncio.run(main())
