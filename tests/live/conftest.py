"""What the tests of course_support/live share."""

import pytest


@pytest.fixture
def anyio_backend():
    """Async tests run on asyncio: it is what Django runs on."""
    return "asyncio"
