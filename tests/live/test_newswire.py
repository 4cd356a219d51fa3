"""What the newswire answers, holds back and counts."""

import asyncio
import json
import subprocess
import sys
import threading
import time

import httpx
import pytest

from course_support.live.calls import Call, Seen
from course_support.live.holding import LIMIT_S
from course_support.live.newswire import ORDINARY, SOURCES, Newswire


@pytest.fixture
def wire():
    wire = Newswire()
    yield wire
    wire.stop()


def get(url):
    return httpx.get(url, verify=False, trust_env=False)


async def ask(url):
    async with httpx.AsyncClient(verify=False, trust_env=False) as client:
        return await client.get(url)


def test_source_answers_with_its_headlines(wire):
    response = get(wire.url("quick"))
    assert response.headers["content-type"] == "application/json"
    document = response.json()
    assert document["source"] == "quick"
    assert all(isinstance(headline, str) for headline in document["headlines"])


def test_slow_source_takes_longer_than_quick(wire):
    get(wire.url("slow"))
    get(wire.url("quick"))
    slow, quick = wire.seen.calls
    assert slow.answered_s - slow.arrived_s > quick.answered_s - quick.arrived_s


def test_unknown_source_lists_the_known_ones(wire):
    with pytest.raises(LookupError, match="no source 'slwo'. The sources are: quick, slow"):
        wire.url("slwo")
    with pytest.raises(LookupError, match="The sources are: quick, slow"), wire.hold("x"):
        pass
    with pytest.raises(LookupError, match="The sources are: quick, slow"), wire.answers("x", {}):
        pass


def test_unknown_path_is_answered_with_the_known_sources(wire):
    response = get(wire.url("quick").replace("quick", "late"))
    assert response.status_code == 404
    assert "The sources are: quick, slow" in response.json()["error"]
    assert wire.seen.counts == {"late": 1}


def test_importing_starts_nothing():
    before = threading.active_count()
    assert repr(Newswire()).startswith("<Newswire not started: quick, slow, ")
    assert threading.active_count() == before


def test_kept_connection_carries_many_requests(wire):
    with httpx.Client(trust_env=False) as client:
        answers = [client.get(wire.url("quick"), params={"page": page}) for page in range(5)]
        head = client.head(wire.url("quick"))
        posted = client.post(wire.url("quick"), json={"any": "body"})
    assert [answer.status_code for answer in (*answers, head, posted)] == [200] * 7
    assert wire.seen.calls[3].path == "/quick/?page=3"


def test_held_answer_waits_for_its_release(wire):
    async def story():
        with wire.hold("slow") as held:
            asking = asyncio.create_task(ask(wire.url("slow")))
            await held.arrived(1)
            assert wire.seen.in_flight == 1
            assert not asking.done()
            held.release()
            return await asking

    assert asyncio.run(story()).json()["source"] == "slow"
    assert wire.seen.in_flight == 0


def test_only_the_held_source_is_held(wire):
    with wire.hold("slow"):
        assert get(wire.url("quick")).status_code == 200


def test_hold_ends_with_its_block_also_on_an_exception(wire):
    async def story():
        with pytest.raises(ZeroDivisionError), wire.hold("slow") as held:
            asking = asyncio.create_task(ask(wire.url("slow")))
            await held.arrived(1)
            raise ZeroDivisionError
        return await asking

    assert asyncio.run(story()).status_code == 200


def test_overlapping_calls_are_counted(wire):
    async def story():
        with wire.hold("slow") as held:
            asking = [asyncio.create_task(ask(wire.url("slow"))) for _ in range(4)]
            await held.arrived(4)
            held.release()
            await asyncio.gather(*asking)

    asyncio.run(story())
    assert wire.seen.peak == 4
    assert wire.seen.counts == {"slow": 4}


def test_client_that_leaves_is_noticed(wire):
    async def story():
        with wire.hold("slow") as held:
            asking = asyncio.create_task(ask(wire.url("slow")))
            await held.arrived(1)
            asking.cancel()
            await held.left(1)

    asyncio.run(story())
    (call,) = wire.seen.calls
    assert call.answered_s is None
    assert call.left_s >= call.arrived_s


def test_waiting_for_calls_has_a_limit(wire):
    async def story():
        with wire.hold("slow") as held:
            await held.arrived(2, limit_s=0.01)

    with pytest.raises(TimeoutError, match=r"0 of 2 calls to 'slow' arrived within 0.01 s"):
        asyncio.run(story())


