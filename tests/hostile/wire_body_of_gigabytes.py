# attack: the body of one request to the newswire, without end
# must: more than 64 MiB to the newswire
# passed: 0
import socket
from urllib.parse import urlsplit

url = urlsplit(newswire.url("quick"))
with socket.create_connection((url.hostname, url.port)) as wire:
    wire.sendall(b"POST /quick/ HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n")
    while True:
        wire.sendall(bytes(1_000_000))
