"""The small words of sentences for an admin: who somebody is, how many there are, and the first few of many."""

from collections.abc import Sequence

from core.planning.values import SourceUser


def called(user: SourceUser) -> str:
    """The user by display name, else by userName."""
    return user.attributes.get("displayName", "").strip() or user.user_name


def counted(number: int, noun: str) -> str:
    """`1 user`, `2 users`: for nouns whose plural ends in s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Sequence[str], total: int | None = None, shown: int = 5) -> str:
    """The first `shown` names and how many more there are; `total` where `names` is itself only a beginning."""
    more = (len(names) if total is None else total) - len(names[:shown])
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")
