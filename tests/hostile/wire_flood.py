# attack: calls to the newswire without end
# must: more than [0-9]+ calls|had not ended after
# passed: 0
import socket
from urllib.parse import urlsplit

url = urlsplit(newswire.url("quick"))
while True:
    with socket.create_connection((url.hostname, url.port)) as wire:
        wire.sendall(b"HEAD /none/ HTTP/1.1\r\nhost: x\r\n\r\n" * 1000)
