# attack: descriptors until there are none
# must: Too many open files|ended its process|ended while it answered
# passed: 0
import os

while True:
    os.dup(0)
