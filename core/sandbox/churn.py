"""What happens in a company between two provisioning cycles: hires, leavers, moves, renames and their like.

Each happening changes the directory and returns the events of it, in order. Any mixture is possible except that a
name freed by a deletion is not used again within the same round: a change feed gives no order between two objects,
so no provider could tell the two apart.
"""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from core.sandbox.directory import Directory, Event
from core.sandbox.groups import Group, GroupKind, draw_members, project_names
from core.sandbox.organisation import LICENCE_GROUPS, STAFF_GROUP
from core.sandbox.people import Person, draw_department, new_object_id

_Item = TypeVar("_Item")
_SMALL = (GroupKind.PROJECT, GroupKind.COMMUNITY)


def churn(directory: Directory, rng: Random, share: float) -> list[Event]:
    """Let happenings befall about `share` (0 to 1) of the people, and return their events.

    A round of 16 happenings or more holds every kind at least once, if the directory allows it.
    """
    happenings = round(share * len(directory.people)) or (1 if share > 0 else 0)
    if not directory.people:
        return []
    turnover = _Turnover(directory, rng)
    kinds = turnover.kinds()
    deck = [kind for kind, _ in kinds]
    rng.shuffle(deck)
    weights = [weight for _, weight in kinds]
    further = rng.choices([kind for kind, _ in kinds], weights, k=max(0, happenings - len(deck)))
    return [event for happen in (*deck[:happenings], *further) for event in happen()]


