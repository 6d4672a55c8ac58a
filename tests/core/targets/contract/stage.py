"""A product on a stage: what the contract tests need of each, whatever the product.

People and groups are put into it by its own administrators, not through the REST that the target uses; what is in it
is looked at the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.targets.protocol import Target


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is in the product."""

    accounts: Mapping[str, tuple[str, str, bool]]
    """Name → display name, e-mail, whether it is active."""
    groups: frozenset[str]
    memberships: frozenset[tuple[str, str]]
    """Pairs of group and account name."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How many items the target gets with one request at the most, by listing: tests go to these borders."""

    accounts: int
    groups: int
    members: int


class Stage(Protocol):
    """One product with the target that speaks to it."""

    kind: str
    """As in `[[target]]`."""
    target: Target
    pages: Pages

    def person(
        self, name: str, display_name: str = "Some Body", email: str = "some.body@example.com", active: bool = True
    ) -> None:
        """Put an account into the product, without any group beyond what the product gives by itself."""
        ...

    def group(self, name: str, members: Sequence[str] = ()) -> None:
        """Put a group with these accounts, which are there, into the product."""
        ...

    def seen(self) -> Seen:
        """What is in the product now."""
        ...

    def break_next(self, fault: str, *, only_writes: bool = False) -> None:
        """Spoil the answer to the next request: "500", "503", "429", "html" (a page with status 200), "reset-before"
        or "reset-after" (the connection ends without an answer before or after the request was carried out). With
        `only_writes` reads pass, and the next request that is none meets it.
        """
        ...

    def lapse(self) -> None:
        """Let the target's credential stop working."""
        ...
