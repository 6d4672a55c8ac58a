"""The HTTP client below Microsoft's SDK: it keeps every exchange in our log, and repeats and follows nothing."""

from typing import Any
from urllib.parse import urlsplit

import httpx

from core.exchange import Log, current_attribution
from core.redaction import Bodies, redact_path
from core.targets.answer import Answer, NoAnswer
from core.targets.connection import no_answer
from core.targets.record import recorded
from core.targets.timing import REAL_TIME, Timing

CONNECT_SECONDS = 10.0
"""A third of what the SDK's own client has: nobody waits for a firewall that drops what is sent."""
ANSWER_SECONDS = 100.0
"""As the SDK's own client has it."""


class RecordingClient(httpx.AsyncClient):
    """An HTTP client whose exchanges stand in the log under `party`, the provider's name. Without a `transport` the
    environment's proxies hold."""

    def __init__(
        self,
        *,
        party: str,
        log: Log,
        bodies: Bodies = "redacted",
        timing: Timing = REAL_TIME,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        super().__init__(timeout=timeout, follow_redirects=False, transport=transport)
        self._party = party
        self._log = log
        self._bodies: Bodies = bodies
        self._timing = timing

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request, and log it with whatever came of it."""
        at, started = self._timing.wall(), self._timing.monotonic()
        result: Answer | NoAnswer = NoAnswer(True, "cancelled", "The call was given up.")
        try:
            response = await super().send(request, **options)
            await response.aread()
            result = Answer(response.status_code, dict(response.headers), response.content)
        except httpx.RequestError as error:
            result = no_answer(error, request.url.host)
            raise
        finally:
            exchange = recorded(
                request, result, party=self._party, path=_shown(str(request.url)), subject=_subject(request),
                at=at, duration=self._timing.monotonic() - started, bodies=self._bodies,
            )  # fmt: skip
            (current_attribution().log or self._log)(exchange)
        return response


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return redact_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def _subject(request: httpx.Request) -> str:
    """What is asked for: the path below the version, without the calling brackets of functions."""
    return request.url.path.partition("/v1.0/")[2].replace("()", "")
