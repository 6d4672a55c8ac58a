"""The simulated directory: people, groups and memberships, and the only ways in which they change.

It is a source that any simulated provider reads (the pushing client and the Graph service alike), so it knows no
protocol. Every change returns the event that the provider's change feed would carry. An event says which object
changed and never how it looks now: a reader takes the present state from the directory, as with Graph's delta.
"""

from collections.abc import Iterable, KeysView
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Self

from core.sandbox.groups import Group, founding_groups
from core.sandbox.people import Person, Recruiter, founding_people

DOMAIN = "contoso.example"


class EventKind(StrEnum):
    """What happened to a person, a group or a membership."""

    HIRED = "hired"
    REHIRED = "rehired"
    DISABLED = "disabled"
    ENABLED = "enabled"
    SOFT_DELETED = "soft-deleted"
    RESTORED = "restored"
    HARD_DELETED = "hard-deleted"
    MOVED = "moved"
    RENAMED = "renamed"
    MANAGER_CHANGED = "manager-changed"
    GROUP_CREATED = "group-created"
    GROUP_RENAMED = "group-renamed"
    GROUP_DELETED = "group-deleted"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the change feed. With a group id the group changed, otherwise the person did."""

    kind: EventKind
    detail: str
    """One line for people to read."""
    person_id: str | None = None
    group_id: str | None = None


class Directory:
    """The directory's present state. Reads are cheap; an id that is not (or no longer) in it raises KeyError."""

    def __init__(self, domain: str = DOMAIN) -> None:
        self.recruiter = Recruiter(domain)
        self._people: dict[str, Person] = {}
        self._former: dict[str, Person] = {}
        self._groups: dict[str, Group] = {}
        self._members: dict[str, dict[str, None]] = {}
        self._groups_of: dict[str, dict[str, None]] = {}
        self._reports: dict[str, dict[str, None]] = {}

    @classmethod
    def seeded(cls, users: int, seed: int) -> Self:
        """Return the directory of a company with `users` people; the same for the same two numbers."""
        rng = Random(seed)
        directory = cls()
        people = founding_people(directory.recruiter, users, rng)
        for person in people:
            directory.hire(replace(person, manager_id=None))
        for person in people:
            if person.manager_id is not None:
                directory.assign_manager(person.id, person.manager_id)
        for group, members in founding_groups(people, rng):
            directory.create_group(group, members)
        return directory

    # What it holds

    @property
    def people(self) -> KeysView[str]:
        """Ids of all people, the soft-deleted included, oldest first."""
        return self._people.keys()

    @property
    def groups(self) -> KeysView[str]:
        """Ids of all groups, oldest first."""
        return self._groups.keys()

    @property
    def former(self) -> tuple[Person, ...]:
        """People who were deleted for good and have not been re-hired."""
        return tuple(self._former.values())

    def person(self, person_id: str) -> Person:
        """Return a person, soft-deleted or not."""
        return self._people[person_id]

    def group(self, group_id: str) -> Group:
        """Return a group."""
        return self._groups[group_id]

    def members(self, group_id: str) -> KeysView[str]:
        """Ids of a group's members in the order in which they joined."""
        return self._members[group_id].keys()

    def groups_of(self, person_id: str) -> KeysView[str]:
        """Ids of the groups that a person is a member of."""
        return self._groups_of[person_id].keys()

    def reports_of(self, person_id: str) -> KeysView[str]:
        """Ids of the people whose manager this person is."""
        return self._reports[person_id].keys()

    # People

    def hire(self, person: Person) -> Event:
        """Add a person; a former one of that name is then no longer former."""
        rehired = self._former.pop(person.user_principal_name, None)
        self._people[person.id] = person
        self._groups_of[person.id] = {}
        self._reports[person.id] = {}
        if person.manager_id is not None:
            self._reports[person.manager_id][person.id] = None
        kind = EventKind.HIRED if rehired is None else EventKind.REHIRED
        return Event(kind, f"{person.display_name} joins {person.department}", person.id)

    def disable(self, person_id: str) -> Event:
        """Block sign-in. Memberships stay, as in Entra."""
        person = self._put(replace(self._people[person_id], account_enabled=False))
        return Event(EventKind.DISABLED, f"{person.display_name} may no longer sign in", person_id)

    def enable(self, person_id: str) -> Event:
        """Allow sign-in again."""
        person = self._put(replace(self._people[person_id], account_enabled=True))
        return Event(EventKind.ENABLED, f"{person.display_name} may sign in again", person_id)

    def soft_delete(self, person_id: str) -> Event:
        """Move a person to the recycle bin. Memberships stay until the object is deleted for good."""
        person = self._put(replace(self._people[person_id], soft_deleted=True))
        return Event(EventKind.SOFT_DELETED, f"{person.display_name} goes to the recycle bin", person_id)

    def restore(self, person_id: str) -> Event:
        """Take a person out of the recycle bin, able to sign in."""
        person = self._put(replace(self._people[person_id], soft_deleted=False, account_enabled=True))
        return Event(EventKind.RESTORED, f"{person.display_name} is restored", person_id)

    def hard_delete(self, person_id: str) -> Event:
        """Delete a person for good, with all memberships; reports are left without a manager."""
        person = self._people.pop(person_id)
        self._former[person.user_principal_name] = person
        for group_id in self._groups_of.pop(person_id):
            del self._members[group_id][person_id]
        for report_id in self._reports.pop(person_id):
            self._people[report_id] = replace(self._people[report_id], manager_id=None)
        if person.manager_id is not None:
            del self._reports[person.manager_id][person_id]
        return Event(EventKind.HARD_DELETED, f"{person.display_name} is deleted for good", person_id)

    def move(self, person_id: str, department: str, job_title: str) -> Event:
        """Give a person another department and job title."""
        person = self._put(replace(self._people[person_id], department=department, job_title=job_title))
        return Event(EventKind.MOVED, f"{person.display_name} moves to {department}", person_id)

    def rename(self, renamed: Person) -> Event:
        """Replace a person by the same one under another name, as `Recruiter.rename` makes it."""
        before = self._people[renamed.id]
        self._people[renamed.id] = renamed
        detail = f"{before.user_principal_name} becomes {renamed.user_principal_name}"
        return Event(EventKind.RENAMED, detail, renamed.id)

    def assign_manager(self, person_id: str, manager_id: str) -> Event:
        """Give a person a manager, or another one."""
        before = self._people[person_id].manager_id
        self._reports[manager_id][person_id] = None
        if before is not None and before != manager_id:
            del self._reports[before][person_id]
        person = self._put(replace(self._people[person_id], manager_id=manager_id))
        detail = f"{person.display_name} now reports to {self._people[manager_id].display_name}"
        return Event(EventKind.MANAGER_CHANGED, detail, person_id)

    # Groups

    def create_group(self, group: Group, members: Iterable[str] = ()) -> Event:
        """Add a group with its first members."""
        self._groups[group.id] = group
        self._members[group.id] = dict.fromkeys(members)
        for person_id in self._members[group.id]:
            self._groups_of[person_id][group.id] = None
        return Event(EventKind.GROUP_CREATED, f"Group “{group.display_name}” is created", group_id=group.id)

    def rename_group(self, group_id: str, display_name: str) -> Event:
        """Give a group another name."""
        before = self._groups[group_id]
        self._groups[group_id] = replace(before, display_name=display_name)
        detail = f"Group “{before.display_name}” becomes “{display_name}”"
        return Event(EventKind.GROUP_RENAMED, detail, group_id=group_id)

    def delete_group(self, group_id: str) -> Event:
        """Delete a group; security groups have no recycle bin."""
        group = self._groups.pop(group_id)
        for person_id in self._members.pop(group_id):
            del self._groups_of[person_id][group_id]
        return Event(EventKind.GROUP_DELETED, f"Group “{group.display_name}” is deleted", group_id=group_id)

    def join(self, group_id: str, person_id: str) -> Event:
        """Make a person a member of a group."""
        self._members[group_id][person_id] = None
        self._groups_of[person_id][group_id] = None
        return self._membership(EventKind.JOINED, "joins", group_id, person_id)

    def leave(self, group_id: str, person_id: str) -> Event:
        """End a membership."""
        del self._members[group_id][person_id]
        del self._groups_of[person_id][group_id]
        return self._membership(EventKind.LEFT, "leaves", group_id, person_id)

    def _membership(self, kind: EventKind, verb: str, group_id: str, person_id: str) -> Event:
        names = self._people[person_id].display_name, self._groups[group_id].display_name
        return Event(kind, f"{names[0]} {verb} “{names[1]}”", person_id, group_id)

    def _put(self, person: Person) -> Person:
        self._people[person.id] = person
        return person
