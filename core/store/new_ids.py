"""Random UUIDs (RFC 9562 §5.4) for what is stored, many from one reading of the system's randomness."""

import os
import uuid

_DRAWN = 64
"""Ids that one reading suffices for: each costs a switch between threads."""
_random: list[bytes] = []


def new_id() -> str:
    """A new id. Only the writer's thread asks."""
    if not _random:
        drawn = os.urandom(16 * _DRAWN)
        _random.extend(drawn[at : at + 16] for at in range(0, len(drawn), 16))
    return str(uuid.UUID(bytes=_random.pop(), version=4))
