"""The groups of the simulated company: what a group is, and the ones that exist from the start.

Sizes follow what tenants look like: one group of everybody, a few large ones that grant licences, a group per
department and site, and a long tail of small project groups.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from random import Random

from core.sandbox.organisation import (
    COMMUNITY_GROUPS,
    LICENCE_GROUPS,
    PROJECT_ADJECTIVES,
    PROJECT_NOUNS,
    STAFF_GROUP,
)
from core.sandbox.people import Person, new_object_id

PEOPLE_PER_PROJECT = 15


class GroupKind(StrEnum):
    """Why a group exists."""

    STAFF = "staff"
    DEPARTMENT = "department"
    SITE = "site"
    LICENCE = "licence"
    PROJECT = "project"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Group:
    """A security group with assigned members; its members are kept by the directory."""

    id: str
    display_name: str
    kind: GroupKind


def founding_groups(people: Sequence[Person], rng: Random) -> list[tuple[Group, list[str]]]:
    """Return the groups of these people, each with the ids of its members."""
    ids = [person.id for person in people]
    by_department: dict[str, list[str]] = {}
    by_site: dict[str, list[str]] = {}
    for person in people:
        by_department.setdefault(person.department, []).append(person.id)
        by_site.setdefault(f"Site {person.site.name}", []).append(person.id)
    shares = [(name, [one for one in ids if rng.random() < share]) for name, share in LICENCE_GROUPS]
    teams = list(by_department.values())
    return [
        (_group(STAFF_GROUP, GroupKind.STAFF, rng), ids),
        *((_group(name, GroupKind.DEPARTMENT, rng), found) for name, found in by_department.items()),
        *((_group(name, GroupKind.SITE, rng), found) for name, found in by_site.items()),
        *((_group(name, GroupKind.LICENCE, rng), found) for name, found in shares),
        *((_group(name, GroupKind.COMMUNITY, rng), draw_members(ids, rng)) for name in COMMUNITY_GROUPS),
        *(
            (_group(name, GroupKind.PROJECT, rng), draw_members(rng.choice([ids, *teams]), rng))
            for name, _ in zip(project_names(rng), range(len(ids) // PEOPLE_PER_PROJECT), strict=False)
        ),
    ]


def draw_members(ids: Sequence[str], rng: Random) -> list[str]:
    """Return the members of a small group: usually 4 to 15, rarely up to 60, never more than there are."""
    return rng.sample(ids, min(len(ids), 60, max(1, round(rng.lognormvariate(2.0, 0.7)))))


def project_names(rng: Random) -> Iterator[str]:
    """Yield project group names without end and without repetition, in an order drawn from `rng`."""
    names = [f"{adjective} {noun}" for adjective in PROJECT_ADJECTIVES for noun in PROJECT_NOUNS]
    rng.shuffle(names)
    for phase in count(1):
        yield from (f"Project {name}" if phase == 1 else f"Project {name} {phase}" for name in names)


def _group(display_name: str, kind: GroupKind, rng: Random) -> Group:
    return Group(new_object_id(rng), display_name, kind)
