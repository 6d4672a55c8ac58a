"""What Entra remembers between cycles: the ids it was given, what it last sent, and what is still due.

It is Entra's belief and not the target's state: members are never read back, and an attribute counts as provisioned
once the target has said so. Whatever is due stays due until it was provisioned (Entra's escrow), so that a cycle that
breaks off, or never gets beyond the connection test, loses nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.sandbox.entra.report import Step


@dataclass(frozen=True, slots=True)
class ProvisionedUser:
    """A user as Entra believes the target has it."""

    id: str
    """The target's id for it, which Entra calls the anchor."""
    user_name: str
    active: bool
    display_name: str
    email: str | None
    manager: str | None = None
    """The target's id of the manager."""


@dataclass(frozen=True, slots=True)
class ProvisionedGroup:
    """A group as Entra believes the target has it."""

    id: str
    display_name: str
    members: frozenset[str]
    """The target's ids of the members."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that Entra believes it provisioned, by the target's ids; to be compared with what the target has."""

    users: Mapping[str, ProvisionedUser]
    groups: Mapping[str, ProvisionedGroup]

    def memberships(self) -> frozenset[tuple[str, str]]:
        """Return every membership as a group's displayName and a user's userName."""
        return frozenset(
            (group.display_name, self.users[user_id].user_name)
            for group in self.groups.values()
            for user_id in group.members
        )


@dataclass(slots=True)
class GroupRecord:
    """What Entra keeps of a group that it has provisioned."""

    id: str
    display_name: str
    members: dict[str, None] = field(default_factory=dict)
    """People whose membership was sent, by their ids in the directory."""
    passed_over: set[str] = field(default_factory=set)
    """Members who were not provisioned when their membership came by; Entra forgets them until a restart."""


class Memory:
    """The state of one provisioning job. Keys are ids of the directory unless said otherwise."""

    def __init__(self) -> None:
        self.users: dict[str, ProvisionedUser] = {}
        self.groups: dict[str, GroupRecord] = {}
        self._due: dict[Step, dict[str, None]] = {step: {} for step in Step}
        self._owners: dict[str, str] = {}

    # What is due

    def mark_due(self, step: Step, object_ids: Iterable[str]) -> None:
        """Have objects sent by the next cycle, or by this one if it has not come to the step yet."""
        self._due[step].update(dict.fromkeys(object_ids))

    def settle(self, step: Step, object_id: str) -> None:
        """Take an object off what is due."""
        self._due[step].pop(object_id, None)

    def due(self, step: Step) -> tuple[str, ...]:
        """Return the objects to send in a step, those that wait longest first.

        An object that failed in the step that this one needs is not among them.
        """
        needed = step.needs
        return tuple(one for one in self._due[step] if needed is None or one not in self._due[needed])

    def is_due(self, step: Step, object_id: str) -> bool:
        """Whether an object is due in a step."""
        return object_id in self._due[step]

    def escrowed(self) -> int:
        """Return how many objects are due in any step."""
        return len(set().union(*self._due.values()))

    # What was provisioned

    def owner_of(self, target_id: str) -> str | None:
        """Return which object of the directory a resource of the target belongs to, by the target's id."""
        return self._owners.get(target_id)

    def remember_user(self, person_id: str, user: ProvisionedUser) -> None:
        """Note what the target has of a person."""
        self._owners[user.id] = person_id
        self.users[person_id] = user

    def forget_user(self, person_id: str) -> None:
        """Note that a user is gone from the target, and so from its groups."""
        gone = self.users.pop(person_id)
        del self._owners[gone.id]
        for group in self.groups.values():
            group.members.pop(person_id, None)

    def remember_group(self, group_id: str, target_id: str, display_name: str) -> None:
        """Note that the target has a group of this name; its members stay as noted before."""
        self._owners[target_id] = group_id
        self.groups.setdefault(group_id, GroupRecord(target_id, display_name)).display_name = display_name

    def forget_group(self, group_id: str) -> None:
        """Note that a group is gone from the target."""
        del self._owners[self.groups.pop(group_id).id]

    def forget_passed_over(self) -> None:
        """Have memberships that were passed over looked at again, as a restart of the job does."""
        for group in self.groups.values():
            group.passed_over.clear()

    def snapshot(self) -> Snapshot:
        """Return what was provisioned, as values."""
        groups = (
            ProvisionedGroup(
                group.id, group.display_name, frozenset(self.users[person_id].id for person_id in group.members)
            )
            for group in self.groups.values()
        )
        return Snapshot(
            users=MappingProxyType({user.id: user for user in self.users.values()}),
            groups=MappingProxyType({group.id: group for group in groups}),
        )