def test_wait_from_another_thread_sees_the_same_calls(wire):
    async def story():
        with wire.hold("slow") as held:
            waiting = asyncio.to_thread(asyncio.run, held.arrived(1))
            asking = asyncio.create_task(ask(wire.url("slow")))
            await waiting
            held.release()
            return await asking

    assert asyncio.run(story()).status_code == 200


def test_document_of_a_block_is_answered_in_that_block_only(wire):
    with wire.answers("quick", {"source": "quick", "headlines": ["x9"]}):
        inside = get(wire.url("quick")).json()
    assert inside["headlines"] == ["x9"]
    assert "x9" not in get(wire.url("quick")).json()["headlines"]


def test_forgotten_calls_are_gone_and_those_in_flight_stay(wire):
    async def story():
        await ask(wire.url("quick"))
        with wire.hold("slow") as held:
            asking = asyncio.create_task(ask(wire.url("slow")))
            await held.arrived(1)
            wire.forget()
            counts = wire.seen.counts
            held.release()
            await asking
            return counts

    assert asyncio.run(story()) == {"slow": 1}


def test_stopped_wire_leaves_no_thread_and_starts_again(wire):
    before = set(threading.enumerate())
    old = wire.url("quick")
    get(old)
    wire.stop()
    wire.stop()
    assert set(threading.enumerate()) == before
    with pytest.raises(httpx.ConnectError):
        get(old)
    assert get(wire.url("quick")).status_code == 200


def test_ordinary_sources_are_eight_that_answer_in_another_order(wire):
    with wire.hold() as held:
        held.release()  # their own delays are not waited for here
        documents = [get(wire.url(name)).json() for name in ORDINARY]
    assert [document["source"] for document in documents] == list(ORDINARY)
    assert len({str(document["headlines"]) for document in documents}) == 8
    delays = [source.delay_s for source in ORDINARY.values()]
    assert delays != sorted(delays) and min(delays) >= 0.1 and max(delays) <= 0.4


def test_one_of_many_held_sources_is_released(wire):
    async def story():
        with wire.hold("hill", "coast", "night") as held:
            asking = {name: asyncio.create_task(ask(wire.url(name))) for name in held.sources}
            await held.arrived(3)
            held.release("coast")
            await held.ended(1)
            document = (await asking["coast"]).json()
            assert repr(held) == "<Held 3 calls, hill, night held>"
            assert wire.seen.in_flight == 2
            held.release()
            await asyncio.gather(*asking.values())
            return document

    assert asyncio.run(story())["source"] == "coast"
    assert wire.seen.peak == 3


def test_failing_source_says_so_with_its_status(wire):
    response = get(wire.url("failing", delay_s=0))
    assert (response.status_code, response.json()["error"]) == (503, "Service Unavailable")


def test_hanging_source_answers_only_when_it_is_released(wire):
    async def story():
        with wire.hold("hanging") as held:
            asking = asyncio.create_task(ask(wire.url("hanging")))
            await held.arrived()
            held.release()
            return await asking

    assert asyncio.run(story()).status_code == 200
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(wire.url("hanging"), timeout=0.05, trust_env=False)


def test_dripping_source_sends_one_document_in_many_pieces(wire):
    with httpx.stream("GET", wire.url("dripping", pause_s=0), trust_env=False) as response:
        text = b"".join(response.iter_raw())
    assert "content-length" not in response.headers
    assert b"drips on" in text
    assert len(SOURCES["dripping"].body({"a": "b" * 100})) > 20


def test_client_that_leaves_in_the_middle_of_a_body_is_noticed(wire):
    async def story():
        with wire.hold("dripping") as held:
            held.release()
            client = httpx.AsyncClient(verify=False, trust_env=False)
            dripping = client.stream("GET", wire.url("dripping", pause_s=1e6))
            async with client, dripping as response:
                await anext(response.aiter_raw())
            await held.left()

    asyncio.run(story())
    assert (wire.seen.dropped, wire.seen.in_flight) == (1, 0)


def test_huge_document_has_its_size_and_waits_for_its_reader(wire):
    with httpx.stream("GET", wire.url("huge"), trust_env=False) as response:
        pieces = response.iter_raw()
        next(pieces)
        # The rest is not sent into the blue: the call is still in flight.
        assert wire.seen.in_flight == 1
    assert get(wire.url("huge", size=300_000)).json()["source"] == "huge"
    assert len(get(wire.url("huge", size=300_000)).content) == 300_000


def test_malformed_document_is_no_json(wire):
    response = get(wire.url("malformed"))
    assert response.headers["content-type"] == "application/json"
    with pytest.raises(ValueError):
        response.json()


def test_redirecting_source_points_to_another(wire):
    assert get(wire.url("redirecting")).status_code == 302
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        assert client.get(wire.url("redirecting")).json()["source"] == "quick"


