import asyncio
import no_such_module
