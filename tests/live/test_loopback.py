"""The newswire's server is at the mercy of whoever writes to it, and stays small."""

import socket
from contextlib import closing, suppress

import pytest

from course_support.live.loopback import Loopback
from course_support.live.newswire import STRANGERS, Newswire


@pytest.fixture
def wire():
    wire = Newswire()
    yield wire
    wire.stop()


def connected(wire):
    port = int(wire.url("quick").split(":")[2].split("/")[0])
    made = socket.create_connection(("127.0.0.1", port), timeout=10)
    return closing(made)


def ask(wire, request):
    """All that comes back until the server closes."""
    found = b""
    with connected(wire) as client, suppress(ConnectionResetError):
        client.sendall(request)
        while part := client.recv(65536):
            found += part
    return found


def test_client_that_sends_without_end_before_its_answer_is_dropped(wire):
    with connected(wire) as client:
        client.sendall(b"GET /hanging/ HTTP/1.1\r\nhost: x\r\n\r\n")
        with pytest.raises(OSError):
            for _ in range(10_000):
                client.sendall(bytes(100_000))
    assert wire.traffic.received < 10_000_000


@pytest.mark.parametrize(
    "request_line",
    [
        b"CONNECT /quick/ HTTP/1.1",
        b"GET /quick/?status=204 HTTP/1.1",
        b"GET /quick/?status=304 HTTP/1.1",
        b"GET /quick/?status=101 HTTP/1.1",
        b"HEAD /quick/ HTTP/1.1",
        b"\xff /quick/ HTTP/1.1",
    ],
)
def test_odd_request_ends_and_the_next_client_is_answered(wire, request_line, capfd):
    ask(wire, request_line + b"\r\nhost: x\r\nconnection: close\r\n\r\n")
    plain = ask(wire, b"GET /quick/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert plain.startswith(b"HTTP/1.1 200")
    assert wire.seen.in_flight == 0
    assert "Traceback" not in capfd.readouterr().err


def test_long_address_is_noted_in_short(wire):
    address = b"/" + b"n" * 10_000 + b"/"
    ask(wire, b"GET " + address + b" HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    (call,) = wire.seen.calls
    assert len(call.source) < 1_000 and len(call.path) < 1_000


def test_what_a_stranger_does_is_counted():
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    wire = Newswire(made)
    try:
        for number in (1, 2):
            ask(wire, b"GET /quick/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            assert wire.traffic.opened == number
        assert 0 < wire.traffic.received < wire.traffic.sent
    finally:
        wire.stop()
    assert STRANGERS < 1024 / 4  # with four at a time, in a process that may open 1024 files


def test_server_that_cannot_start_says_so(monkeypatch):
    def fail(*_, **__):
        raise OSError("no descriptor left")

    monkeypatch.setattr(Loopback, "_serve", fail)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    with pytest.raises(OSError, match="could not be started"):
        Loopback(lambda exchange: None)