def test_duplicating_source_tells_its_headlines_twice(wire):
    headlines = get(wire.url("duplicating")).json()["headlines"]
    assert len(set(headlines)) == len(headlines) / 2


def test_address_changes_one_call_only(wire):
    assert get(wire.url("quick", status=418)).status_code == 418
    assert get(wire.url("quick")).status_code == 200
    assert wire.url("slow", delay_s=0.3).endswith("/slow/?delay_s=0.3")


def test_change_that_does_not_exist_lists_those_that_do(wire):
    with pytest.raises(TypeError, match="cannot change 'delay'. It can change: delay_s, status"):
        wire.url("slow", delay=1)
    with pytest.raises(ValueError, match="delay_s is 0 or more, not -1"):
        wire.url("slow", delay_s=-1)
    wrong = get(wire.url("slow") + "?delay_s=-1")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "delay_s is 0 or more, not -1.")


def test_said_document_may_come_with_a_status(wire):
    with wire.answers("hill", {"error": "strike"}, status=503):
        response = get(wire.url("hill"))
    assert (response.status_code, response.json()) == (503, {"error": "strike"})


def test_said_document_may_drip(wire):
    asking = httpx.stream("GET", wire.url("hill"), verify=False, trust_env=False)
    with wire.answers("hill", {"headlines": ["a", "b"]}, pieces=4, pause_s=0.01), asking as answer:
        pieces = list(answer.iter_raw())
    assert len(pieces) > 1
    assert json.loads(b"".join(pieces)) == {"headlines": ["a", "b"]}


def test_connections_are_counted_by_what_they_carry(wire):
    with httpx.Client(trust_env=False) as client:
        for _ in range(3):
            client.get(wire.url("quick"))
    get(wire.url("quick"))
    assert (wire.seen.opened, wire.seen.reused, wire.seen.dropped) == (2, 2, 0)
    assert [call.connection for call in wire.seen.calls] == [1, 1, 1, 2]


def test_malformed_request_closes_its_connection_only(wire):
    with pytest.raises(httpx.HTTPError):
        # "\n" alone is no request line
        _send_raw(wire.url("quick"), b"\x00\x01 nonsense\r\n\r\n")
    assert get(wire.url("quick")).status_code == 200


def _send_raw(url, data):
    import socket

    parsed = httpx.URL(url)
    with socket.create_connection((parsed.host, parsed.port), timeout=LIMIT_S) as connection:
        connection.sendall(data)
        if connection.recv(100) == b"":
            raise httpx.RemoteProtocolError("closed")


def test_process_ends_while_a_call_is_held():
    script = (
        "import threading, httpx\n"
        "from course_support import newswire\n"
        "from course_support.live.newswire import newswire as same\n"
        "assert newswire is same\n"
        "hold = newswire.hold('slow'); hold.__enter__()\n"
        "ask = lambda: httpx.get(newswire.url('slow'), timeout=60)\n"
        "threading.Thread(target=ask, daemon=True).start()\n"
        "print('over')\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "over\n", "")


def test_connections_are_counted_from_the_calls():
    seen = Seen(
        (
            Call("hill", "/hill/", 0.0, answered_s=1.0, connection=1),
            Call("hill", "/hill/", 1.0, left_s=2.0, connection=1, reused=True),
            Call("hill", "/hill/", 1.0, answered_s=2.0, connection=2),
        )
    )
    assert (seen.opened, seen.reused, seen.dropped) == (2, 1, 1)


def test_peak_and_flight_are_counted_from_the_times():
    calls = (
        Call("slow", "/slow/", 0.0, answered_s=2.0),
        Call("slow", "/slow/", 1.0, left_s=3.0),
        Call("quick", "/quick/", 2.0, answered_s=2.5),
        Call("slow", "/slow/", 4.0),
    )
    seen = Seen(calls)
    assert (seen.peak, seen.in_flight, seen.counts) == (2, 1, {"slow": 3, "quick": 1})
    assert seen.since(2.0).calls == calls[2:]
    assert repr(seen) == "<Seen 4 calls (slow 3, quick 1), 1 in flight, peak 2>"


def test_table_says_how_each_call_ended_and_escapes_paths():
    now_s = time.perf_counter()
    seen = Seen(
        (Call("slow", "/slow/?q=<b>", now_s, left_s=now_s + 0.25), Call("quick", "/", now_s))
    )
    html = seen._repr_html_()
    assert "client left" in html and "in flight" in html and ">250<" in html
    assert "<b>" not in html and "&lt;b&gt;" in html
