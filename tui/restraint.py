"""Reading less often what costs more: a very large store must not make the console slow to its admin."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

SHARE = 0.05
"""Of its time, what the console spends on such a reading at most."""


def measured_now() -> float:
    """Seconds of a clock that only measures."""
    return time.perf_counter()


class Restraint:
    """How often one reading is done. Asked once a second."""

    def __init__(self) -> None:
        self._rest = 0

    def is_due(self) -> bool:
        """Whether the reading may be done in this second."""
        due = self._rest <= 0
        self._rest = max(0, self._rest - 1)
        return due

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Around the reading: the longer it takes, the more seconds pass without it."""
        begin = measured_now()
        yield
        self._rest = int((measured_now() - begin) / SHARE)
