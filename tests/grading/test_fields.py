"""What a child sends is read as it is, or refused: it is never more than it seems."""

import asyncio
import json
import os
import socket
import time

import httpx
import pytest

from course_support.grading import frames
from course_support.grading.fields import answer_of, holds_of, raised_of
from course_support.grading.forking import Fork
from course_support.grading.frames import BadFrame

REQUEST = httpx.Request("GET", "http://localhost/")
RAISED = {"kind": "ValueError", "message": "no", "notes": [], "line": ""}


def answer(**frame):
    return answer_of({"status": 200, "headers": [], "body": ""} | frame, REQUEST)


def test_answer_is_read_with_its_headers_and_its_body():
    seen = answer(headers=[["content-type", "text/plain; charset=utf-8"]], body="w6Q=").response
    assert (seen.status_code, seen.text) == (200, "ä")
    assert seen.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "frame",
    [
        {"status": "200"},
        {"status": True},
        {"status": 10**400},
        {"status": float("nan")},
        {"headers": [["a", "b", "c"]]},
        {"headers": [["a", None]]},
        {"headers": [["snow", "☃"]]},
        {"headers": [["a", "b"]] * 201},
        {"headers": [["a", "b" * 70_000]]},
        {"headers": None},
        {"body": "no base64"},
        {"body": ["w6Q="]},
        {"body": "ä"},
        {"routes": {"a": 1}},
        {"routes": [["a"]]},
        {"raised": "ValueError"},
        {"raised": RAISED | {"message": 3}},
        {"raised": RAISED | {"notes": "many"}},
    ],
    ids=lambda frame: str(frame)[:40],
)
def test_answer_of_the_wrong_kind_is_refused(frame):
    with pytest.raises(BadFrame):
        answer(**frame)


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain; charset=zip",
        "text/plain; charset=\0",
        "text/plain; charset*=\0'en'utf-8",
        "text/plain; charset*=zip'en'%ff",
        "text/plain; charset*0=a; charset*1=b",
        "text/plain\r\n charset=x",
        "a" + ";a" * 30_000,
        '"' + ";" * 60_000,
        "charset=" + "x" * 60_000,
    ],
    ids=lambda kind: kind[:40],
)
def test_odd_content_type_is_read_as_text_all_the_same(kind):
    assert answer(headers=[["content-type", kind]], body="w6Q=").response.text == "ä"


def test_long_content_type_is_read_in_no_time():
    def time_of(kind):
        start_s = time.perf_counter()
        for _ in range(20):
            assert answer(headers=[["content-type", kind]], body="e30=").response.json() == {}
        return time.perf_counter() - start_s

    assert time_of("a" + ";a" * 30_000) < 50 * time_of("application/json" + " " * 180)


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e999, float("nan"), True, 0])
def test_number_of_any_size_is_a_number_of_seconds(value):
    hold = {"view": "v", "held_s": value, "kind": "computing", "line": ""}
    (seen,) = holds_of({"holds": [hold]})
    assert 0.0 <= seen.held_s <= 1e6


def test_text_is_short_and_plain():
    said = raised_of(RAISED | {"message": "\x1b[31m\ud800" + "x" * 10_000})
    assert said.message.startswith("[31m?x") and len(said.message) < 2_001


def read(data):
    async def reading():
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await frames.read_frame(reader)

    return asyncio.run(reading())


def framed(body):
    return len(body).to_bytes(4, "big") + body


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": [' + b"[]," * 300_000 + b"1]}", "a frame of [0-9]+ values"),
        (b'{"a": ' + b'{"":' * 300_000, "a frame of [0-9]+ values"),
        (json.dumps({"a": [0] * 300_000}).encode("utf-16"), "a frame of [0-9]+ values"),
        (b"[" * 90_000, "not JSON"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[]", "no object"),
        (b"", "not JSON"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_frame_that_is_none_or_would_swell_is_refused(body, said):
    with pytest.raises(BadFrame, match=said):
        read(framed(body))


def test_answer_of_the_largest_body_fits_into_a_frame():
    body = frames.text_of(os.urandom(frames.LARGEST_BODY))
    frame = {"id": "x", "status": 200, "headers": [], "body": body}
    assert read(frames.pack(frame)) == frame


def test_end_of_a_child_is_waited_for_with_any_number_of_open_files():
    """`select` takes no descriptor above 1023, and a batch can have more of them open."""
    keeper, leash = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    opened = [os.open(os.devnull, os.O_RDONLY)]
    try:
        while opened[-1] < 1100:
            opened.append(os.dup(opened[-1]))
        high = socket.socket(fileno=os.dup(leash.fileno()))
        assert high.fileno() > 1023
        keeper.send(json.dumps({"status": 7 << 8}).encode())
        assert Fork(keeper, high, pid=0).end(kill=False) == "exit code 7"
    finally:
        for number in opened:
            os.close(number)
        keeper.close()
        leash.close()
