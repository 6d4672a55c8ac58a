"""What comes back from an outward call: an answer, or the fact that none came and whether the request was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from core.targets.protocol import IncompleteRead


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response, read to its end."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    complete: bool = True
    """False where the body was longer than the limit and the rest was left unread."""

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty where none was given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def whole(self) -> "Answer":
        """The answer itself.

        :raises IncompleteRead: when the body is cut off.
        """
        if not self.complete:
            raise IncompleteRead("The answer is longer than one answer may be; it was not read to its end.")
        return self

    def document(self) -> Any:
        """The body as JSON.

        :raises IncompleteRead: when the body is cut off or is not JSON.
        """
        if not self.complete:
            raise IncompleteRead("The answer is longer than the limit of one answer.", status=self.status)
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise IncompleteRead(
                "The answer is not JSON.",
                remedy="Check that the target's url leads to the product itself.",
                status=self.status,
            ) from error


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No usable response came."""

    sent: bool
    """False only where it is certain that the product never saw the request."""
    outcome: str
    """One or two words for the log: `timed out`, `connection lost`, `not reached`."""
    text: str
    """What happened, as a sentence."""
    remedy: str = ""
    lasting: bool = False
    """True where trying again cannot help (an untrusted certificate)."""
