"""The one way out: every request to a target goes through here.

It authenticates, keeps the pace, tries again where that is safe, logs every single attempt, and turns whatever
comes back into an `Answer` or into one of the exceptions of `core.targets.protocol`. It keeps no session and no
cookie, follows no redirect away from the product, and never repeats a write that may have happened.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import httpx
import orjson

from core.exchange import Log, current_attribution
from core.redaction import Bodies, redact_path
from core.targets.answer import Answer, NoAnswer
from core.targets.auth import Auth
from core.targets.clients import Clients
from core.targets.connection import no_answer
from core.targets.error_text import one_line
from core.targets.errors import astray, not_authenticated, refusal, silence
from core.targets.pacing import Pacing, PausedTooLong
from core.targets.protocol import Refused, Unavailable
from core.targets.record import recorded
from core.targets.retries import PATIENT, Patience, worth_repeating
from core.targets.timing import REAL_TIME, Timing
from core.targets.trust import trusted

USER_AGENT = f"manciple/{version('manciple')}"
"""Never a browser's: Jira and Confluence refuse writes from those with an XSRF error."""
MOST_REDIRECTS = 5

Query = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one target's calls."""

    in_flight: int = 8
    connect: float = 10.0
    """Seconds until a connection stands."""
    answer: float = 60.0
    """Seconds from sending a request to the last byte of its answer."""
    answer_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Request:
    """One request as it goes out."""

    method: str
    url: str
    shown: str
    """Path and query without the base URL, secrets masked."""
    effect: bool
    """Whether it may change something at the target."""
    body: bytes = b""
    subject: str = ""
    probe: bool = False
    """Whether it only looks if the product offers the call."""
    secret: str = ""
    """What of the body no log may show although nothing in it says so; its keys tell of all other secrets."""

    @property
    def asked(self) -> str:
        return f"{self.method} {self.shown}"


