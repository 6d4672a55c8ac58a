"""Requests to Graph: answered, waited for, or refused with a reason. All of them read.

Graph says when it has had enough: 429 or 503 with `Retry-After`, and before that `x-ms-throttle-limit-percentage` from
0.8 on. Whoever comes back earlier is charged all the same, so the waiting is done here, and told.
Source: Microsoft Graph, "Microsoft Graph throttling guidance", "service-specific throttling limits".
"""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from core.graph.errors import DeltaExpired, GraphError, NotThere, PermissionMissing, SignInFailed, Unreachable
from core.graph.permissions import permission_for, way_to_grant
from core.graph.sdk import Sender
from core.graph.silence import PULLING, Patience, silence
from core.targets.error_text import one_line
from core.targets.timing import REAL_TIME, Timing

Document = dict[str, Any]
OnWait = Callable[[float, str], None]
"""Told of seconds that are waited, and why."""

NEARLY_FULL = 0.8
_FIRST_WAIT = 1.0
_BUSY = frozenset({429, 500, 502, 503, 504})
_EXPIRED_CODES = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired", "badpagetoken"})


class Client:
    """One app's requests to one Graph. `base_url` has the version; links are followed only below it. `is_own` says
    that the configuration names it, and no cloud; `is_delegated`, that somebody signed in."""

    def __init__(
        self,
        sender: Sender,
        base_url: str,
        *,
        client_id: str = "",
        on_wait: OnWait = lambda seconds, reason: None,
        timing: Timing = REAL_TIME,
        patience: Patience = PULLING,
        is_own: bool = False,
        is_delegated: bool = False,
    ) -> None:
        self._sender = sender
        self._base = base_url.rstrip("/")
        self._client_id = client_id
        self._on_wait = on_wait
        self._timing = timing
        self._patience = patience
        self._is_own = is_own
        self._is_delegated = is_delegated
        self._pause = 0.0
        self._has_answered = False
        self.requests = 0
        """How many were sent, repeated ones included."""
        self.units = 0
        """Resource units that Graph charged."""
        self.waited = 0.0
        """Seconds."""

    async def get(self, target: str, headers: Mapping[str, str] | None = None) -> Document:
        """The document at a path below the base URL, or at a link that Graph gave.

        :raises DeltaExpired, NotThere, PermissionMissing, SignInFailed, Unreachable, GraphError: see `errors`.
        """
        url = self.url(target)
        response = await self._answered(url, dict(headers or {}))
        if response.status_code >= 300:
            raise self._refusal(url, response)
        document = _json(response)
        if document is None:
            raise GraphError("Graph's answer is not a JSON object.", "Look at [provider.graph] base_url, and proxies.")
        return document

    async def items(self, path: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[Document]:
        """All items of a collection, over all its pages; raises like `get`, so what it gave whole is complete."""
        target: str | None = path
        while target is not None:
            page = await self.get(target, headers)
            for item in page.get("value") or ():
                yield item
            target = page.get("@odata.nextLink")

    def url(self, target: str) -> str:
        """Where a path below the base URL, or a link that Graph gave, leads.

        :raises GraphError: when it leads away from the Graph that was asked.
        """
        if "://" not in target:
            return f"{self._base}/{target}"
        wanted, given = urlsplit(self._base), urlsplit(target)
        if (given.scheme, given.netloc) != (wanted.scheme, wanted.netloc):
            # The access token goes where the link leads.
            raise GraphError(f"Graph sends us on to {given.netloc}, which is not the Graph that was asked.")
        return target

    async def _answered(self, url: str, headers: dict[str, str]) -> httpx.Response:
        """The first answer that is not to ask again later."""
        attempt = 0
        while True:
            if self._pause:
                await self._wait(self._pause, "the limit is nearly reached")
                self._pause = 0.0
            self.requests += 1
            attempt += 1
            try:
                response = await self._sender.send("GET", url, headers)
            except httpx.RequestError as error:
                found, failure = silence(error, url, is_own=self._is_own)
                if found.lasting:
                    raise failure from None
                asked, reason = 0.0, found.outcome
            else:
                self.units += _units(response)
                if response.status_code not in _BUSY:
                    self._has_answered = True
                    self._pause = _pause_after(response)
                    return response
                # Who says when to come back is there.
                self._has_answered |= response.status_code == 429 or "retry-after" in response.headers
                asked, reason = _seconds(response), "throttled" if response.status_code == 429 else "Graph is busy"
                failure = _no_time(response)
            patience = self._patience
            if attempt >= (patience.attempts if self._has_answered else patience.first):
                raise failure
            if asked > patience.longest_wait:
                raise failure
            await self._wait(asked or _FIRST_WAIT * 2.0 ** (attempt - 1), reason)

    async def _wait(self, seconds: float, reason: str) -> None:
        self._on_wait(seconds, reason)
        self.waited += seconds
        await self._timing.sleep(seconds)

    def _refusal(self, url: str, response: httpx.Response) -> GraphError:
        path = url.removeprefix(f"{self._base}/").partition("?")[0]
        code, text = _error(response)
        status = response.status_code
        if status == 410 or (status in (400, 404) and code.lower() in _EXPIRED_CODES):
            return DeltaExpired("The link of the feed is too old.")
        if status == 401:
            remedy = "Check tenant, client_id, cloud and the credential in [provider.graph]."
            return SignInFailed(f"Graph does not take the access token: {text}", remedy)
        if status == 403:
            permission = permission_for(path)
            message = f"Graph does not let the app read {path}: it lacks {permission}."
            return PermissionMissing(
                message, way_to_grant(permission, self._client_id, is_delegated=self._is_delegated)
            )
        if status == 404:
            return NotThere(f"Graph has no {path}.")
        return GraphError(f"Graph answers {status} to {path}: {code} {text}".rstrip())


def _pause_after(response: httpx.Response) -> float:
    """Seconds to wait before the next request, where this one nearly reached the limit, which holds for 10 seconds."""
    try:
        share = float(response.headers.get("x-ms-throttle-limit-percentage", "0"))
    except ValueError:
        return 0.0
    return 0.0 if share < NEARLY_FULL else 2.0 if share < 1.0 else 5.0


def _units(response: httpx.Response) -> int:
    charged = response.headers.get("x-ms-resource-unit", "")
    return int(charged) if charged.isdecimal() else 0


def _seconds(response: httpx.Response) -> float:
    try:
        return max(0.0, float(response.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0


def _no_time(response: httpx.Response) -> Unreachable:
    if response.status_code == 429:
        seconds = _seconds(response)
        when = f", for {seconds:.0f} seconds yet" if seconds else ""
        return Unreachable(f"Graph takes no more requests of this app{when}.", "The next pull goes on from here.")
    remedy = "Look whether Microsoft reports an outage of Graph. The next pull goes on from here."
    return Unreachable(f"Graph answers {response.status_code}, again and again.", remedy)


def _json(response: httpx.Response) -> Document | None:
    try:
        document = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None


def _error(response: httpx.Response) -> tuple[str, str]:
    """Graph's own code and sentence."""
    error = (_json(response) or {}).get("error")
    if not isinstance(error, dict):
        return "", ""
    return one_line(str(error.get("code") or "")), one_line(str(error.get("message") or ""))
