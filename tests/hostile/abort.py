# attack: the C library is asked to abort
# must: ended its process: signal
# passed: 0
import os

os.abort()
