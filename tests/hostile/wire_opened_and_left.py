# attack: connections to the newswire that ask nothing, without end
# must: more than 5000 connections|had not ended after
# passed: 0
import socket
from urllib.parse import urlsplit

url = urlsplit(newswire.url("quick"))
while True:
    socket.create_connection((url.hostname, url.port)).close()
