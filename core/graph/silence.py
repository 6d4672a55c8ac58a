"""When Graph does not answer, or has no time: how long that is borne, and what is said of it.

A pull that is under way is patient: what it has read is worth a wait. A Graph that never answered is reported at once.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from core.graph.errors import Unreachable
from core.targets.answer import NoAnswer
from core.targets.connection import no_answer


@dataclass(frozen=True, slots=True)
class Patience:
    """How often one request is sent, and how long is waited in between."""

    attempts: int = 6
    """Of one request, once Graph has answered."""
    first: int = 2
    """As long as it has not: it may not be there at all."""
    longest_wait: float = 300.0
    """Seconds: a longer `Retry-After` is not waited for."""


PULLING = Patience()
"""A pull that is given up is gone on with by the next, from there."""
CHECKING = Patience(attempts=2, first=1, longest_wait=2.0)
"""Somebody sits and waits for the answer."""
_NETWORK = (
    "Look at this machine's network, name resolution, firewall and proxy (HTTPS_PROXY), and whether Microsoft reports "
    "an outage of Graph."
)
_ELSEWHERE = "Look at [provider.graph] base_url, and whether Graph runs there."
_TRUST = "Something on the way breaks TLS open: name its authority in the environment, SSL_CERT_FILE=/path/ca.pem."


def silence(error: httpx.RequestError, url: str, *, is_own: bool) -> tuple[NoAnswer, Unreachable]:
    """What an error of the HTTP library means; `is_own` says that the address is the configuration's own."""
    host = urlsplit(url).hostname or ""
    found = no_answer(error, host)
    remedy = _TRUST if found.outcome == "not trusted" else _ELSEWHERE if is_own else _NETWORK
    return found, Unreachable(f"Graph does not answer: {found.text}", remedy)
