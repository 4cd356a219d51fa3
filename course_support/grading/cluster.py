"""How does a batch run on several machines? On a dask.distributed scheduler, as on any executor.

    dask scheduler --host 127.0.0.1              one terminal
    dask worker tcp://127.0.0.1:8786 --nthreads 4    one or more, on machines with the course
    python -m course_support grade SUBMISSIONS --scheduler tcp://127.0.0.1:8786

Needs the extra `[cluster]`. Whoever reaches a scheduler over plain TCP can run code on its
workers: keep it on loopback or a network of its own, or give dask its TLS settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple

from course_support.content import ContentError

RETRIES = 3  # a worker that dies is not an answer that is wrong


class Cluster(NamedTuple):
    """A cluster to judge on.

    Attributes:
        threads: how many answers its workers take at one time.
    """

    executor: Executor
    threads: int


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """The workers of the scheduler at `address`, such as "tcp://127.0.0.1:8786".

    Raises:
        ContentError: dask.distributed is not installed, nobody answers at the address, or the
            scheduler has no worker.
    """
    try:
        client_of = import_module("distributed").Client
    except ImportError:
        raise ContentError(
            "dask.distributed is not installed.\n    Install it: pip install distributed"
        ) from None
    try:
        client = client_of(address, timeout=10)
    except (OSError, ValueError) as error:
        raise ContentError(f"No scheduler answers at {address}: {error}") from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ContentError(
                f"The scheduler at {address} has no worker.\n    Start one: dask worker {address}"
            )
        yield Cluster(client.get_executor(retries=RETRIES, pure=False), threads)
