"""What every step of one pull works with."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.config.graph_settings import GraphSettings
from core.exchange import Attribution, Exchange, attributed
from core.graph.client import Client
from core.graph.queries import PAGE_SIZE
from core.store import Store, Transaction

Tell = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What one pull did."""

    read: dict[str, int] = field(default_factory=dict)
    """Items that feeds told, by feed."""
    phases: dict[str, str] = field(default_factory=dict)
    """What kind of round each feed had."""
    users_created: int = 0
    users_changed: int = 0
    users_removed: int = 0
    groups_created: int = 0
    groups_changed: int = 0
    groups_removed: int = 0
    members_added: int = 0
    members_removed: int = 0
    adopted: int = 0
    """Users and groups that were in the identity store before, and are linked to the directory now."""
    missing: int = 0
    """Users and groups that Graph does not have at present, which proves nothing yet."""


@dataclass(frozen=True, slots=True)
class Session:
    """One pull of one provider."""

    store: Store
    client: Client
    provider: str
    settings: GraphSettings
    targets: Sequence[str]
    tell: Tell
    page_size: int | None = PAGE_SIZE
    """Objects wished for on a page of delta; `None`: as Graph likes it."""
    tally: Tally = field(default_factory=Tally)

    @property
    def preferences(self) -> dict[str, str]:
        """The headers of a request of delta; links do not carry them on."""
        wish = f", odata.maxpagesize={self.page_size}" if self.page_size else ""
        return {"Prefer": f"return=minimal{wish}"}

    @contextmanager
    def kept_exchanges(self) -> Iterator[list[Exchange]]:
        """The exchanges of this block, for the transaction that has their effects; on an error they are logged."""
        kept: list[Exchange] = []
        try:
            with attributed(Attribution(log=kept.append)):
                yield kept
        except BaseException:
            for exchange in kept:
                self.store.writer.log(exchange)
            raise


def logged(tx: Transaction, exchanges: Sequence[Exchange]) -> int | None:
    """Log exchanges with their effects; returns the number of the last, by which the effects name it."""
    numbers = [tx.log(exchange) for exchange in exchanges]
    return numbers[-1] if numbers else None
