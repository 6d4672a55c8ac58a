"""The whole state of one simulated Graph. Whoever touches it holds `lock`."""

import threading
from collections import Counter, deque
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from core.sandbox.graph.paging import Page, Remembered
from core.sandbox.graph.quirks import Quirks
from core.sandbox.graph.settings import Settings
from core.sandbox.graph.tenant import Tenant
from core.sandbox.graph.throttle import Throttle
from core.sandbox.graph.tokens import Tokens

if TYPE_CHECKING:
    from core.sandbox.graph.authority import DeviceCode
    from core.sandbox.graph.delta import PageToken
    from core.sandbox.graph.delta_round import DeltaToken

_PAGES = 5_000
"""Links to pages that are remembered: each keeps the listing or the round that it belongs to."""
_TOKENS = 20_000
_SEEN = 5_000


class Seen(NamedTuple):
    """A request as it was answered, by HTTP or inside a batch."""

    method: str
    route: str
    """The path of the endpoint, with names in place of ids."""
    target: str
    """Path below the version, and query, as they were sent."""
    headers: Mapping[str, str]
    """Names in small letters, and without the token."""
    status: int


class State:
    """The tenant, what links and tokens stand for, the load, and the records of what was asked."""

    def __init__(self, tenant: Tenant, quirks: Quirks, settings: Settings, seed: int) -> None:
        self.lock = threading.RLock()
        self.tenant = tenant
        self.quirks = quirks
        self.settings = settings
        self.rng = Random(seed)
        self.tokens = Tokens(tenant.clock)
        self.throttle = Throttle(tenant.clock)
        self.pages: Remembered[Page] = Remembered(tenant.clock, _PAGES)
        self.delta_pages: Remembered[PageToken] = Remembered(tenant.clock, _PAGES)
        self.delta_tokens: Remembered[DeltaToken] = Remembered(tenant.clock, _TOKENS)
        self.device_codes: dict[str, DeviceCode] = {}
        self.provisioning: list[dict[str, Any]] = []
        """Rows of the provisioning log, oldest first."""
        self.requests: Counter[tuple[str, str]] = Counter()
        """How many requests each (method, route) got."""
        self.seen: deque[Seen] = deque(maxlen=_SEEN)
        """The newest requests to Graph, oldest first."""
