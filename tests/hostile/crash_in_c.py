# attack: a crash in C
# must: signal 11
# passed: 0
import ctypes

ctypes.string_at(0)
