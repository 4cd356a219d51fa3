# attack: recursion until the stack is gone
# must: ended its process|RecursionError|MemoryError
# passed: 0
import sys

sys.setrecursionlimit(2**31 - 1)


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")


Deep().a
