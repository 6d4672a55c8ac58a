from socket import socket

import pytest


@pytest.fixture
def free_port() -> int:
    """A port that is free now, for what must know its address before it listens."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
