"""Application access: which groups give access to which application, and who takes a seat of it.

Source: Jira Data Center REST API reference, section Application Role. A seat is an active user in any of the groups.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.sandbox.embedded_crowd import name_key


@dataclass(frozen=True, slots=True)
class ApplicationRole:
    """One licensed application."""

    key: str
    name: str
    groups: tuple[str, ...]
    """An active member of any takes a seat."""
    default_groups: tuple[str, ...]
    """Of `groups`: those that a user joins who is given access."""
    selected_by_default: bool = True
    """A new user gets access unless the request says otherwise."""
    seats: int | None = None
    """None is unlimited."""


SOFTWARE = ApplicationRole(
    "jira-software", "Jira Software", ("jira-software-users", "jira-administrators"), ("jira-software-users",)
)


class Seats:
    """Who takes a seat of which application, kept current user by user, so that a creation never counts them all."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, set[str]] = defaultdict(set)

    def taken(self, role: ApplicationRole) -> int:
        """How many seats are taken."""
        return len(self._taken[role.key])

    def free(self, role: ApplicationRole) -> int | None:
        """How many are left; None is unlimited."""
        return None if role.seats is None else max(0, role.seats - self.taken(role))

    def has(self, role: ApplicationRole, user: str) -> bool:
        """Whether that user takes one."""
        return name_key(user) in self._taken[role.key]

    def reassess(self, user: str, groups: Iterable[str], roles: Iterable[ApplicationRole]) -> None:
        """Note the groups of a user that count; none for one who is not active or not there."""
        belongs = frozenset(groups)
        for role in roles:
            takes = any(name_key(group) in belongs for group in role.groups)
            (self._taken[role.key].add if takes else self._taken[role.key].discard)(name_key(user))
