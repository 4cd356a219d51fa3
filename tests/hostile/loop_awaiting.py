# attack: an endless loop that gives way
# must: had not ended after
# passed: 0
import asyncio

while True:
    await asyncio.sleep(0)
