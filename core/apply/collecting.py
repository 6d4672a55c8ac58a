"""What a plan of everything leaves behind: collected without making the SCIM listener wait.

A full garbage collection looks at all objects there are, with the whole process standing still: a second, with a large
company in memory, several times in one run. What a plan is made of has no cycles, so it goes without. And when the last
name for a million objects goes, all of them are freed in one step, unless somebody does it little by little.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NEVER = 1_000_000_000
_STEP = 1_000
_open = 0
_threshold = gc.get_threshold()


@contextmanager
def no_full_collection() -> Iterator[None]:
    """Collect only what is young meanwhile; blocks may overlap. To be used from one thread, that of the event loop."""
    global _open, _threshold
    if _open == 0:
        _threshold = gc.get_threshold()
        gc.set_threshold(_threshold[0], _threshold[1], _NEVER)
    _open += 1
    try:
        yield
    finally:
        _open -= 1
        if _open == 0:
            gc.set_threshold(*_threshold)


def let_go(objects: list[Any]) -> None:
    """Empty a list that holds the last names for many objects, little by little; for use in a thread."""
    while objects:
        del objects[-_STEP:]
