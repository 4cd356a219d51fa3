# attack: a process that ends as soon as it has said that it serves
# must: ended while it answered: exit code 3
# passed: 0
import asyncio
import os


async def end():
    os._exit(3)


soon = asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(end()))
