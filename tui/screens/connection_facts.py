"""What came of the connection of one provider: its tokens, what arrived of late, and whether anybody came."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from core.config.settings import ProviderSettings
from core.store import exchanges, identities, tokens
from core.store.exchanges import Listed
from core.store.tokens import Token

LOOKED_AT = 2_000
"""How many of the newest exchanges are looked through; the log has no index by party."""
KEPT = 200
"""Exchanges of the provider that are kept."""
_NOT_LET_IN = frozenset({401, 403, 429})
_WRONG_VERSION = "invalidVers"
_WITHOUT_TOKEN = ("/serviceproviderconfig", "/oauth/token")
_LIST = re.compile(r"/(Users|Groups)/?(\?.*)?", re.IGNORECASE)
_RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Arrivals:
    """Follows what arrives from one provider: each reading takes what is new, and never more than `LOOKED_AT` rows."""

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self.rows: tuple[Listed, ...] = ()
        """The latest, oldest first."""
        self._seen = 0

    def read(self, connection: Connection) -> None:
        """Take in what is new in the log."""
        head = exchanges.newest(connection)
        new = exchanges.window(connection, head + 1, max(0, min(head - self._seen, LOOKED_AT)), 0)
        mine = (row for row in new if row.direction == "in" and row.party == self.provider)
        self.rows = (*self.rows, *mine)[-KEPT:]
        self._seen = head


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """How far a provider came."""

    provider: ProviderSettings
    tokens: tuple[Token, ...]
    """Its live ones, oldest first."""
    arrived: tuple[Listed, ...]
    """Oldest first."""
    users: int
    """How many it provisioned, and has not deleted."""
    groups: int

    @property
    def latest(self) -> Listed | None:
        """The latest request that needed a token."""
        return next((row for row in reversed(self.arrived) if not is_public(row)), None)

    @property
    def let_in(self) -> Listed | None:
        """The latest request whose token was right."""
        return next((row for row in reversed(self.arrived) if is_let_in(row)), None)

    @property
    def tested(self) -> Listed | None:
        """The latest request that looks like the test of the connection."""
        return next((row for row in reversed(self.arrived) if self._is_test(row)), None)

    def _is_test(self, row: Listed) -> bool:
        is_first = not self.users and not self.groups
        return is_answered_list(row) and (is_first or _RANDOM_ID.search(row.path) is not None)


def read_connection(
    connection: Connection, provider: ProviderSettings, arrivals: Arrivals, now: int
) -> ConnectionFacts:
    """How far the provider came by now; a few short queries."""
    arrivals.read(connection)
    live = [token for token in tokens.listing(connection, provider.name) if token.is_live(now)]
    return ConnectionFacts(
        provider,
        tuple(live),
        arrivals.rows,
        identities.live_count(connection, provider.name, "User"),
        identities.live_count(connection, provider.name, "Group"),
    )


def is_public(row: Listed) -> bool:
    """Whether a request was answered that needs no token, so that it shows that the way is open, and no more."""
    return _needs_no_token(row) and row.status is not None and row.status < 400


def is_let_in(row: Listed) -> bool:
    """Whether a request's address, token and base URL were right, whatever was answered."""
    if _needs_no_token(row) or row.status is None:
        return False
    return row.status not in _NOT_LET_IN and row.status < 500 and row.outcome != _WRONG_VERSION


def is_answered_list(row: Listed) -> bool:
    """Whether a request looked for users or groups, and got its answer."""
    return row.method == "GET" and row.status == 200 and _LIST.fullmatch(row.path) is not None


def refusals(rows: Sequence[Listed]) -> int:
    """How many of the requests were not let in."""
    return sum(not is_public(row) and not is_let_in(row) for row in rows)


def _needs_no_token(row: Listed) -> bool:
    return row.path.lower().startswith(_WITHOUT_TOKEN)
