"""Replica lag: objects that exist, and that the replica which answers has not heard of yet.

Graph reads from many copies of the directory. What was written a moment ago can be missing from the next answer, and
be there in the one after it. So one absence proves nothing, and a client must not take it for a deletion.
"""


class Replica:
    """Which objects are missing from how many of the next answers that would show them."""

    def __init__(self) -> None:
        self._missing: dict[str, int] = {}

    def hide(self, object_id: str, reads: int) -> None:
        """Let an object be missing from the next `reads` answers that would show it."""
        if reads > 0:
            self._missing[object_id] = reads

    def shows(self, object_id: str) -> bool:
        """Whether an answer shows the object. Each call is one read."""
        left = self._missing.get(object_id, 0)
        if not left:
            return True
        if left == 1:
            del self._missing[object_id]
        else:
            self._missing[object_id] = left - 1
        return False