class _Turnover:
    """One round: who may still be picked for what, and the happenings themselves."""

    def __init__(self, directory: Directory, rng: Random) -> None:
        self._directory = directory
        self._rng = rng
        people = [directory.person(person_id) for person_id in directory.people]
        self._active = [person.id for person in people if person.in_service]
        self._disabled = [person.id for person in people if not person.in_service and not person.soft_deleted]
        self._deleted = [person.id for person in people if person.soft_deleted]
        self._former = list(directory.former)
        groups = [directory.group(group_id) for group_id in directory.groups]
        self._small = [group.id for group in groups if group.kind in _SMALL]
        self._joinable = [group.id for group in groups if group.kind is not GroupKind.STAFF]
        self._standing = {group.display_name: group.id for group in groups if group.kind not in _SMALL}
        self._taken = {group.display_name for group in groups}
        self._names = project_names(rng)

    def kinds(self) -> list[tuple[Callable[[], list[Event]], int]]:
        """Every happening with its relative frequency."""
        return [
            (self._hire, 22), (self._leave, 16), (self._move, 12), (self._rename, 6), (self._change_manager, 6),
            (self._join, 12), (self._part, 8), (self._return, 4), (self._bin, 5), (self._unbin, 1),
            (self._purge, 3), (self._rehire, 2), (self._new_project, 2), (self._rename_project, 1),
            (self._end_project, 1), (self._promote, 1),
        ]  # fmt: skip

    # People come and go

    def _hire(self) -> list[Event]:
        return self._enter(self._directory.recruiter.recruit(self._rng))

    def _rehire(self) -> list[Event]:
        former = _take(self._former, self._rng)
        return [] if former is None else self._enter(self._directory.recruiter.rehire(former, self._rng))

    def _enter(self, person: Person) -> list[Event]:
        events = [self._directory.hire(person)]
        if self._active:
            events.append(self._directory.assign_manager(person.id, self._rng.choice(self._active)))
        for name in (STAFF_GROUP, person.department, f"Site {person.site.name}", LICENCE_GROUPS[0][0]):
            if name in self._standing:
                events.append(self._directory.join(self._standing[name], person.id))
        self._active.append(person.id)
        return events

    def _leave(self) -> list[Event]:
        """Block a person's sign-in; the reports go to the person's own manager."""
        person_id = _take(self._active, self._rng) if len(self._active) > 1 else None
        if person_id is None:
            return []
        events = [self._directory.disable(person_id)]
        successor = self._directory.person(person_id).manager_id
        if successor is not None:
            reports = tuple(self._directory.reports_of(person_id))
            events += [self._directory.assign_manager(report, successor) for report in reports]
        return events

    def _return(self) -> list[Event]:
        person_id = _take(self._disabled, self._rng)
        return [] if person_id is None else [self._directory.enable(person_id)]

    def _bin(self) -> list[Event]:
        person_id = _take(self._disabled, self._rng)
        return [] if person_id is None else [self._directory.soft_delete(person_id)]

    def _unbin(self) -> list[Event]:
        person_id = _take(self._deleted, self._rng)
        return [] if person_id is None else [self._directory.restore(person_id)]

    def _purge(self) -> list[Event]:
        person_id = _take(self._deleted, self._rng)
        return [] if person_id is None else [self._directory.hard_delete(person_id)]

    # People change

    def _move(self) -> list[Event]:
        """Move a person to another department, out of the old department's group and into the new one's."""
        if not self._active:
            return []
        person = self._directory.person(self._rng.choice(self._active))
        department = draw_department(self._rng)
        if department.name == person.department:
            return []
        events = [self._directory.move(person.id, department.name, self._rng.choice(department.titles))]
        before, after = self._standing.get(person.department), self._standing.get(department.name)
        memberships = self._directory.groups_of(person.id)
        if before in memberships:
            events.append(self._directory.leave(before, person.id))
        if after is not None and after not in memberships:
            events.append(self._directory.join(after, person.id))
        return events

    def _rename(self) -> list[Event]:
        person = self._directory.person(self._rng.choice(self._active)) if self._active else None
        if person is None or person.guest:
            return []
        return [self._directory.rename(self._directory.recruiter.rename(person, self._rng))]

    def _promote(self) -> list[Event]:
        if not self._active:
            return []
        person = self._directory.person(self._rng.choice(self._active))
        return [self._directory.move(person.id, person.department, f"Principal {person.job_title}")]

    def _change_manager(self) -> list[Event]:
        if len(self._active) < 2:
            return []
        person_id, manager_id = self._rng.sample(self._active, 2)
        if self._leads(person_id, manager_id):
            return []
        return [self._directory.assign_manager(person_id, manager_id)]

    def _leads(self, person_id: str, other_id: str) -> bool:
        above: str | None = other_id
        while above is not None and above != person_id:
            above = self._directory.person(above).manager_id
        return above == person_id

    # Groups

    def _join(self) -> list[Event]:
        if not self._active or not self._joinable:
            return []
        group_id, person_id = self._rng.choice(self._joinable), self._rng.choice(self._active)
        if person_id in self._directory.members(group_id):
            return []
        return [self._directory.join(group_id, person_id)]

    def _part(self) -> list[Event]:
        if not self._active:
            return []
        person_id = self._rng.choice(self._active)
        groups = [group_id for group_id in self._directory.groups_of(person_id) if self._may_part(group_id)]
        return [self._directory.leave(self._rng.choice(groups), person_id)] if groups else []

    def _may_part(self, group_id: str) -> bool:
        return self._directory.group(group_id).kind is not GroupKind.STAFF

    def _new_project(self) -> list[Event]:
        if not self._active:
            return []
        group = Group(new_object_id(self._rng), self._free_name(), GroupKind.PROJECT)
        self._small.append(group.id)
        self._joinable.append(group.id)
        return [self._directory.create_group(group, draw_members(self._active, self._rng))]

    def _rename_project(self) -> list[Event]:
        if not self._small:
            return []
        return [self._directory.rename_group(self._rng.choice(self._small), self._free_name())]

    def _end_project(self) -> list[Event]:
        group_id = _take(self._small, self._rng)
        if group_id is None:
            return []
        self._joinable.remove(group_id)
        return [self._directory.delete_group(group_id)]

    def _free_name(self) -> str:
        name = next(name for name in self._names if name not in self._taken)
        self._taken.add(name)
        return name


def _take(items: list[_Item], rng: Random) -> _Item | None:
    """Take a random item out of a list, in constant time; None if it is empty."""
    if not items:
        return None
    index = rng.randrange(len(items))
    items[index], items[-1] = items[-1], items[index]
    return items.pop()
