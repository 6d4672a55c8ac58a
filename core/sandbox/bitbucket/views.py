"""What only the simulated Bitbucket is given by demo, sandbox and tests, and shows them afterwards: permissions."""

from dataclasses import dataclass

from core.sandbox import views


@dataclass(frozen=True, slots=True)
class LocalAccount(views.LocalAccount):
    """A user that is there before anybody provisions."""

    groups: tuple[str, ...] = ("stash-users",)


@dataclass(frozen=True, slots=True)
class Snapshot(views.Snapshot):
    """All that counts at one moment, sorted by name, with who may log in and what was granted to whom."""

    licensed: frozenset[str]
    """Usernames of those who take a seat: only they may log in."""
    grants: tuple[tuple[str, str], ...]
    """Username → the permission that he was granted by himself."""
