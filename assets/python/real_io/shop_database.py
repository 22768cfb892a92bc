"""A database of what shops sold: SQLite in a folder of its own."""

import contextlib
import tempfile

import aiosqlite

# A thousand sales of forty shops, the same every time.
FILL = """
    CREATE TABLE IF NOT EXISTS sale (shop BIGINT, amount BIGINT);
    INSERT INTO sale
    WITH RECURSIVE step(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM step WHERE i < 1000)
    SELECT i % 40 + 1, i * 7 % 100 FROM step WHERE NOT EXISTS (SELECT 1 FROM sale)
"""

# A thousand sales are added up at once; the counting is there so that it takes a while.
TOTAL = """
    WITH RECURSIVE step(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM step WHERE i < ?2)
    SELECT sum(amount) + (SELECT max(i) * 0 FROM step) FROM sale WHERE shop = ?1
"""


class Connection:
    def __init__(self, link, work):
        self.link = link
        self.work = work

    async def total(self, shop):
        async with self.link.execute(TOTAL, (shop, self.work * 1000)) as rows:
            return (await rows.fetchone())[0]

    async def close(self):
        await self.link.close()


class Database:
    def __init__(self, folder, work):
        self.folder = folder
        self.work = work

    async def connect(self):
        link = await aiosqlite.connect(f"{self.folder}/shops.db")
        await link.executescript(FILL)
        await link.commit()
        return Connection(link, self.work)


@contextlib.contextmanager
def open_database(work):
    with tempfile.TemporaryDirectory(prefix="loopscope-") as folder:
        yield Database(folder, work)