class Http:
    """The calls to one target. All of them share its pace.

    `party` names the target in the log and in messages. `ca_file` holds the authorities to trust instead of the
    system's. Without a `proxy` the environment's (`HTTPS_PROXY`, `NO_PROXY`) holds. `transport` is for tests.

    :raises Unavailable: when `ca_file` cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        *,
        party: str,
        auth: Auth,
        log: Log,
        bodies: Bodies = "redacted",
        limits: Limits = Limits(),
        ca_file: Path | None = None,
        proxy: str | None = None,
        timing: Timing = REAL_TIME,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or "@" in parts.netloc:
            raise ValueError("a target's base URL is http or https, a host, and at most a context path")
        self.base_url = base_url.rstrip("/")
        self.party = party
        self._host = parts.hostname
        self._auth = auth
        self._log = log
        self._bodies: Bodies = bodies
        self._limits = limits
        self._timing = timing
        self._pacing = Pacing(limits.in_flight, timing)
        self._clients = Clients(
            headers={"accept": "application/json", "user-agent": USER_AGENT, "x-atlassian-token": "no-check"},
            timeout=httpx.Timeout(limits.answer, connect=limits.connect),
            verify=trusted(ca_file),
            proxy=proxy,
            transport=transport,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._clients.aclose()

    async def read(
        self, path: str, query: Query | None = None, *, subject: str = "", patience: Patience = PATIENT
    ) -> Answer:
        """GET `path` (percent-encoded, below the base URL) and answer with the 2xx response.

        Follows redirects within the product's own origin.

        :raises TargetError: for every other answer, and for none; see `core.targets.errors`.
        """
        request = self._request("GET", path, query, b"", subject, effect=False)
        for _ in range(MOST_REDIRECTS):
            answer = await self._settled(request, patience)
            onward = self._onward(request, answer)
            if onward is None:
                return answer.whole()
            request = onward
        raise Unavailable(f"{self.party} sends {request.asked} round in circles.", remedy="Check the target's url.")

    async def write(
        self, method: str, path: str, document: object = None, *,
        query: Query | None = None, subject: str = "", secret: str = "",
    ) -> Answer:  # fmt: skip
        """Send a request that changes something, and answer with the 2xx response; the log masks `secret` in it.

        :raises OutcomeUnknown: when it may have happened although no good answer came.
        :raises TargetError: for every other answer; it certainly had no effect then.
        """
        request = replace(self._request(method, path, query, _json(document), subject, effect=True), secret=secret)
        answer = await self._settled(request, PATIENT)
        if answer.status >= 300:
            raise astray(answer, request.asked, self.party)
        return answer

    async def probe(
        self, method: str, path: str, document: object = None, *, subject: str = "", patience: Patience = PATIENT
    ) -> Answer:
        """Send a request that cannot have an effect (its subject does not exist), to see whether it is offered.

        Answers with any response but a login page, 401 and 429; is repeated like a read.

        :raises TargetError: for those, and for no answer.
        """
        request = replace(self._request(method, path, None, _json(document), subject, effect=False), probe=True)
        result = await self._tried(request, patience)
        if isinstance(result, NoAnswer):
            raise silence(result, request.asked, self.party, effect=False)
        self._authenticated(result)
        if result.status in (401, 429, 502, 503, 504):
            raise refusal(result, request.asked, self.party, effect=False)
        if 300 <= result.status < 400:
            raise astray(result, request.asked, self.party)
        return result

    def _request(
        self, method: str, path: str, query: Query | None, body: bytes, subject: str, *, effect: bool
    ) -> _Request:
        try:
            tail = path + ("?" + urlencode(query, quote_via=quote) if query else "")
            url = httpx.URL(self.base_url + tail)
        except (UnicodeEncodeError, httpx.InvalidURL) as error:
            reason = one_line(str(error))
            raise Refused(f"{self.party} cannot be asked that: {reason}.", remedy="Rename it.") from None
        return _Request(method, str(url), redact_path(tail), effect, body, subject)

    async def _settled(self, request: _Request, patience: Patience) -> Answer:
        """The answer to a request if its status is below 400; an exception otherwise."""
        result = await self._tried(request, patience)
        if isinstance(result, NoAnswer):
            raise silence(result, request.asked, self.party, effect=request.effect)
        self._authenticated(result)
        if result.status >= 400:
            raise refusal(result, request.asked, self.party, effect=request.effect)
        return result

    def _authenticated(self, answer: Answer) -> None:
        failure = not_authenticated(answer, self.party)
        if failure is not None:
            raise failure

    def _onward(self, request: _Request, answer: Answer) -> _Request | None:
        """The request that a redirect leads to; `None` where the answer is none.

        :raises Unavailable: when it leads away from the product's origin, or nowhere.
        """
        if answer.status < 300:
            return None
        try:
            url = httpx.URL(request.url).join(answer.headers["location"])
        except (KeyError, httpx.InvalidURL):
            raise astray(answer, request.asked, self.party) from None
        origin = httpx.URL(self.base_url)
        if (url.scheme, url.host, url.port) != (origin.scheme, origin.host, origin.port):
            raise astray(answer, request.asked, self.party)
        tail = str(url).removeprefix(self.base_url)
        return replace(request, url=str(url), shown=redact_path(tail))

    async def _tried(self, request: _Request, patience: Patience) -> Answer | NoAnswer:
        """The last result of as many attempts as are safe, useful and within `patience`."""
        async with self._pacing.slots:
            until = self._timing.monotonic() + patience.total
            for attempt in range(1, patience.attempts + 1):
                result = await self._paced(request, until)
                if attempt == patience.attempts or not worth_repeating(result, effect=request.effect):
                    break
                delay = patience.delay(attempt, self._timing.random())
                if self._timing.monotonic() + delay > until:
                    break
                await self._timing.sleep(delay)
            return result

    async def _paced(self, request: _Request, until: float) -> Answer | NoAnswer:
        try:
            await self._pacing.turn(until)
        except PausedTooLong as pause:
            raise Unavailable(
                f"{self.party} asked for a pause, which lasts another {pause.seconds:.0f} seconds.",
                remedy="Exempt the account in the product's rate limiting settings, or try again later.",
                status=429,
            ) from None
        started = self._timing.monotonic()
        result = await self._attempted(request)
        if isinstance(result, Answer):
            self._pacing.learn(result, started)
        return result

    async def _attempted(self, request: _Request) -> Answer | NoAnswer:
        """One attempt, logged whatever becomes of it."""
        headers = {"authorization": self._auth.header()}
        if request.body:
            headers["content-type"] = "application/json"
        async with self._clients.one() as lent:
            sent = lent.client.build_request(request.method, request.url, headers=headers, content=request.body or None)
            result = await self._sent(lent.client, request, sent)
            lent.is_sound = isinstance(result, Answer)
        return result

    async def _sent(self, client: httpx.AsyncClient, request: _Request, sent: httpx.Request) -> Answer | NoAnswer:
        at, started = self._timing.wall(), self._timing.monotonic()
        result: Answer | NoAnswer = NoAnswer(True, "cancelled", "The call was given up.")
        try:
            async with asyncio.timeout(self._limits.answer):
                result = await self._received(client, sent)
        except (httpx.RequestError, TimeoutError) as error:
            result = no_answer(error, self._host)
        finally:
            exchange = recorded(
                sent,
                result,
                party=self.party,
                path=request.shown,
                subject=request.subject,
                at=at,
                duration=self._timing.monotonic() - started,
                bodies=self._bodies,
                probe=request.probe,
                secret=request.secret,
            )
            (current_attribution().log or self._log)(exchange)
        return result

    async def _received(self, client: httpx.AsyncClient, sent: httpx.Request) -> Answer:
        response = await client.send(sent, stream=True, follow_redirects=False)
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self._limits.answer_bytes:
                    break
        finally:
            await response.aclose()
        complete = len(body) <= self._limits.answer_bytes
        return Answer(response.status_code, dict(response.headers), bytes(body), complete)


def _json(document: object) -> bytes:
    try:
        return b"" if document is None else orjson.dumps(document)
    except orjson.JSONEncodeError as error:  # an unpaired surrogate in a name
        raise Refused(f"A value cannot be sent: {error}.", remedy="Correct it where it comes from.") from None
