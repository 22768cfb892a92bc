"""A small web site on this machine: numbered pages that link to each other."""

import asyncio
import contextlib
import re

from aiohttp import web


@contextlib.asynccontextmanager
async def serve(page):
    """Answers each request by what `page` makes of its path; None is a page that is not there."""

    async def answer(request):
        text = await page(request.path)
        if text is None:
            raise web.HTTPNotFound(text="There is no such page.\n")
        return web.Response(text=text)

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0)
    await site.start()
    host, port = runner.addresses[0]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def open_site(pages, slowest, fault):
    """A site of that many pages: the first takes its time, each further one less. Gives its address."""

    def text(number):
        further = [link for link in (2 * number, 2 * number + 1) if link <= pages]
        dead = [pages + 1] if fault == "dead-link" and number == pages else []
        items = "".join(f'<li><a href="/page-{link}">Page {link}</a></li>\n' for link in [1, *further, *dead])
        return f"<h1>Page {number}</h1>\n<ul>\n{items}</ul>\n"

    async def page(path):
        number = int(path.removeprefix("/page-"))
        if not 1 <= number <= pages:
            return None
        await asyncio.sleep(slowest * (pages + 1 - number) / pages)
        return text(number)

    async with serve(page) as url:
        if fault == "bad-url":
            yield url.replace("http:", "htp:")
        elif fault != "server-down":
            yield url
    if fault == "server-down":
        yield url


def links(text):
    """What a page links to, in order."""
    return re.findall('href="([^"]*)"', text)
