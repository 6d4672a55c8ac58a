"""What is in the simulated tenant's directory, and the logs of how it came to be. `Tenant` changes it."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from core.sandbox.graph.applications import Applications
from core.sandbox.graph.feed import Feed
from core.sandbox.graph.memberships import Memberships
from core.sandbox.graph.objects import DirectoryObject, Group, OtherObject, Sku, User
from core.sandbox.graph.quirks import NO_QUIRKS, Quirks
from core.sandbox.graph.replica import Replica

Clock = Callable[[], float]
"""Seconds since 1970; whoever tests the passing of time gives another than the system's."""


class Contents:
    """Users, groups, memberships, enterprise applications and assignments, and the recycle bin."""

    def __init__(
        self, domain: str = "contoso.example", *, quirks: Quirks = NO_QUIRKS, clock: Clock = time.time
    ) -> None:
        self.domain = domain
        self.clock = clock
        self.quirks = quirks
        self.users: dict[str, User] = {}
        """All users, those in the recycle bin included."""
        self.groups: dict[str, Group] = {}
        """All groups, those in the recycle bin included."""
        self.others: dict[str, OtherObject] = {}
        self.deleted: dict[str, None] = {}
        """Ids of what is in the recycle bin, in the order in which it went there."""
        self.memberships = Memberships()
        self.applications = Applications()
        self.skus: tuple[Sku, ...] = ()
        self.user_feed = Feed()
        self.group_feed = Feed()
        self.replica = Replica()
        self.names: dict[str, str] = {}
        """User principal name, folded → id; names of what is in the recycle bin are free."""
        self.reports: dict[str, dict[str, None]] = {}
        """Manager's id → ids of the reports."""

    def now(self) -> str:
        """The time as Graph writes it."""
        return datetime.fromtimestamp(self.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def object(self, object_id: str) -> DirectoryObject | None:
        """What has that id, unless it is in the recycle bin."""
        if object_id in self.deleted:
            return None
        return (
            self.users.get(object_id)
            or self.groups.get(object_id)
            or self.applications.by_id.get(object_id)
            or self.others.get(object_id)
        )

    def type_of(self, object_id: str) -> str:
        """The OData type of what has, or had, that id; of what is gone for good it is a user's."""
        kinds = self.groups, self.applications.by_id, self.others
        found = next((kind[object_id] for kind in kinds if object_id in kind), None)
        return found.odata_type if found else User.odata_type

    def user_named(self, user_principal_name: str) -> User | None:
        """The user of that name, unless in the recycle bin."""
        found = self.names.get(user_principal_name.casefold())
        return self.users[found] if found else None

    def live_users(self) -> Iterator[User]:
        """All users that are not in the recycle bin, oldest first."""
        return (user for user in self.users.values() if user.id not in self.deleted)

    def live_groups(self) -> Iterator[Group]:
        """All groups that are not in the recycle bin, oldest first."""
        return (group for group in self.groups.values() if group.id not in self.deleted)

    def reports_of(self, user_id: str) -> Iterable[str]:
        """Ids of the users whose manager this user is."""
        return self.reports.get(user_id, {}).keys()

    def members_through_nesting(self, group_id: str) -> list[str]:
        """Ids of all that is in a group or in a group within it."""
        return self.memberships.members_through_nesting(group_id, self.deleted)

    def groups_through_nesting(self, member_id: str) -> list[str]:
        """Ids of all groups that hold it, directly or through another."""
        return self.memberships.groups_through_nesting(member_id, self.deleted)
