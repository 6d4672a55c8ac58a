"""What manciple did before, as far as it decides about what is done next."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.planning.changes import Change


@dataclass(frozen=True, slots=True)
class Undone:
    """A change that undoing made, and that stands."""

    change: Change
    seen: int
    """The last of the IdP's exchanges before it: a later one is news, about which the rules decide again."""


@dataclass(frozen=True, slots=True)
class Released:
    """An account name that manciple took from somebody: what that person left behind may still be tied to it."""

    key: str
    name: str
    user_id: str
    """Whose it was."""
    whose: str
    """That user, for people."""
    external_id: str | None
    """That user's id at the IdP: who has it is the same person, under another id of ours."""
    account_id: str
    how: str
    """`deleted`: the account is gone; `renamed`: it has another name."""
    at: int
    """Milliseconds since 1970-01-01 UTC."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A change that manciple made again and again without having taken it back: somebody else does each time."""

    kind: str
    account_id: str
    group_key: str
    """Empty where it is about no group."""
    after: Mapping[str, str | bool | None] = field(hash=False)
    """What it leaves, as `Change.after` has it."""
    times: tuple[tuple[int, int], ...]
    """The runs that made it, and when; milliseconds since 1970-01-01 UTC."""
