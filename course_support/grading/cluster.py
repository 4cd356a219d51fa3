r"""How does a batch run on several machines? On a dask.distributed scheduler, as on any executor.

    python3 course.py dask scheduler --host 127.0.0.1 --dashboard-address 127.0.0.1:8787
    python3 course.py dask worker tcp://127.0.0.1:8786 --host 127.0.0.1 --nthreads 4 \
        --dashboard-address 127.0.0.1:0
    python3 course.py grade SUBMISSIONS --scheduler tcp://127.0.0.1:8786

Each machine has the course; no disk is shared. Whoever reaches a scheduler or a worker over plain
TCP can run code there, and without `--host` they listen on all addresses: keep them on loopback or
a network of its own, or use `tls://...` with dask's own settings. Texts go to the workers and JSON
values come back: nobody unpickles what a student made.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

from course_support.content import ContentError
from course_support.grading.forking import GraderFault

RETRIES = 3  # a worker that dies is not an answer that is wrong
ANSWER_S = 10.0  # for the scheduler
ALONE_S = 60.0  # for a worker, when the last has gone: dask starts those that died again
LOOK_S = 0.5

T = TypeVar("T")


class Cluster(NamedTuple):
    """A cluster to judge on.

    Attributes:
        address: the scheduler's.
        client: dask's own, which is connected to it.
        executor: runs what it is given on the workers.
        threads: how many answers its workers take at one time.
    """

    address: str
    client: Any
    executor: Executor
    threads: int


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """The workers of the scheduler at `address`, such as "tcp://127.0.0.1:8786".

    Raises:
        ContentError: dask.distributed is not installed, nobody answers at the address, TLS is
            not set up for it, or the scheduler has no worker.
    """
    with _connected(address) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ContentError(
                f"The scheduler at {address} has no worker.\n    Start one: {_worker(address)}"
            )
        executor = client.get_executor(retries=RETRIES, pure=False)
        yield Cluster(address, client, executor, threads)


def _connected(address: str) -> Any:
    try:
        client_of = import_module("distributed").Client
    except ImportError:
        raise ContentError(
            "dask.distributed is not installed.\n"
            "    python3 course.py grade ... --scheduler brings it; in an environment of your own:"
            " pip install distributed"
        ) from None
    # What they would say of a lost connection, with tracebacks, is said below in words; and that a
    # loop was busy for seconds is no news on a machine that judges.
    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return client_of(address, timeout=ANSWER_S)
    except (OSError, ValueError, RuntimeError) as error:  # the last: encryption is asked for
        raise ContentError(f"No scheduler answers at {address}: {error}") from None
    except TypeError as error:
        if "TLS" not in str(error):
            raise
        raise ContentError(
            f"There are no certificates for {address}.\n"
            "    Name them in dask's own settings, here as on the scheduler and the workers:\n"
            "    DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ..__TLS__CLIENT__CERT, ..__TLS__CLIENT__KEY"
        ) from None


async def while_it_lasts(found: Cluster, work: Awaitable[T]) -> T:
    """What `work` gives, as long as the cluster is there; without this it may wait for ever.

    Raises:
        GraderFault: the connection to the scheduler was lost, or the last worker has gone and
            none has come in its place.
    """
    working = asyncio.ensure_future(work)
    seen_s = time.monotonic()
    try:
        while not (await asyncio.wait([working], timeout=LOOK_S))[0]:
            if found.client.status != "running":
                raise GraderFault(f"The connection to the scheduler at {found.address} was lost.")
            if await asyncio.to_thread(_has_workers, found.client):
                seen_s = time.monotonic()
            elif time.monotonic() - seen_s > ALONE_S:
                raise GraderFault(
                    f"The scheduler at {found.address} has no worker any more.\n"
                    f"    Start one: {_worker(found.address)}"
                )
        return working.result()
    finally:
        working.cancel()


def _worker(address: str) -> str:
    """What starts a worker; one that is not told listens on all addresses of its machine."""
    host = " --host 127.0.0.1" if "//127.0.0.1:" in address else ""
    return f"python3 course.py dask worker {address}{host}"


def _has_workers(client: Any) -> bool:
    try:
        return bool(client.nthreads())
    except (
        Exception
    ):  # of many kinds, where the connection is lost meanwhile: seen at the next look
        return False
