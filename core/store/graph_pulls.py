"""Pulls as they run: one row for each provider, of its last pull, which a console shows live."""

from dataclasses import dataclass, fields

from sqlalchemy import Connection, select, update

from core.store import tables
from core.store.writer import Transaction

SILENT = 120_000
"""Milliseconds without a word, and without a wait that was told, after which a pull that did not end is no more."""

_PULLS = tables.GraphPull.metadata.tables["graph_pulls"]


@dataclass(frozen=True, slots=True)
class PullRow:
    """One pull; the fields are those of `core.store.tables.pulled.GraphPull`."""

    provider: str
    started_at: int
    beat_at: int
    ended_at: int | None = None
    step: str = ""
    requests: int = 0
    units: int = 0
    waited: int = 0
    waiting_until: int | None = None
    waiting_for: str | None = None

    def is_running(self, now: int) -> bool:
        """Whether it is under way, as far as it tells."""
        return self.ended_at is None and now - max(self.beat_at, self.waiting_until or 0) < SILENT

    def waits(self, now: int) -> bool:
        """Whether it waits just now."""
        return self.is_running(now) and self.waiting_for is not None


_NAMES = [field.name for field in fields(PullRow)]
_LISTED = select(*(_PULLS.c[name] for name in _NAMES))


def begin(tx: Transaction, row: PullRow) -> None:
    """Note that a pull began, in the place of the one before it."""
    tx.execute(tx.backend.upsert(_PULLS, ["provider"]).values({name: getattr(row, name) for name in _NAMES}))


def keep(tx: Transaction, row: PullRow) -> None:
    """Store a pull as it stands now; nothing where another one of the provider began since."""
    values = {name: getattr(row, name) for name in _NAMES if name not in ("provider", "started_at")}
    mine = (_PULLS.c.provider == row.provider, _PULLS.c.started_at == row.started_at)
    tx.execute(update(_PULLS).where(*mine).values(values))


def last(connection: Connection, provider: str) -> PullRow | None:
    """The last pull of a provider; `None` where there was none."""
    found = connection.execute(_LISTED.where(_PULLS.c.provider == provider)).one_or_none()
    return PullRow(*found) if found is not None else None
