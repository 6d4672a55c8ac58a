"""Sending a logged request of a provider again, to a sandbox: what an IdP sent once can be tried as often as needed.

It goes to this machine itself, or to what the configuration calls a sandbox, and nowhere else: neither by a redirect
nor through a proxy of the environment. The token of the original is never sent, which the log never had; what
authenticates the replay is given by whoever asks for it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

import httpx

from core.config import formats
from core.config.formats import NotAccepted
from core.config.settings import Settings
from core.curl import lacks_body, missing
from core.exchange import Exchange

_PATIENCE = 30.0
"""Seconds for each step of the exchange."""
_LARGEST_ANSWER = 1024 * 1024
"""Bytes of the answer that are kept."""
_PASSED_ON = ("content-type", "accept")
"""Headers of the original that are sent again."""
_PORTS: Mapping[str, int] = {"http": 80, "https": 443}


class ReplayRefused(Exception):
    """The exchange cannot be sent again, or not there: says why, and what to do."""


class NoReplay(Exception):
    """Nobody answered: says why."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it."""

    url: str
    status: int
    duration: int
    """Microseconds."""
    body: bytes
    lacking: str
    """What was sent otherwise than the original, since the log never had it; empty where nothing was."""


def destination(text: str, settings: Settings) -> str:
    """The base URL to send to, where it is one that may be sent to.

    :raises ReplayRefused: when it is not.
    """
    try:
        url = formats.base_url(text)
    except NotAccepted as error:
        raise ReplayRefused(f"{error.message}. {error.remedy}") from None
    if url in settings.console.sandboxes:
        return url
    parts = urlsplit(url)
    # No other name is looked up: it may mean something else a moment later.
    if not formats.is_loopback(parts.hostname or ""):
        raise ReplayRefused(
            f"{parts.hostname} is neither this machine nor a sandbox: give an address such as http://127.0.0.1:8440, "
            "or name it in [console] sandboxes, if nobody's work depends on it"
        )
    if _port(parts) == settings.listener.bind_port and not _is_all_simulated(settings):
        raise ReplayRefused(
            "this is the listener of this configuration, whose targets are real: send to another one, "
            "such as that of `manciple demo`"
        )
    return url


def check(exchange: Exchange) -> None:
    """Whether an exchange can be sent again.

    :raises ReplayRefused: when it cannot.
    """
    if exchange.direction != "in":
        raise ReplayRefused("only what a provider sent can be sent again, not a call to a target")
    if not exchange.path.startswith("/"):
        raise ReplayRefused("its path is none that can be sent")
    if lacks_body(exchange):
        raise ReplayRefused(f'{missing(exchange)}: [log] bodies = "full" keeps it from now on')


async def replay(number: int, exchange: Exchange, base_url: str, token: str | None) -> Replayed:
    """Send a request, as far as the log has it, to a URL that `destination` gave.

    :raises ReplayRefused: when it cannot be sent again.
    :raises NoReplay: when nobody answers.
    """
    check(exchange)
    headers = {name: exchange.request_headers[name] for name in _PASSED_ON if name in exchange.request_headers}
    headers["x-manciple-replay"] = str(number)
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    url = base_url + quote(exchange.path, safe="/?&=%:+,;@!$'()*~-._")
    began = time.perf_counter_ns()
    try:
        status, body = await _send(exchange.method, url, headers, exchange.request_body)
    except httpx.HTTPError as error:
        raise NoReplay(f"{base_url} does not answer: {str(error) or type(error).__name__}") from None
    except httpx.InvalidURL as error:
        raise ReplayRefused(f"its path is none that can be sent: {error}") from None
    return Replayed(url, status, (time.perf_counter_ns() - began) // 1000, body, missing(exchange))


async def _send(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    async with (
        httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=_PATIENCE) as client,
        client.stream(method, url, headers=headers, content=body or None) as answer,
    ):
        kept = b""
        async for part in answer.aiter_bytes():
            kept += part
            if len(kept) > _LARGEST_ANSWER:
                break
        return answer.status_code, kept[:_LARGEST_ANSWER]


def _is_all_simulated(settings: Settings) -> bool:
    return all(formats.is_loopback(urlsplit(target.url).hostname or "") for target in settings.targets)


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]
